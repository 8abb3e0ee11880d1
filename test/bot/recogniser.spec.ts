import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fold } from '../../src/domain/fold.js';
import { asTyped, recognise, type Wish } from '../../src/bot/recogniser.js';
import { guid } from '../helpers/builders.js';
import { en } from '../../src/bot/words/en.js';
import { tr } from '../../src/bot/words/tr.js';

const intentOf = (text: string): Wish['intent'] => recognise(text).intent;
const aboutOf = (text: string): string => {
  const wish = recognise(text);
  return 'about' in wish ? wish.about : assert.fail(`${text} is about nothing`);
};
const invitationIn = (text: string): Partial<Extract<Wish, { intent: 'invite' }>> => {
  const wish = recognise(text);
  return wish.intent === 'invite' ? wish : assert.fail(`${text} is understood as ${wish.intent}`);
};

/** What people write on a keyboard without Turkish letters. */
const inAscii = (text: string): string => text.replace(/[çğıöşüÇĞİÖŞÜ]/g, (letter) => 'cgiosuCGIOSU'['çğıöşüÇĞİÖŞÜ'.indexOf(letter)] ?? '');

const sayings: readonly (readonly [Wish['intent'], readonly string[]])[] = [
  ['help', ['help', 'menu', 'what can you do', 'what can I do', '?', 'yardım', 'menü', 'ne yapabilirsin', 'komutlar']],
  ['greeting', ['hi', 'hello', 'merhaba', 'selam', 'günaydın']],
  ['helpInvite', ['help invite', 'davet yardım', 'nasıl davet ederim']],
  ['thanks', ['thanks', 'thank you', 'teşekkürler', 'sağ ol']],
  ['whoAmI', ['who am I', 'my role', 'what am I allowed to do', 'whoami', 'ben kimim', 'rolüm ne', 'yetkim ne']],
  ['invite', ['invite customer', 'invite contoso.com', 'add a customer', 'new customer', 'request a relationship with contoso.com', 'send an invitation to contoso.com', 'we want to invite a customer', 'müşteri davet et', 'contoso.com’u davet et', 'müşteri ekle', 'yeni müşteri', 'davet gönder', 'contoso.com ile ilişki iste', 'müşteri davet etmek istiyorum']],
  ['pending', ['pending', 'show pending', 'pending requests', 'what is waiting', 'what’s waiting?', 'open invitations', 'anything for me', 'bekleyenler', 'bekleyen istekler', 'bekleyen davetler', 'bekleyenleri göster', 'bende bekleyen var mı']],
  ['status', ['status', 'status of Contoso', 'PR-7K3-F9M?', 'did Contoso accept', 'where are we with Contoso', 'what is the status of PR-7K3-F9M', 'durum', 'Contoso ne durumda', 'PR-7K3-F9M durumu', 'Contoso’nun durumu', 'Contoso kabul etti mi', 'open', 'open it', 'open Contoso', 'show', 'aç', 'kartı aç', 'Contoso’yu aç', 'PR-7K3-F9M aç', 'göster']],
  ['approve', ['approve', 'accept', 'yes approve PR-7K3-F9M', 'allow Fabrikam', 'onayla', 'kabul et', 'kabul ediyorum', 'onaylıyorum', 'PR-7K3-F9M’yi onayla', 'onayla PR-7K3-F9M', 'Fabrikam’a izin ver']],
  ['decline', ['decline', 'reject', 'refuse', 'deny', 'reddet', 'reddediyorum', 'kabul etmiyoruz', 'istemiyoruz', 'reddet PR-7K3-F9M']],
  ['partners', ['my partners', 'show my partners', 'who works for us', 'which partners have access', 'who sold our licences', 'what can Fabrikam do?', 'Fabrikam neler yapabilir?', 'iş ortaklarım', 'iş ortaklarımı göster', 'kimlerle çalışıyoruz', 'kimin erişimi var', 'lisansları kim sattı']],
  ['customers', ['my customers', 'show my customers', 'list customers', 'my customers expiring', 'find Tailspin', 'müşterilerim', 'müşterilerimi göster', 'müşteri listesi', 'yakında biten müşterilerim', 'Contoso’yu bul']],
  ['remind', ['remind Contoso', 'nudge PR-7K3-F9M', 'chase PR-7K3-F9M', 'PR-7K3-F9M hatırlat', 'Contoso’ya hatırlat']],
  ['withdraw', ['withdraw PR-7K3-F9M', 'take back PR-7K3-F9M', 'recall PR-7K3-F9M', 'geri çek PR-7K3-F9M', 'PR-7K3-F9M geri çek', 'daveti geri çek']],
  ['ask', ['ask the partner about PR-7K3-F9M', 'question about PR-7K3-F9M', 'soru sor PR-7K3-F9M', 'iş ortağına sor PR-7K3-F9M', 'ask', 'ask Fabrikam', 'ask why do you need these rights?', 'why do they need this?', 'Fabrikam’a sor', 'sor: bu neden gerekli?', 'bu neden gerekli?']],
  ['answer', ['answer', 'reply PR-7K3-F9M', 'answer PR-7K3-F9M: we never approve by mail', 'yanıtla', 'PR-7K3-F9M yanıtla Azure yedekleme', 'cevapla PR-7K3-F9M']],
  ['proof', ['proof', 'prove it', 'prove that nothing changed', 'what changed?', 'did anything change?', 'did my subscriptions change?', 'proof for Contoso', 'kanıt', 'kanıtla', 'hiçbir şeyin değişmediğini kanıtla', 'ne değişti?', 'bir şey değişti mi?', 'aboneliklerim değişti mi?', 'Contoso kanıtı']],
  ['forward', ['forward PR-7K3-F9M', 'delegate PR-7K3-F9M', 'PR-7K3-F9M yönlendir']],
  ['removeAccess', ['remove access Fabrikam', 'revoke access of Fabrikam', 'take away Fabrikam’s access', 'Fabrikam erişimini kaldır', 'Fabrikam’ın erişimini kaldır', 'erişimi kaldır Fabrikam', 'Fabrikam’ın yetkilerini kaldır']],
  ['endRelationship', ['end relationship with Fabrikam', 'stop working with Fabrikam', 'birlikte çalışmayı sonlandır Fabrikam', 'Fabrikam ile çalışmayı bırak']],
  ['removeOrEnd', ['remove Fabrikam', 'remove partner Fabrikam', 'iş ortağını kaldır', 'Fabrikam’ı kaldır']],
  ['renew', ['renew Contoso', 'extend Contoso', 'süreyi uzat Contoso', 'Contoso için süreyi uzat']],
  ['history', ['audit PR-7K3-F9M', 'history PR-7K3-F9M', 'who approved PR-7K3-F9M', 'denetim kaydı PR-7K3-F9M', 'PR-7K3-F9M geçmişi', 'kim onayladı PR-7K3-F9M']],
  ['receipt', ['receipt PR-7K3-F9M', 'belge PR-7K3-F9M']],
  ['stopRequests', ['stop requests from Fabrikam', 'Fabrikam isteklerini durdur']],
  ['allowRequests', ['allow requests from Fabrikam', 'Fabrikam isteklerine izin ver']],
  ['nameCustomer', ['call contoso.com Acme']],
  ['whoDecides', ['who can do what', 'who can approve', 'who can approve here?', 'permissions', 'yetkiler', 'kim ne yapabilir', 'kim onaylayabilir', 'kim karar verebilir']],
  ['explain', ['explain', 'explain multi-partner', 'will my subscriptions change?', 'will the customer’s subscriptions change?', 'müşterinin abonelikleri değişir mi?', 'what stays the same?', 'neler değişmez?', 'can a partner buy from a partner', 'what changes if I approve', 'açıkla', 'çoklu iş ortağı nedir', 'aboneliklerim değişir mi?', 'transfer', 'abonelik taşıma', 'temsilci yönetim']],
  ['why', ['why?', 'why was it refused', 'neden', 'neden reddedildi']],
  ['language', ['speak English', 'switch to Turkish', 'Türkçe konuş', 'İngilizceye geç', 'English', 'Türkçe']],
  ['cancel', ['cancel', 'stop', 'never mind', 'back', 'cancel invitation', 'vazgeç', 'geri', 'iptal', 'daveti iptal et', 'boş ver', 'dur']],
  ['mail', ['mail PR-7K3-F9M', 'e-posta PR-7K3-F9M']],
  ['look', ['I accepted', 'look again', 'kabul ettim', 'şimdi bak']],
  ['consent', ['allow reading', 'okuma izni']],
  ['yes', ['yes', 'yes please', 'sure', 'okay', 'evet', 'evet lütfen', 'tamam', 'tamamdır', 'peki']],
  ['no', ['no', 'no thanks', 'hayır', 'hayır teşekkürler']],
  ['send', ['send', 'send it', 'send it now', 'please send', 'yes, send it', 'lütfen gönder', 'gönder lütfen', 'tamam gönder', 'send because Azure backup', 'gönder', 'gönder çünkü yedekleme']],
];

describe('understanding what people write', () => {
  for (const [intent, texts] of sayings) {
    describe(`as ${intent}`, () => {
      for (const text of texts) {
        it(`“${text}”, with or without Turkish letters, capitals, a full stop or a smile`, () => {
          for (const said of [text, inAscii(text), text.toUpperCase(), text.toLocaleUpperCase('tr'), `  ${text}. `, `${text}\u00a0👋`, text.normalize('NFD')]) {
            assert.equal(intentOf(said), intent, said);
          }
        });
      }
    });
  }

  it('hears which language is asked for', () => {
    assert.deepEqual(recognise('speak English'), { intent: 'language', language: 'en' });
    assert.deepEqual(recognise('TÜRKÇE KONUŞ'), { intent: 'language', language: 'tr' });
  });

  it('explains what was asked about', () => {
    for (const [text, topic] of [['will my subscriptions change?', 'nothingChanges'], ['aktarım nedir', 'transfer'], ['can a partner resell to another partner', 'resale'], ['what is gdap', 'manage'], ['what is multichannel', 'channels'], ['çok kanallı nedir', 'channels'], ['which rules', 'book']]) {
      assert.deepEqual(recognise(text ?? ''), { intent: 'explain', topic });
    }
  });
});

describe('what a command is about', () => {
  it('is the name or the code that is left when the command is taken away', () => {
    for (const [text, about] of [
      ['remove access Fabrikam', 'fabrikam'], ['take away Fabrikam’s access', 'fabrikam'], ['Fabrikam’ın erişimini kaldır', 'fabrikam'], ['erişimi kaldır Fabrikam', 'fabrikam'],
      ['end relationship with Fabrikam', 'fabrikam'], ['birlikte çalışmayı sonlandır Fabrikam', 'fabrikam'], ['Fabrikam ile çalışmayı bırak', 'fabrikam'], ['remove Fabrikam', 'fabrikam'],
      ['remind Contoso', 'contoso'], ['Contoso’ya hatırlat', 'contoso'], ['withdraw PR-7K3-F9M', 'PR-7K3-F9M'], ['withdraw my invitation to Contoso', 'contoso'], ['withdraw it please', ''], ['daveti geri çek', ''], ['Adatum davetini geri çek', 'adatum'], ['Adatum davetimi geri çek', 'adatum'], ['Contoso isteğini onayla', 'contoso'], ['Adatum davetinin durumu', 'adatum'], ['davetimi geri çek', ''], ['proof for Contoso', 'contoso'], ['Contoso kanıtı', 'contoso'], ['remind My Bakery', 'my bakery'], ['pr 7k3 f9m geri çek', 'PR-7K3-F9M'], ['renew Contoso', 'contoso'],
      ['stop requests from Fabrikam', 'fabrikam'], ['Fabrikam isteklerine izin ver', 'fabrikam'], ['audit', ''], ['remove access', ''],
    ]) assert.equal(aboutOf(text ?? ''), about, text);
  });

  it('is somebody to whom it is forwarded, beside the request or without one', () => {
    for (const [text, about, to] of [
      ['forward to Kemal', '', 'Kemal'], ['forward it to Kemal Ak', '', 'Kemal Ak'], ['forward the request to Kemal', '', 'Kemal'], ['forward PR-7K3-F9M to Kemal', 'PR-7K3-F9M', 'Kemal'], ['forward Fabrikam to Kemal', 'fabrikam', 'Kemal'],
      ['Kemal’e yönlendir', '', 'Kemal'], ['isteği Kemal’e yönlendir', '', 'isteği Kemal'], ['PR-7K3-F9M Kemal’e yönlendir', 'PR-7K3-F9M', 'PR-7K3-F9M Kemal'], ['Kemal Ak\'a yonlendir', '', 'Kemal Ak'],
      ['forward Fabrikam', 'fabrikam', undefined], ['forward', '', undefined], ['yönlendir', '', undefined],
    ] as const) assert.deepEqual(recognise(text), { intent: 'forward', about, ...(to && { to }) }, text);
  });

  it('is read again as it was typed', () => {
    for (const [text, about, typed] of [
      ['find Şişli Gıda', 'sisli gida', 'Şişli Gıda'], ['Şişli Gıda A.Ş.’nin durumu', 'sisli gida a s', 'Şişli Gıda A.Ş.'], ['FABRİKAM’I KALDIR', 'fabrikam', 'FABRİKAM'], ['remove “Fabrikam”, please', 'fabrikam', 'Fabrikam'],
      ['status pr 7k3 f9m', 'PR-7K3-F9M', 'PR-7K3-F9M'], ['', 'fabrikam', 'fabrikam'], ['pending', '', ''],
    ] as const) assert.equal(asTyped(text, about), typed, text);
  });

  it('of a question or an answer is what is to be said, in the writer’s own words, whatever commands these sound like', () => {
    for (const [text, intent, about, words] of [
      ['ask why do you need these rights?', 'ask', '', 'why do you need these rights?'], ['Ask PR-7K3-F9M: will you remove access?', 'ask', 'PR-7K3-F9M', 'will you remove access?'], ['ask the partner why we cannot accept it', 'ask', '', 'why we cannot accept it'],
      ['Fabrikam’a sor: bu neden gerekli?', 'ask', '', 'Fabrikam’a bu neden gerekli?'], ['bu neden gerekli diye sor', 'ask', '', 'bu neden gerekli'], ['İŞ ORTAĞINA SOR: NEDEN?', 'ask', '', 'NEDEN?'], ['ask the partner about PR-7K3-F9M', 'ask', 'PR-7K3-F9M', ''], ['ask 👋', 'ask', '', ''],
      ['PR-7K3-F9M yanıtla Azure yedekleme; gece çalışır', 'answer', 'PR-7K3-F9M', 'Azure yedekleme; gece çalışır'], ['answer Contoso: Do not send it back', 'answer', '', 'Contoso: Do not send it back'], ['yanıtla', 'answer', '', ''],
    ] as const) assert.deepEqual(recognise(text), { intent, about, text: words }, text);
  });

  it('is a search or a filter of one’s customers', () => {
    assert.deepEqual(recognise('find Tailspin'), { intent: 'customers', search: 'tailspin', only: 'all' });
    assert.deepEqual(recognise('Contoso’yu bul'), { intent: 'customers', search: 'contoso', only: 'all' });
    for (const [text, only] of [['my customers expiring', 'endingSoon'], ['yakında biten müşterilerim', 'endingSoon'], ['my waiting customers', 'waiting'], ['show my declined customers', 'declined']]) {
      assert.deepEqual(recognise(text ?? ''), { intent: 'customers', search: '', only }, text);
    }
  });

  it('is a name of one’s own for a customer', () => {
    assert.deepEqual(recognise('call contoso.com Acme'), { intent: 'nameCustomer', about: 'contoso.com', alias: 'Acme' });
    assert.deepEqual(recognise('Contoso için ad “Acme”'), { intent: 'nameCustomer', about: 'Contoso', alias: 'Acme' });
  });
});

describe('a slip of the finger', () => {
  it('is understood where no harm can come of it', () => {
    for (const [text, intent] of [['pendign', 'pending'], ['bekleyenlr', 'pending'], ['hlep', 'help'], ['yardm', 'help'], ['my partnerss', 'partners'], ['musterilerrim', 'customers'], ['who am o', 'whoAmI'], ['invite custmer', 'invite']]) {
      assert.equal(intentOf(text ?? ''), intent, text);
    }
  });

  it('never decides, ends, withdraws or removes anything', () => {
    for (const text of ['aprove PR', 'onyla', 'declne', 'redet', 'withdrw', 'gri cek', 'remov access Fabrikam', 'erisimi kaldr Fabrikam', 'endd relationship Fabrikam']) {
      assert(!['approve', 'decline', 'withdraw', 'removeAccess', 'endRelationship', 'removeOrEnd'].includes(intentOf(text)), text);
    }
  });
});

describe('the customer in an invitation', () => {
  it('is found in a domain, a link, a mail address and a tenant id', () => {
    for (const text of [
      'invite contoso.com', 'Invite CONTOSO.COM.', 'invite http://contoso.com', 'invite https://www.contoso.com/about?x=1', 'invite ayse@contoso.com', 'mailto:ayse@contoso.com davet et',
      'invite <a href="http://contoso.com">contoso.com</a>', 'invite [contoso.com](http://contoso.com)', '<at>Partner Invitations</at>&nbsp;invite contoso.com', 'contoso.com', 'INVİTE CONTOSO.COM', 'could you invite contoso.com please',
    ]) assert.equal(invitationIn(text).domain, 'contoso.com', text);
    assert.equal(invitationIn('invite a customer, e.g. contoso.com').domain, 'contoso.com');
    assert.equal(invitationIn(`invite ${guid(2).toUpperCase()}`).tenant, guid(2));
  });

  it('is found before a Turkish suffix, whatever its apostrophe', () => {
    for (const apostrophe of ['\'', '’', '‘', 'ʼ']) assert.equal(invitationIn(`contoso.com${apostrophe}u davet et`).domain, 'contoso.com');
  });

  it('may have a Turkish domain', () => {
    assert.equal(invitationIn('şirket.com.tr’yi davet et').domain, 'xn--irket-idb.com.tr');
    assert.equal(invitationIn('İSTANBUL.COM DAVET ET').domain, 'istanbul.com');
  });

  it('is not guessed from a company’s name, but the name is heard', () => {
    for (const text of ['invite Contoso', 'Contoso’yu davet et']) assert.deepEqual(invitationIn(text), { intent: 'invite', reason: '', name: 'Contoso' });
    for (const text of ['invite customer', 'INVITE CUSTOMER', 'müşteri davet et', 'MÜŞTERİ DAVET ET', 'davet et']) assert.deepEqual(invitationIn(text), { intent: 'invite', reason: '' });
  });

  it('comes with the rest of the sentence as its reason, without a “because” and without the command around it', () => {
    for (const [text, reason] of [
      ['invite contoso.com Azure backup', 'Azure backup'], ['please invite contoso.com: Azure backup', 'Azure backup'], ['send an invitation to contoso.com, Azure Backup please', 'Azure Backup'], ['INVITE CONTOSO.COM AZURE BACKUP', 'AZURE BACKUP'],
      ['müşteri davet et contoso.com Azure yedekleme', 'Azure yedekleme'], ['contoso.com’u davet et Azure yedekleme', 'Azure yedekleme'], ['contoso.com Azure yedekleme davet et', 'Azure yedekleme'], ['contoso.com’a davet gönder, Azure yedekleme lütfen', 'Azure yedekleme'],
      ['invite contoso.com manage permissions', 'manage permissions'], ['müşteri davet et contoso.com lisans kaydı', 'lisans kaydı'], ['invite contoso.com end of licence audit', 'end of licence audit'],
      ['invite contoso.com as a customer', ''], ['could you invite contoso.com please', ''], ['contoso.com davet etmek istiyorum', ''], ['contoso.com ile ilişki iste', ''], ['contoso.com’u davet eder misiniz', ''], ['invite contoso.com and fabrikam.com', ''],
    ] as const) assert.deepEqual([invitationIn(text).domain, invitationIn(text).reason], ['contoso.com', reason], text);
  });

  it('named by a company has the reason that follows “for”, “because” or “için”; what else follows is left to whoever knows the companies', () => {
    for (const [text, name, reason] of [
      ['invite Contoso for Azure backup', 'Contoso', 'Azure backup'], ['invite Contoso Ltd because Azure backup', 'Contoso Ltd', 'Azure backup'], ['please invite customer Contoso', 'Contoso', ''],
      ['invite Contoso Azure backup', 'Contoso Azure backup', ''], ['müşteri davet et Contoso', 'Contoso', ''], ['Contoso’yu Azure yedekleme için davet et', 'Contoso', 'Azure yedekleme'], ['Contoso Ltd’yi davet et Azure yedekleme', 'Contoso Ltd', 'Azure yedekleme'],
    ] as const) assert.deepEqual([invitationIn(text).name, invitationIn(text).reason], [name, reason], text);
  });

  it('is the first of several; the others are heard', () => {
    for (const text of ['invite contoso.com and adatum.com', 'contoso.com, adatum.com davet et', 'contoso.com,adatum.com davet et', 'contoso.com ve adatum.com’u davet et çünkü Azure', 'invite contoso.com and info@adatum.com']) {
      assert.deepEqual([invitationIn(text).domain, invitationIn(text).others], ['contoso.com', ['adatum.com']], text);
    }
    for (const text of ['invite ayse@contoso.com at contoso.com', 'invite contoso.com because it left adatum.com']) assert.equal(invitationIn(text).others, undefined, text);
  });

  it('may be asked for managing, which is no reason by itself', () => {
    for (const [text, reason] of [
      ['contoso.com’u yönetmek için davet et', ''], ['invite contoso.com to sell and manage', ''], ['invite contoso.com so that we can manage licences', 'we can manage licences'], ['contoso.com’u davet et çünkü lisansları yöneteceğiz', 'lisansları yöneteceğiz'], ['invite contoso.com for GDAP', ''],
    ] as const) assert.deepEqual([invitationIn(text).manages, invitationIn(text).reason], [true, reason], text);
    for (const text of ['invite contoso.com because their manager asked', 'contoso.com davet et çünkü yönetim kurulu istedi', 'contoso.com davet et çünkü yöneticisi istedi']) assert.equal(invitationIn(text).manages, undefined, text);
  });

  it('comes with the reason that was given, in the person’s own spelling', () => {
    for (const text of ['invite contoso.com because Azure backup', 'invite contoso.com for Azure backup', 'contoso.com davet et çünkü Azure backup', 'contoso.com davet et cunku Azure backup', 'contoso.com’u Azure backup için davet et']) {
      assert.equal(invitationIn(text).reason, 'Azure backup', text);
    }
    assert.equal(invitationIn('we want to invite a customer').reason, '');
  });
});

describe('the invitation that is meant', () => {
  it('is named by its reference in any sentence and spelling', () => {
    for (const text of ['approve PR-7K3-F9M', 'PR-7K3-F9M’yi onayla', 'pr 7k3 f9m', 'PR7K3F9M', 'status of pr-7k3-f9m?', 'PR-7K3-F9M durumu']) assert.equal(aboutOf(text), 'PR-7K3-F9M', text);
  });

  it('is named by a company without its suffix and without the words around it', () => {
    for (const text of ['status of Contoso', 'did Contoso accept?', 'Contoso’nun durumu', 'Contoso ne durumda', 'Contoso kabul etti mi', 'approve Contoso', 'CONTOSO’YU ONAYLA']) assert.equal(aboutOf(text), 'contoso', text);
  });

  it('may have a name that begins like an everyday word', () => {
    assert.equal(aboutOf('status of IT Solutions'), 'it solutions');
    assert.equal(aboutOf('approve My Bakery'), 'my bakery');
  });

  it('is left open when nothing is named', () => {
    for (const text of ['approve', 'approve it please', 'isteği onayla', 'daveti onayla', 'lütfen onayla', 'bunu reddet', 'decline the request', 'onaylıyorum', 'kabul ediyorum', 'decline', 'reddediyoruz', 'istemiyoruz', 'kabul etmiyoruz', 'status', 'durum', 'open', 'open the card', 'aç', 'kartı aç', 'isteği aç', 'göster']) assert.equal(aboutOf(text), '', text);
  });
});

describe('a sentence that forbids', () => {
  const forbidding = [
    'don’t approve', 'don\'t approve PR-7K3-F9M', 'dont accept it', 'do not approve', 'never approve', 'I will not approve it', 'I didn’t approve', 'no, do not approve PR-7K3-F9M', 'please do not decline',
    'don’t invite contoso.com', 'I don’t want to invite contoso.com', 'don’t send',
    'onaylama', 'onaylamayın', 'onaylamam', 'onaylamıyorum', 'onaylamadım', 'PR-7K3-F9M onaylama', 'PR-7K3-F9M’yi onaylamayın', 'kabul etme', 'kabul etmeyin', 'reddetme', 'reddetmeyin', 'reddetmiyorum',
    'davet etme', 'davet etmeyin', 'davet etmeyelim', 'contoso.com’u davet etme', 'gönderme', 'davet göndermeyin', 'kaldırma',
  ];
  for (const text of forbidding) {
    it(`does nothing: “${text}”`, () => {
      for (const said of [text, inAscii(text), text.toUpperCase(), text.toLocaleUpperCase('tr')]) assert.equal(intentOf(said), 'negated', said);
    });
  }

  it('is not heard in the reason of one that asks', () => {
    assert.equal(intentOf('invite contoso.com because they do not accept quotes by mail'), 'invite');
    assert.equal(intentOf('contoso.com davet et çünkü teklifi kabul etmediler'), 'invite');
  });

  it('is not heard in a question or in what somebody else did', () => {
    for (const text of ['who approved fabrikam?', 'onaylandı mı', 'Contoso onayladı mı', 'reddedildi mi', 'rejected', 'approved', 'onyla']) {
      assert(!['approve', 'decline', 'invite', 'send', 'negated'].includes(intentOf(text)), text);
    }
  });
});

describe('anything else', () => {
  it('is answered with the commands, the closest first', () => {
    for (const [text, ...first] of [['asdf', 'pending', 'help'], ['', 'pending', 'help'], ['custom list', 'customers', 'invite'], ['ortaklar', 'partners']]) {
      const wish = recognise(text ?? '');
      assert(wish.intent === 'unknown');
      assert.deepEqual(wish.closest.slice(0, first.length), first, text);
      assert.equal(wish.closest.length, 6);
    }
  });

  it('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => typeof recognise(text).intent === 'string'), { numRuns: 300 });
    const words = fc.constantFrom('invite', 'approve', 'davet et', 'because', 'for', 'PR-7K3-F9M', 'contoso.com', '\'', '<at>', '</at>', '[', '](', '.', 'don’t', 'İ', '\u200b', '@', 'için');
    fc.assert(fc.property(fc.array(words, { maxLength: 40 }), (many) => typeof recognise(many.join(' ')).intent === 'string'), { numRuns: 300 });
  });

  it('is read in no time, however long or twisted', () => {
    const pieces = ['a', ' ', '<', '<at>', '[', '[a](', '(', '.', 'a.', '.a ', 'not ', 'don’t a ', 'invite ', 'for ', ' to ', '.com için ', '.aa aa ', 'davet et ', 'because ', 'as ', 'PR-', '\'', '’a', '@', 'http://', 'a@', '%', '-', '\u0130', '\ufdfa', '👋', '\u200b', '-a.bb ', 'kabul ', 'ne durumda '];
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil(10_000 / piece.length));
      const before = process.cpuUsage();
      recognise(text);
      recognise(`invite ${text}`);
      recognise(`${text} davet`);
      const spentMs = process.cpuUsage(before).user / 1000;
      assert(spentMs < 250, `three sentences of ${JSON.stringify(piece)} took ${spentMs} ms`);
    }
  });
});

describe('folding', () => {
  it('gives one spelling for every keyboard', () => {
    for (const text of ['müşteri', 'MÜŞTERİ', 'musteri', 'MUSTERI', 'Mu\u0308s\u0327teri', 'müşterı', 'müşteri!']) assert.equal(fold(text), 'musteri');
  });

  it('done twice is done once', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => fold(fold(text)) === fold(text)), { numRuns: 500 });
  });
});

describe('“remove Northwind”, which may mean two things,', () => {
  for (const language of ['en', 'tr'] as const) {
    it(`is answered in ${language} with two commands about that one company, and no other is named`, () => {
      const { ending } = language === 'en' ? en : tr;
      const wishes = [...ending.choose('Northwind').matchAll(/\*\*([^*]*Northwind)\*\*/g)].map(([, command = '']) => recognise(command));
      assert.deepEqual(wishes, [{ intent: 'removeAccess', about: 'northwind' }, { intent: 'endRelationship', about: 'northwind' }]);
      assert.doesNotMatch(ending.whom, /Fabrikam/);
    });
  }
});
