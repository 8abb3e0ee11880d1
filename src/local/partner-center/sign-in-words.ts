import { languageOf, type Language } from './acceptance-words.js';
import type { Person } from './world.js';

export type SignInWords = {
  readonly sandbox: string;
  readonly title: string;
  readonly asks: (app: string) => string;
  readonly meaning: string;
  readonly person: string;
  readonly nobody: string;
  readonly secondFactor: string;
  readonly secondFactorMeaning: string;
  readonly signIn: string;
  readonly cancel: string;
  readonly back: string;
  readonly roles: Readonly<Record<Person['roles'][number] | 'guest' | 'blocked', string>>;
  /** By the name of the permission in small letters; any other is shown by its name. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly trouble: { readonly title: string; readonly sentence: string; readonly requestId: string; readonly correlationId: string; readonly timestamp: string };
  readonly consent: {
    readonly title: string;
    readonly asks: (app: string) => string;
    readonly permissions: string;
    readonly meaning: string;
    readonly points: readonly string[];
    readonly accept: string;
    readonly refused: string;
    readonly notAnAdmin: string;
    readonly nobody: string;
  };
};

export const signInWords: Readonly<Record<Language, SignInWords>> = {
  en: {
    sandbox: 'Sandbox. This page stands in for the Microsoft sign-in page. Nothing here is real, and nobody needs a password.',
    title: 'Sign in',
    asks: (app) => `${app} asks you to sign in.`,
    meaning: 'What it may do afterwards',
    person: 'Sign in as',
    nobody: 'Nobody of this organization lives in this world, so nobody can sign in. Add people to the world, or choose another tenant.',
    secondFactor: 'With a second factor',
    secondFactorMeaning: 'Without it Partner Center takes nothing from this person.',
    signIn: 'Sign in',
    cancel: 'Cancel',
    back: 'Back',
    roles: {
      globalAdmin: 'Global admin', userAdmin: 'User admin', billingAdmin: 'Billing admin', adminAgent: 'Admin agent', salesAgent: 'Sales agent', helpdeskAgent: 'Helpdesk agent', user: 'User', guest: 'guest', blocked: 'blocked',
    },
    permissions: {
      openid: 'Know that it is you',
      profile: 'See your name and your account',
      email: 'See your mail address',
      offline_access: 'Stay signed in for you while you are away',
      'user.read': 'Read your own profile',
      user_impersonation: 'Work in Partner Center as you',
      '.default': 'Use what an administrator has already allowed it',
      'user.read.all': 'Read who the people in your organization are',
      'groupmember.read.all': 'Read which groups there are, and who belongs to them',
      'organization.read.all': 'Read your organization’s country, its subscriptions and who sold each',
      'rolemanagement.read.directory': 'Read which roles people hold, also for a limited time',
      'crosstenantinformation.readbasic.all': 'Find other organizations by their name',
      'policy.read.all': 'Read which partners your organization works with',
      'delegatedadminrelationship.readwrite.all': 'Ask customers for delegated administration',
    },
    trouble: {
      title: 'Sign in', sentence: 'Sorry, but we’re having trouble signing you in.', requestId: 'Request Id', correlationId: 'Correlation Id', timestamp: 'Timestamp',
    },
    consent: {
      title: 'Permissions requested',
      asks: (app) => `${app} asks for permissions for your whole organization.`,
      permissions: 'It would be allowed to',
      meaning: 'What accepting means',
      points: [
        'The app may do this for everyone in your organization; nobody is asked again.',
        'It changes nothing: subscriptions, partners and roles stay as they are.',
        'You can take these permissions back at any time, under Enterprise applications.',
      ],
      accept: 'Accept',
      refused: 'Not accepted',
      notAnAdmin: 'Only a Global admin of your organization can accept these permissions. Nothing has been changed. Sign in as one, or ask one to open this link.',
      nobody: 'This person does not belong to the organization that is asked. Nothing has been changed.',
    },
  },
  tr: {
    sandbox: 'Deneme ortamı. Bu sayfa Microsoft oturum açma sayfasının yerini tutar. Buradaki hiçbir şey gerçek değildir, parola da gerekmez.',
    title: 'Oturum açın',
    asks: (app) => `Oturum açmanızı isteyen uygulama: ${app}.`,
    meaning: 'Uygulama sonrasında neler yapabilir',
    person: 'Oturum açan',
    nobody: 'Bu deneme ortamında bu kuruluştan kimse yok, bu yüzden oturum açılamaz. Ortama kişi ekleyin ya da başka bir kiracı seçin.',
    secondFactor: 'İkinci adımla doğrulama yapılsın',
    secondFactorMeaning: 'Bu doğrulama olmadan İş Ortağı Merkezi bu kişiden hiçbir istek kabul etmez.',
    signIn: 'Oturum aç',
    cancel: 'İptal',
    back: 'Geri',
    roles: {
      globalAdmin: 'Genel yönetici', userAdmin: 'Kullanıcı yöneticisi', billingAdmin: 'Faturalama yöneticisi', adminAgent: 'Yönetici temsilcisi', salesAgent: 'Satış temsilcisi', helpdeskAgent: 'Yardım masası temsilcisi', user: 'Kullanıcı', guest: 'konuk', blocked: 'engellenmiş',
    },
    permissions: {
      openid: 'Sizin siz olduğunuzu bilmek',
      profile: 'Adınızı ve hesabınızı görmek',
      email: 'E-posta adresinizi görmek',
      offline_access: 'Siz yokken de oturumunuzu açık tutmak',
      'user.read': 'Kendi profilinizi okumak',
      user_impersonation: 'İş Ortağı Merkezi’nde sizin adınıza çalışmak',
      '.default': 'Bir yöneticinin daha önce izin verdiklerini kullanmak',
      'user.read.all': 'Kuruluşunuzdaki kişilerin kim olduğunu okumak',
      'groupmember.read.all': 'Hangi grupların olduğunu ve kimlerin üye olduğunu okumak',
      'organization.read.all': 'Kuruluşunuzun ülkesini, aboneliklerini ve her birini kimin sattığını okumak',
      'rolemanagement.read.directory': 'Kimin hangi rolde olduğunu okumak (süreli roller dahil)',
      'crosstenantinformation.readbasic.all': 'Başka kuruluşları adlarıyla bulmak',
      'policy.read.all': 'Kuruluşunuzun hangi iş ortaklarıyla çalıştığını okumak',
      'delegatedadminrelationship.readwrite.all': 'Müşterilerden temsilci yönetimi istemek',
    },
    trouble: {
      title: 'Oturum açın', sentence: 'Üzgünüz, oturumunuzu açarken bir sorunla karşılaştık.', requestId: 'İstek kimliği', correlationId: 'Bağıntı kimliği', timestamp: 'Zaman',
    },
    consent: {
      title: 'İzinler isteniyor',
      asks: (app) => `Tüm kuruluşunuz için izin isteyen uygulama: ${app}.`,
      permissions: 'Uygulamanın yapabilecekleri',
      meaning: 'Kabul etmek ne anlama gelir',
      points: [
        'Uygulama bunları kuruluşunuzdaki herkes için yapabilir; başka kimseye sorulmaz.',
        'Hiçbir şey değişmez: abonelikler, iş ortakları ve roller olduğu gibi kalır.',
        'Bu izinleri istediğiniz zaman Kurumsal uygulamalar bölümünden geri alabilirsiniz.',
      ],
      accept: 'Kabul et',
      refused: 'Kabul edilmedi',
      notAnAdmin: 'Bu izinleri yalnızca kuruluşunuzun Genel yöneticisi kabul edebilir. Hiçbir şey değişmedi. Genel yönetici olarak oturum açın ya da bu bağlantıyı ona iletin.',
      nobody: 'Bu kişi sorulan kuruluşta değil. Hiçbir şey değişmedi.',
    },
  },
};

/** What the page was opened in, what the app asks for (`ui_locales`, best first), else what the browser prefers. */
export const languageIn = (query: URLSearchParams, acceptLanguage: string | undefined): Language =>
  languageOf(query.get('lang'), [...(query.get('ui_locales') ?? '').split(' '), acceptLanguage ?? ''].join(','));
