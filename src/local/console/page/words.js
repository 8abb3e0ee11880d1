import { kept, keep } from './kept.js';

const en = {
  product: 'Partner invitations', bot: 'Partner Invitations',
  locale: 'en-GB', trial: 'Trial', trialMeans: 'Everything runs on this machine; Microsoft’s side is a sandbox.',
  skip: 'Skip to the message box', tools: 'Story, time and appearance',
  play: 'Play the story', stop: 'Stop',
  clockIs: 'Business time:', clockMeans: 'Move the business clock. Reminders and expiry follow it.',
  plusHour: '+1 hour', plusDay: '+1 day', plusMonth: '+30 days', plusQuarter: '+90 days',
  theme: 'Light or dark', reset: 'Start over', otherLanguage: 'Türkçe', otherLanguageTag: 'tr',
  cancel: 'Cancel',
  resetTitle: 'Start over?', resetText: 'Every chat, invitation and relationship on this machine is forgotten, and the sandbox goes back to its first day.',
  playTitle: 'Play the story?', playText: 'The story begins on the first day: every chat and invitation on this machine is forgotten.', playYes: 'Play',
  offline: 'The bot is not answering. This page comes back by itself.',
  whoseScreen: 'Whose screen', chatOf: (name) => `Chat of ${name}`, seatOf: { left: 'Who sits on the left', right: 'Who sits on the right' },
  roles: { globalAdmin: 'Global admin', userAdmin: 'User admin', salesAgent: 'Sales agent', adminAgent: 'Admin agent', helpdeskAgent: 'Helpdesk agent', billingAdmin: 'Billing admin', user: 'User' },
  guest: 'Guest', noRole: 'No role', hasApp: 'app installed', hasNoApp: 'no app yet', partner: 'Partner', customer: 'Customer', usGov: 'US Government', china21Vianet: 'China (21Vianet)',
  absentTitle: (name) => `${name} has not installed the app`,
  absentText: 'The bot cannot write to this person until it is installed, just as in Teams.',
  install: 'Install the app', uninstallFor: (name) => `Uninstall the app for ${name}`,
  empty: (name) => `Nothing said yet. Write as ${name}, or take one of the suggestions.`,
  writeAs: (name) => `Message as ${name}`, placeholder: 'Type a message', send: 'Send', suggestions: 'Suggestions',
  unsent: 'The bot could not be reached.', retry: 'Try again',
  updated: 'Updated', typing: 'is typing', newMessage: 'New message',
  unreachable: 'Unable to reach app.', wentWrong: 'Something went wrong.', cardBroken: 'This card cannot be shown.', more: 'More options',
  story: {
    start: 'Two companies, one bot. On the left Fabrikam sells; on the right Contoso decides.',
    ask: (agent, customer) => `${agent} wants ${customer} as a customer and says why.`,
    preview: 'The bot found the tenant and asked every rule. Nothing has left the house yet.',
    sent: (admin) => `Sent. ${admin} gets one card. It opens with what stays the same.`,
    approve: (admin) => `${admin} approves. That is recorded; it is not the end.`,
    microsoft: 'One step is left, and it is Microsoft’s own. No bot can take it for anybody.',
    accepted: 'Accepted on Microsoft’s page. Now the bot looks there and believes only what it sees.',
    told: 'Confirmed by Microsoft. Both sides are told, each in its own language.',
    proof: 'And the proof: what the customer had before is the same as it was.',
    end: 'That was one invitation. Now you: write, press, decline, move the clock.',
    lost: 'The story lost its thread here. Start over and play it again, or go on by hand.',
    page: 'Microsoft 365 admin center (sandbox)', pageText: (partner) => `${partner} asks to be your partner.`, pageAccept: 'Accept',
  },
};

const tr = {
  product: 'İş ortağı davetleri', bot: 'Partner Invitations',
  locale: 'tr-TR', trial: 'Deneme', trialMeans: 'Her şey bu bilgisayarda çalışır; Microsoft tarafı bir deneme ortamıdır.',
  skip: 'İleti kutusuna geç', tools: 'Öykü, zaman ve görünüm',
  play: 'Öyküyü oynat', stop: 'Durdur',
  clockIs: 'İş zamanı:', clockMeans: 'İş saatini ilerletin. Hatırlatmalar ve süreler ona göre işler.',
  plusHour: '+1 saat', plusDay: '+1 gün', plusMonth: '+30 gün', plusQuarter: '+90 gün',
  theme: 'Açık ya da koyu', reset: 'Baştan başla', otherLanguage: 'English', otherLanguageTag: 'en',
  cancel: 'Vazgeç',
  resetTitle: 'Baştan başlansın mı?', resetText: 'Bu bilgisayardaki bütün sohbetler, davetler ve bayi ilişkileri silinir; deneme ortamı ilk güne döner.',
  playTitle: 'Öykü oynatılsın mı?', playText: 'Öykü ilk günden başlar: bu bilgisayardaki bütün sohbetler ve davetler silinir.', playYes: 'Oynat',
  offline: 'Bot yanıt vermiyor. Bu sayfa bağlantı gelince kendiliğinden devam eder.',
  whoseScreen: 'Kimin ekranı', chatOf: (name) => `Sohbet: ${name}`, seatOf: { left: 'Solda oturan', right: 'Sağda oturan' },
  roles: { globalAdmin: 'Genel yönetici', userAdmin: 'Kullanıcı yöneticisi', salesAgent: 'Satış aracısı', adminAgent: 'Yönetici aracısı', helpdeskAgent: 'Yardım masası aracısı', billingAdmin: 'Faturalama yöneticisi', user: 'Kullanıcı' },
  guest: 'Konuk', noRole: 'Rolü yok', hasApp: 'uygulama yüklü', hasNoApp: 'uygulama yok', partner: 'İş ortağı', customer: 'Müşteri', usGov: 'ABD Kamu', china21Vianet: 'Çin (21Vianet)',
  absentTitle: (name) => `Uygulama yüklü değil: ${name}`,
  absentText: 'Teams’te olduğu gibi, uygulama yüklenmeden bot bu kişiye yazamaz.',
  install: 'Uygulamayı yükle', uninstallFor: (name) => `Uygulamayı kaldır: ${name}`,
  empty: (name) => `Henüz bir şey yazılmadı. Yazan: ${name}. Önerilerden birini de seçebilirsiniz.`,
  writeAs: (name) => `İleti, yazan: ${name}`, placeholder: 'Bir ileti yazın', send: 'Gönder', suggestions: 'Öneriler',
  unsent: 'Bota ulaşılamadı.', retry: 'Yeniden dene',
  updated: 'Güncellendi', typing: 'yazıyor', newMessage: 'Yeni ileti',
  unreachable: 'Uygulamaya ulaşılamıyor.', wentWrong: 'Bir sorun oluştu.', cardBroken: 'Bu kart gösterilemiyor.', more: 'Diğer seçenekler',
  story: {
    start: 'İki şirket, bir bot. Solda Fabrikam satıyor, sağda Contoso karar veriyor.',
    ask: (agent, customer) => `${agent} yeni bir müşteri davet ediyor (${customer}) ve nedenini yazıyor.`,
    preview: 'Bot kiracıyı buldu, bütün kurallara baktı. Henüz hiçbir şey gönderilmedi.',
    sent: (admin) => `Gönderildi. ${admin} tek bir kart alıyor. Kart, değişmeyecek olanlarla başlıyor.`,
    approve: (admin) => `${admin} onaylıyor. Karar kaydedildi; iş daha bitmedi.`,
    microsoft: 'Bir adım kaldı, o da Microsoft’ta. Bu adımı kimsenin yerine bot atamaz.',
    accepted: 'Microsoft’un sayfasında kabul edildi. Bot şimdi oraya bakar ve yalnızca gördüğüne inanır.',
    told: 'Microsoft doğruladı. İki tarafa da kendi dilinde haber verildi.',
    proof: 'Ve kanıtı: müşterinin önceden sahip oldukları olduğu gibi duruyor.',
    end: 'Bir davetin öyküsü buydu. Sıra sizde: yazın, düğmelere basın, reddedin, saati ilerletin.',
    lost: 'Öykü burada yarım kaldı. Baştan başlayıp yeniden oynatın ya da elle sürdürün.',
    page: 'Microsoft 365 yönetim merkezi (deneme ortamı)', pageText: (partner) => `İş ortağınız olmak isteyen: ${partner}`, pageAccept: 'Kabul et',
  },
};

const books = { en, tr };
const spoken = new Set();
let language = kept('language') ?? (navigator.language.toLowerCase().startsWith('tr') ? 'tr' : 'en');

export const words = () => books[language];
export const languageTag = () => language;

/** Writes now, and again whenever the language changes for as long as the node is on the page. */
export const inWords = (node, write) => {
  write(words());
  spoken.add({ node, write });
};

export const speak = (tag) => {
  language = tag in books ? tag : 'en';
  keep('language', language);
  document.documentElement.lang = language;
  document.title = words().product;
  for (const one of spoken) {
    if (one.node.isConnected) one.write(words());
    else spoken.delete(one);
  }
};

/** What the page's own markup says. */
export const speakMarkup = (root) => {
  for (const node of root.querySelectorAll('[data-say]')) inWords(node, (said) => { node.textContent = said[node.dataset.say]; });
  for (const node of root.querySelectorAll('[data-say-label]')) {
    inWords(node, (said) => {
      node.setAttribute('aria-label', said[node.dataset.sayLabel]);
      if (node.matches('button')) node.title = said[node.dataset.sayLabel];
    });
  }
};
