import type { Refusal } from './acceptance.js';
import type { ApprovalRefusal } from './approval.js';

export type Language = 'en' | 'tr';

export type Words = {
  readonly sandbox: string;
  readonly title: string;
  readonly asks: (partner: string, domain: string) => string;
  /** An indirect reseller and its provider, in one. */
  readonly together: {
    readonly asks: (reseller: string, resellerDomain: string, provider: string, providerDomain: string) => string;
    readonly point: (reseller: string, provider: string) => string;
    readonly done: (reseller: string, provider: string, customer: string, since: Date) => string;
  };
  readonly meaning: string;
  readonly points: readonly string[];
  readonly withoutAdmin: string;
  readonly withAdmin: string;
  readonly signedInAs: string;
  readonly roles: Readonly<Record<'globalAdmin' | 'billingAdmin' | 'user' | 'guest', string>>;
  readonly accept: string;
  readonly accepted: string;
  readonly already: string;
  readonly refused: string;
  readonly done: (partner: string, customer: string, since: Date) => string;
  readonly back: string;
  readonly notFound: string;
  readonly why: Readonly<Record<Refusal, string>>;
  /** The page for delegated administration. */
  readonly approval: {
    readonly title: string;
    readonly asks: (partner: string, domain: string) => string;
    readonly name: string;
    readonly duration: string;
    readonly days: (count: number) => string;
    readonly atTheEnd: string;
    readonly extends: string;
    readonly ends: string;
    readonly roles: string;
    readonly allOrNone: string;
    readonly meaning: string;
    readonly points: readonly string[];
    readonly approve: string;
    readonly accepted: string;
    readonly already: string;
    readonly refused: string;
    readonly done: (partner: string, customer: string) => string;
    readonly alreadyDone: (partner: string) => string;
    readonly notFound: string;
    readonly why: Readonly<Record<ApprovalRefusal, string>>;
  };
};

const date = (locale: string) => {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return (at: Date): string => `${format.format(at)} UTC`;
};
const [enDate, trDate] = [date('en-GB'), date('tr-TR')];

export const words: Readonly<Record<Language, Words>> = {
  en: {
    sandbox: 'Sandbox. This page stands in for the Microsoft 365 admin center. Nothing here is real.',
    title: 'Accept a partner',
    asks: (partner, domain) => `${partner} (${domain}) asks for a reseller relationship with your organization.`,
    together: {
      asks: (reseller, resellerDomain, provider, providerDomain) =>
        `${reseller} (${resellerDomain}) and its indirect provider ${provider} (${providerDomain}) ask for a reseller relationship with your organization.`,
      point: (reseller, provider) => `You accept both together: ${provider} sells, and ${reseller} is the partner you deal with.`,
      done: (reseller, provider, customer, since) => `${reseller} and its indirect provider ${provider} are partners of ${customer} since ${enDate(since)}. You can close this page.`,
    },
    meaning: 'What accepting means',
    points: [
      'The partner may offer you Microsoft products and place the orders you agree to.',
      'It sees your organization in its customer list, and only the subscriptions it sells to you itself.',
      'Your existing subscriptions, their terms and your other partners stay as they are.',
      'You agree to the Microsoft Customer Agreement, unless you already have.',
    ],
    withoutAdmin: 'The partner gets no administrator permissions with this.',
    withAdmin: 'In this cloud the partner gets delegated administrator permissions as well.',
    signedInAs: 'Signed in as',
    roles: { globalAdmin: 'Global admin', billingAdmin: 'Billing admin', user: 'User', guest: 'guest' },
    accept: 'Accept',
    accepted: 'Accepted',
    already: 'Already accepted',
    refused: 'Not accepted',
    done: (partner, customer, since) => `${partner} is a partner of ${customer} since ${enDate(since)}. You can close this page.`,
    back: 'Back',
    notFound: 'This invitation does not exist.',
    why: {
      notAGlobalAdmin: 'Only a Global admin of your organization can accept a partner.',
      guest: 'A guest account cannot accept a partner.',
      notAPartner: 'This organization is not a Cloud Solution Provider partner.',
      ownTenant: 'A partner cannot be its own customer.',
      cspTenant: 'Your organization is itself a Cloud Solution Provider partner, and a partner cannot resell to another partner.',
      otherCloud: 'The partner and your organization are in different Microsoft clouds.',
      otherMarket: 'The partner cannot sell in the market of your organization.',
      notItsProvider: 'The second company is not an indirect provider of this partner.',
      otherRegion: 'The partner and its indirect provider are in different regions.',
    },
    approval: {
      title: 'Approve partner roles',
      asks: (partner, domain) => `${partner} (${domain}) asks for granular delegated admin privileges in your organization.`,
      name: 'Relationship',
      duration: 'Duration',
      days: (count) => (count === 1 ? '1 day' : `${count} days`),
      atTheEnd: 'At the end',
      extends: 'Auto-extend is on: the relationship goes on by 180 days each time, until one side ends it.',
      ends: 'Auto-extend is off: the relationship expires by itself.',
      roles: 'Requested Microsoft Entra roles',
      allOrNone: 'You approve all of these roles or none of them.',
      meaning: 'What stays the same',
      points: [
        'Your subscriptions, their terms and who sells them stay as they are.',
        'Your other partners keep what you have given them.',
        'Your own administrators keep all their roles, and one of them can remove these roles at any time.',
      ],
      approve: 'Approve all',
      accepted: 'Approved',
      already: 'Already approved',
      refused: 'Not approved',
      done: (partner, customer) => `${customer} has approved the roles of ${partner}. They are active in a moment. You can close this page.`,
      alreadyDone: (partner) => `The roles of ${partner} have been approved before. Nothing is left to do.`,
      notFound: 'This request does not exist, or it was not answered for 90 days.',
      why: {
        notAGlobalAdmin: 'Only a Global admin of your organization can approve delegated admin privileges.',
        guest: 'A guest account cannot approve delegated admin privileges.',
        wrongTenant: 'This request is meant for another organization.',
        ownTenant: 'A partner cannot be its own customer.',
        cspTenant: 'Your organization is itself a Cloud Solution Provider partner.',
        otherCloud: 'The partner and your organization are in different Microsoft clouds.',
        linkUsed: 'This link was already used, and what was approved with it has ended.',
        partnerConsent: 'Another company has prepared this request for the partner, and the partner has not agreed to it yet.',
      },
    },
  },
  tr: {
    sandbox: 'Deneme ortamı. Bu sayfa Microsoft 365 yönetim merkezinin yerini tutar. Buradaki hiçbir şey gerçek değildir.',
    title: 'İş ortağını kabul edin',
    asks: (partner, domain) => `${partner} (${domain}) kuruluşunuzla bayi ilişkisi kurmak istiyor.`,
    together: {
      asks: (reseller, resellerDomain, provider, providerDomain) =>
        `${reseller} (${resellerDomain}) ve dolaylı sağlayıcısı ${provider} (${providerDomain}) kuruluşunuzla bayi ilişkisi kurmak istiyor.`,
      point: (reseller, provider) => `İkisini birlikte kabul edersiniz: satışı dolaylı sağlayıcı (${provider}) yapar, muhatabınız dolaylı kurumsal bayidir (${reseller}).`,
      done: (reseller, provider, customer, since) =>
        `İş ortağı (${reseller}) ve dolaylı sağlayıcısı (${provider}) ile kuruluş (${customer}) arasındaki ilişki ${trDate(since)} tarihinde başladı. Bu sayfayı kapatabilirsiniz.`,
    },
    meaning: 'Kabul etmek ne anlama gelir',
    points: [
      'İş ortağı size Microsoft ürünleri sunabilir ve onayladığınız siparişleri verebilir.',
      'Kuruluşunuzu müşteri listesinde, aboneliklerinizden de yalnızca kendi sattıklarını görür.',
      'Mevcut abonelikleriniz, koşulları ve diğer iş ortaklarınız olduğu gibi kalır.',
      'Daha önce kabul etmediyseniz Microsoft Müşteri Sözleşmesini kabul etmiş olursunuz.',
    ],
    withoutAdmin: 'İş ortağı bununla hiçbir yönetici izni almaz.',
    withAdmin: 'Bu bulutta iş ortağı, temsilci yönetici izinlerini de alır.',
    signedInAs: 'Oturum açan',
    roles: { globalAdmin: 'Genel yönetici', billingAdmin: 'Faturalama yöneticisi', user: 'Kullanıcı', guest: 'konuk' },
    accept: 'Kabul et',
    accepted: 'Kabul edildi',
    already: 'Zaten kabul edilmiş',
    refused: 'Kabul edilmedi',
    done: (partner, customer, since) => `İş ortağı (${partner}) ile kuruluş (${customer}) arasındaki ilişki ${trDate(since)} tarihinde başladı. Bu sayfayı kapatabilirsiniz.`,
    back: 'Geri',
    notFound: 'Böyle bir davet yok.',
    why: {
      notAGlobalAdmin: 'Bir iş ortağını yalnızca kuruluşunuzun Genel yöneticisi kabul edebilir.',
      guest: 'Konuk hesaplar iş ortağı kabul edemez.',
      notAPartner: 'Bu kuruluş bir Bulut Çözümü Sağlayıcısı iş ortağı değil.',
      ownTenant: 'Bir iş ortağı kendi müşterisi olamaz.',
      cspTenant: 'Kuruluşunuzun kendisi bir Bulut Çözümü Sağlayıcısı iş ortağı; bir iş ortağı başka bir iş ortağına yeniden satış yapamaz.',
      otherCloud: 'İş ortağı ile kuruluşunuz farklı Microsoft bulutlarında.',
      otherMarket: 'İş ortağı, kuruluşunuzun bulunduğu pazarda satış yapamaz.',
      notItsProvider: 'İkinci şirket bu iş ortağının dolaylı sağlayıcısı değil.',
      otherRegion: 'İş ortağı ile dolaylı sağlayıcısı farklı bölgelerde.',
    },
    approval: {
      title: 'İş ortağının rollerini onaylayın',
      asks: (partner, domain) => `${partner} (${domain}) kuruluşunuzda ayrıntılı temsilci yönetici ayrıcalıkları istiyor.`,
      name: 'İlişki',
      duration: 'Süre',
      days: (count) => `${count} gün`,
      atTheEnd: 'Süre sonunda',
      extends: 'Otomatik uzatma açık: taraflardan biri sonlandırana kadar ilişki her seferinde 180 gün uzar.',
      ends: 'Otomatik uzatma kapalı: ilişki kendiliğinden sona erer.',
      roles: 'İstenen Microsoft Entra rolleri',
      allOrNone: 'Bu rollerin ya tümünü onaylarsınız ya da hiçbirini.',
      meaning: 'Neler aynı kalır',
      points: [
        'Abonelikleriniz, koşulları ve bunları size satanlar olduğu gibi kalır.',
        'Diğer iş ortaklarınız, kendilerine verdiklerinizi korur.',
        'Kendi yöneticileriniz tüm rollerini korur ve bu rolleri istedikleri zaman kaldırabilir.',
      ],
      approve: 'Tümünü onayla',
      accepted: 'Onaylandı',
      already: 'Zaten onaylanmış',
      refused: 'Onaylanmadı',
      done: (partner, customer) => `Kuruluş (${customer}), iş ortağının (${partner}) rollerini onayladı. Roller birazdan etkinleşir. Bu sayfayı kapatabilirsiniz.`,
      alreadyDone: (partner) => `İş ortağının (${partner}) rolleri daha önce onaylanmış. Yapmanız gereken bir şey yok.`,
      notFound: 'Böyle bir istek yok ya da istek 90 gün boyunca yanıtlanmadı.',
      why: {
        notAGlobalAdmin: 'Temsilci yönetici ayrıcalıklarını yalnızca kuruluşunuzun Genel yöneticisi onaylayabilir.',
        guest: 'Konuk hesaplar temsilci yönetici ayrıcalıklarını onaylayamaz.',
        wrongTenant: 'Bu istek başka bir kuruluşa gönderilmiş.',
        ownTenant: 'Bir iş ortağı kendi müşterisi olamaz.',
        cspTenant: 'Kuruluşunuzun kendisi bir Bulut Çözümü Sağlayıcısı iş ortağı.',
        otherCloud: 'İş ortağı ile kuruluşunuz farklı Microsoft bulutlarında.',
        linkUsed: 'Bu bağlantı daha önce kullanılmış ve onunla onaylananlar sona ermiş.',
        partnerConsent: 'Bu isteği iş ortağı için başka bir şirket hazırlamış; iş ortağı henüz onay vermedi.',
      },
    },
  },
};

/** What the address asks for, else what the browser prefers. */
export const languageOf = (asked: string | null, acceptLanguage: string | undefined): Language => {
  if (asked === 'en' || asked === 'tr') return asked;
  const preferred = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase()).find((one) => one === 'en' || one === 'tr');
  return preferred === 'tr' ? 'tr' : 'en';
};
