import { strict as assert } from 'node:assert';
import type { View } from '../../src/commands/views.js';
import { choice } from '../../src/bot/cards/pending.js';
import { explainRefusals } from '../../src/bot/cards/refusal.js';
import { plainly, shown } from '../../src/bot/cards/text.js';
import { drawView, messageOf } from '../../src/bot/draw-view.js';
import { en } from '../../src/bot/words/en.js';
import type { Language } from '../../src/commands/ports.js';
import { wanting } from '../../src/domain/decision.js';
import type { Invitation } from '../../src/domain/invitation.js';
import * as step from '../../src/domain/steps.js';
import { anAnswer, anInvitation, ELIF, inDays, NOON } from '../helpers/builders.js';
import { everyCard, everyView, penOf } from '../helpers/views.js';

const draws = (view: View, language: Language = 'en'): string => {
  const drawn = drawView(view, penOf(language), { isTrial: true, installUrl: '', now: () => NOON });
  return typeof drawn === 'string' ? drawn : JSON.stringify(drawn.card);
};
const viewNamed = (name: string): View => everyView()[name] ?? assert.fail(`There is no view ${name}.`);
const says = (name: string, language: Language = 'en'): string => draws(viewNamed(name), language);
const invitationIn = (name: string): Invitation => {
  const view = viewNamed(name);
  return view.view === 'status' || view.view === 'request' ? view.invitation : assert.fail(`${name} is about no invitation.`);
};

describe('a request to sell and to manage', () => {
  it('says how many steps are left at Microsoft: two, then one', () => {
    const [both, half] = [invitationIn('status to sell and manage, approved'), invitationIn('status of which one half is done')];
    const notice = (invitation: Invitation, side: 'partner' | 'customer', language: Language): string => draws({ view: 'notice', subject: 'approved', side, invitation }, language);

    assert.match(says('status to sell and manage, approved'), /Approved, two Microsoft steps left/);
    assert.match(says('status to sell and manage, approved', 'tr'), /Onaylandı, Microsoft’ta iki adım kaldı/);
    assert.match(says('status of which one half is done'), /Approved, one Microsoft step left/);
    for (const side of ['partner', 'customer'] as const) {
      assert.match(notice(both, side, 'en'), /Two steps are left at Microsoft/);
      assert.match(notice(both, side, 'tr'), /Microsoft’ta iki adım kaldı/);
      assert.match(notice(half, side, 'en'), /One step is left at Microsoft/);
    }
    assert.match(draws({ view: 'pending', side: 'partner', mayAnswer: false, deciders: [], invitations: [both], handedOver: [] }), /two Microsoft steps left/);
  });

  it('is not called “nothing yet” once Microsoft has confirmed a part', () => {
    assert.match(says('status of which one half is done'), /Microsoft has confirmed one part/);
    assert.doesNotMatch(says('status of which one half is done'), /Nothing is established yet/);
    assert.match(says('status to sell and manage, approved'), /Nothing is established yet/);
  });

  it('leaves no step at Microsoft before the customer has answered', () => {
    for (const language of ['en', 'tr'] as const) assert.doesNotMatch(says('status to sell and manage', language), /● (?:Selling|Managing|Satış|Yönetim)/);
    assert.match(says('status to sell and manage'), /○ Selling: Microsoft confirms/);
    assert.match(says('status to sell and manage, approved'), /● Managing: one step is left at Microsoft/);
  });
});

describe('a choice of several', () => {
  it('tells a last day of what is open only', () => {
    const [open, done] = [invitationIn('status delivered'), invitationIn('status established')];
    const lineOf = (one: Invitation): string => JSON.stringify(choice([one], 'partner', penOf('en')).card);

    assert.match(lineOf(open), /open until/);
    assert.doesNotMatch(lineOf(done), /until/);
  });
});

describe('the customer’s card about managing', () => {
  it('tells until which day the partner may manage, and that the day moves by itself where it does', () => {
    assert.match(says('request established, both halves'), /may manage what you approved until .*At its end it extends itself by six months/);
  });

  it('names the roles, the powerful one marked, from the question to the end of it', () => {
    for (const name of ['request with powerful roles', 'request with powerful roles, approved', 'request with powerful roles, established']) {
      assert.match(says(name), /⚠ Global Administrator: do everything/, name);
      assert.match(says(name, 'tr'), /Kullanıcı Yöneticisi: kişileri ve grupları/, name);
    }
    for (const name of ['request of which one half is done', 'request established, both halves']) assert.match(says(name), /License Administrator: give and take licences/, name);
  });

  it('shows the powerful ones in colour, above the buttons and above what is held today', () => {
    const card = JSON.parse(says('request with powerful roles')) as { body: readonly object[] };
    const amber = '"style":"warning"';
    const asked = JSON.stringify(card.body.find((part) => JSON.stringify(part).includes(en.request.newTitle)));

    assert.match(asked.slice(asked.indexOf(amber)), /⚠ Global Administrator.*⚠ User Administrator/);
    for (const later of [en.request.today, 'approve-invitation']) assert(JSON.stringify(card).indexOf(later) > JSON.stringify(card).indexOf('⚠ Global'), later);
    assert.doesNotMatch(says('request to sell and manage'), new RegExp(amber));
    assert.match(says('request with powerful roles, approved'), new RegExp(`${amber}.*⚠ Global`));
  });

  it('keeps what was approved in sight until Microsoft confirms it, and offers no more what is answered', () => {
    const card = says('request with a talk and a suggestion, approved');

    assert.match(card, /365 days after you accept.*extends itself by six months/);
    assert.match(says('request with powerful roles, approved', 'tr'), /Kabul etmenizden 1 gün sonra kendiliğinden biter/);
    assert.doesNotMatch(card, /stays open until|still approve or decline/);
    assert.match(says('request with a talk and a suggestion'), /stays open until.*still approve or decline/);
  });

  it('names none once nothing came of it', () => {
    for (const name of ['request declined and stopped', 'request replaced by a smaller one']) assert.doesNotMatch(says(name), /License Administrator/, name);
  });
});

describe('“you” on a card of the partner', () => {
  it('is not the one who accepts', () => {
    for (const name of ['preview to sell and manage', 'handed over', 'status to sell and manage', 'status where nobody has access']) {
      assert.match(says(name), /365 days after the customer accepts\..*until you or the customer end it/, name);
      assert.doesNotMatch(says(name), /after you accept|you or the partner/, name);
      assert.match(says(name, 'tr'), /Müşterinin kabulünden 365 gün sonra.*siz ya da müşteri sonlandırmadıkça/, name);
    }
    assert.match(says('request to sell and manage'), /365 days after you accept\..*until you or the partner end it/);
  });

  it('is the one whose access goes when the partner gives it up', () => {
    assert.match(says('consequences of giving up access'), /Your people lose management access to this customer/);
    assert.doesNotMatch(says('consequences of giving up access'), /opened for you|The partner’s people/);
    assert.match(says('consequences of removing access'), /Support tickets they opened for you stop/);
  });

  it('holds no subscriptions: help asks about the customer’s', () => {
    const helpOf = (side: 'partner' | 'customer'): string => JSON.stringify(everyCard('en').find(([name]) => name === `help ${side}`)?.[1].card);

    assert.match(helpOf('partner'), /will the customer’s subscriptions change\?/);
    assert.doesNotMatch(helpOf('partner'), /my subscriptions/);
    assert.match(helpOf('customer'), /will my subscriptions change\?/);
  });
});

describe('what has ended at Microsoft', () => {
  it('is told on both cards, which no longer say that anything may be sold or managed, nor offer to end it', () => {
    for (const name of ['status established and over', 'request established and over']) {
      assert.match(says(name), /The reseller relationship ended/);
      assert.match(says(name, 'tr'), /Bayi ilişkisi sona erdi/);
      assert.doesNotMatch(says(name), /may sell to (?:you|this customer) now|works for/);
    }
    assert.match(says('status established and over'), /You may invite again/);
    assert.doesNotMatch(says('status established and over'), /[Ee]stablished/, 'nor does what a screen reader says');
  });

  it('of two halves leaves the other as it is', () => {
    assert.match(says('request of which one half is over'), /may sell to you now.*Delegated administration ended/);
    assert.match(says('request established, both halves'), /Remove access/);
    assert.doesNotMatch(says('request of which one half is over'), /Remove access/);
    assert.match(says('status of which one half is over'), /You may sell to this customer now/);
  });
});

describe('the partner’s card of what reached the customer', () => {
  it('tells when it was delivered, whatever came of it since', () => {
    const status = viewNamed('status delivered');
    if (status.view !== 'status') assert.fail();
    const delivered = anInvitation('delivered');
    const later = [
      delivered, step.answered(delivered, anAnswer()), step.answered(delivered, anAnswer({ answer: 'declined' })),
      step.expired(delivered), step.cancelled(delivered, delivered.inviter, NOON),
    ];

    for (const invitation of later) {
      assert.match(draws({ ...status, invitation }), /Delivered to \d people at the customer, 22 Nov 2026, 15:00/, invitation.state);
      assert.match(draws({ ...status, invitation }, 'tr'), /Müşteride isteği alan kişi sayısı: \d, 22 Kasım 2026 15:00/, invitation.state);
    }
  });
});

describe('the partner’s card while they talk', () => {
  const status = (more: object, language: Language = 'en'): string => {
    const view = viewNamed('status delivered');
    return draws({ ...view, invitation: anInvitation('delivered', more) } as View, language);
  };
  const by = { id: ELIF, name: 'Elif Kaya' };
  const asked = { side: 'customer', by, at: NOON.toISOString(), text: 'Why?' };
  const answered = { ...asked, side: 'partner', at: inDays(1).toISOString() };
  const suggestion = { by, at: inDays(2).toISOString(), roles: [], days: 90 };

  it('says that it is the partner’s turn once the customer has asked or suggested less', () => {
    assert.match(status({ remarks: [asked] }), /The customer has asked you something.*your turn: write your answer below.*● The customer’s question waits for your answer/);
    assert.match(status({ remarks: [asked, answered], suggestion }, 'tr'), /Müşteri daha az yetki öneriyor.*Sıra sizde.*● Müşterinin önerisi sizi bekliyor/);
    for (const said of [status({ remarks: [asked] }), status({ suggestion })]) assert.doesNotMatch(said, /Waiting for (?:an|the customer’s) answer/);
  });

  it('waits for the customer again once the partner has answered', () => {
    for (const more of [{ remarks: [asked, answered] }, { suggestion, remarks: [asked, { ...answered, at: inDays(3).toISOString() }] }]) assert.match(status(more), /● Waiting for the customer’s answer/);
  });
});

describe('a decline', () => {
  const declinedBy = (answer: Parameters<typeof anAnswer>[0]): Invitation => anInvitation('declined', { answer: anAnswer({ answer: 'declined', isReasonShared: true, ...answer }) });
  const card = (name: 'request declined' | 'status declined', answer: Parameters<typeof anAnswer>[0], language: Language = 'en'): string => draws({ ...viewNamed(name), invitation: declinedBy(answer) } as View, language);

  it('shows the customer its own reason and note, and whether the partner reads them', () => {
    assert.match(card('request declined', { reason: 'notNow', comment: 'Call us first' }), /Reason: Not now: Call us first · shared with the partner/);
    assert.match(card('request declined', { comment: 'Önce arayın', isReasonShared: false }, 'tr'), /Not: Önce arayın · iş ortağıyla paylaşılmadı/);
    assert.doesNotMatch(card('request declined', {}), /shared with the partner/);
  });

  it('shows the partner a note that came without a reason, on the card and in the notice', () => {
    const notice = draws({ view: 'notice', subject: 'declined', side: 'partner', invitation: declinedBy({ comment: 'Önce arayın' }) }, 'tr');

    assert.match(card('status declined', { comment: 'Call us first' }), /Note: Call us first/);
    assert.match(notice, /daveti reddetti \(PR-7K3-F9M\)\. Not: Önce arayın\./);
  });

  it('says so to the partner when the customer gave no reason, and when it keeps it', () => {
    assert.match(card('status declined', {}), /The customer gave no reason/);
    assert.match(card('status declined', { isReasonShared: false }, 'tr'), /Müşteri gerekçesini paylaşmadı/);
  });
});

describe('a card of what has ended or was replaced', () => {
  it('says who wished it, or that its time was over, or that nobody here knows', () => {
    assert.match(says('request of which one half is over'), /Delegated administration ended, [^"]* · asked for by Elif Kaya \(Contoso\)/);
    assert.match(says('request of which one half is over', 'tr'), /Temsilci yönetim sona erdi: [^"]* · isteyen: Elif Kaya \(Contoso\)/);
    assert.match(says('status established and over'), /The reseller relationship ended, [^"]* · asked for by Elif Kaya \(Fabrikam\)/);
    assert.match(says('status of which one half is over'), /ended, [^"]* · its time was over/);
    assert.match(says('request established and over', 'tr'), /kimin sonlandırdığı burada bilinmiyor/);
    assert.match(says('request withdrawn'), /Withdrawn by Elif Kaya \(Fabrikam\), \d/);
    assert.match(says('request withdrawn', 'tr'), /Geri çeken: Elif Kaya \(Fabrikam\), \d/);
  });

  it('names the request that came after it, and the later one the request in whose place it stands', () => {
    assert.match(says('request replaced by a smaller one'), /Replaced by PR-7K4-F9M.*in the place of this one/);
    assert.match(says('status replaced', 'tr'), /Yerine geçen: PR-7K4-F9M/);
    assert.match(says('request in the place of another'), /Reference PR-7K3-F9M · the smaller request, takes the place of PR-7K2-F9M/);
    assert.match(says('request in the place of another', 'tr'), /daha az yetki isteyen yeni istek, yerine geçtiği istek: PR-7K2-F9M/);
    assert.match(says('status in the place of another'), /Reference PR-7K3-F9M · takes the place of PR-7K2-F9M/);
  });
});

describe('a refusal of anything but an invitation', () => {
  const acts = ['partWithPartner', 'changeAccess', 'end', 'giveAccess', 'withdraw', 'askMicrosoft'];

  it('never speaks of inviting, and says who can', () => {
    for (const to of acts) {
      for (const language of ['en', 'tr'] as const) assert.doesNotMatch(says(`refusal of an act, ${to}`, language).replace('this invitation, or a Global', ''), /Inviting|can’t send this|colleague with one of these roles invites|Davet etmek|daveti gönderemiyorum|davet edebilir/, to);
    }
    assert.match(says('refusal of an act, partWithPartner'), /Only a Global admin of your organisation can remove a partner’s access or end the relationship with it\. These people can: Elif Kaya, Northwind\./);
    assert.match(says('refusal of an act, changeAccess', 'tr'), /yalnızca şirketinizin Yönetici aracısı yapabilir\. Yapabilecek kişiler: Elif Kaya, Northwind\./);
    assert.match(says('refusal of an act, askMicrosoft'), /Microsoft refused \(code 403/);
  });

  it('is the same after “why?”', () => {
    const view = viewNamed('refusal of an act, partWithPartner');
    assert(view.view === 'refusal');
    const why = JSON.stringify(explainRefusals(view.refusals, penOf('en')).card);

    assert.match(why, /a Global admin of your organisation does it/);
    assert.doesNotMatch(why, /invites/);
  });

  it('because of what stands in the way has no invitation in its title, and names each thing', () => {
    const view = viewNamed('refusal MP-76 ACTIVE_SUBSCRIPTIONS');
    assert(view.view === 'refusal');
    const card = draws({ ...view, refusals: wanting('end', view.refusals) });

    assert.doesNotMatch(card, /send this invitation/);
    assert.match(card, /Office 365 E3, Office 365 E3/);
  });
});

describe('where there is nothing to remove or to end', () => {
  it('says that nothing happens and names the other act, and tells no consequences', () => {
    const [remove, end] = [says('consequences, nothing to remove'), says('consequences, nothing to end')];

    assert.match(remove, /nothing happens\. Ending the sale is another thing: write \*\*end relationship Fabrikam\*\*/);
    assert.match(end, /nothing happens\. Removing access is another thing: write \*\*remove access Contoso\*\*/);
    for (const said of [remove, end]) assert.doesNotMatch(said, /What happens|What stays|lose management access|This ends|Delegated administration\*\*/);
    assert.match(says('consequences, nothing to remove', 'tr'), /hiçbir şey olmaz.*birlikte çalışmayı sonlandır Fabrikam/);
  });
});

describe('a notice of what somebody said', () => {
  it('holds the words themselves and the button to the card, and its toast reads without Markdown', () => {
    for (const [name, title, said, language] of [
      ['notice of a question', 'Contoso has a question about PR-7K3-F9M', 'Kovács & Göçmen', 'en'], ['notice of a question', 'Müşterinin (Contoso) bir sorusu var: PR-7K3-F9M', 'Kovács & Göçmen', 'tr'],
      ['notice of an answer', 'Fabrikam answered your question about PR-7K3-F9M', 'Azure', 'en'], ['notice of an answer', 'Fabrikam sorunuzu yanıtladı (PR-7K3-F9M)', 'Azure', 'tr'],
    ] as const) {
      const drawn = everyCard(language).find(([one]) => one === name)?.[1] ?? assert.fail(name);
      const card = JSON.stringify(drawn.card);

      assert.equal(drawn.summary, `${title}: ${said}`);
      for (const part of [title, said, '"verb":"open-invitation","about":"PR-7K3-F9M"']) assert(card.includes(part), `${name}: ${part}`);
    }
    assert.match(says('notice of a suggestion'), /suggests less access for PR-7K3-F9M.*90 days, and only.*License Administrator.*open-invitation/);
    assert.match(says('notice of a suggestion', 'tr'), /daha az yetki öneriyor: PR-7K3-F9M.*90 gün.*Lisans Yöneticisi/);
  });
});

describe('what a toast says of a request', () => {
  const toast = (name: string, language: Language = 'en'): string => everyCard(language).find(([one]) => one === name)?.[1].summary ?? assert.fail(name);

  it('names the powers that are asked for, and claims then no “nothing changes”', () => {
    assert.equal(toast('request with powerful roles'), 'Fabrikam asks to work with you, with far-reaching powers: Global Administrator and User Administrator. Nothing happens until you decide.');
    assert.match(toast('request with powerful roles', 'tr'), /geniş yetkilerle.*Genel Yönetici ve Kullanıcı Yöneticisi/);
    assert.equal(toast('request to sell and manage'), 'Fabrikam asks to work with you. Nothing you have changes.');
  });

  it('follows what became of it', () => {
    assert.match(toast('request approved'), /^Fabrikam’s request: Approved by Elif Kaya, /);
    assert.match(toast('request declined', 'tr'), /^Fabrikam isteği · Reddeden: Elif Kaya, /);
    assert.equal(toast('request established'), 'Fabrikam works for Contoso now');
    assert.equal(toast('request established and over', 'tr'), 'Fabrikam ve Contoso: sona erdi');
    assert.match(toast('request declined, then accepted'), /Accepted at Microsoft after all/);
  });
});

describe('what is read without Markdown', () => {
  it('has none of ours, and every star that was in a name', () => {
    assert.equal(plainly('Write **help**, or `npm run verify`, or [open the *file*](https://bot.example/f).'), 'Write help, or npm run verify, or open the *file*.');
    assert.equal(plainly(`**${shown('**Bold** & [Link](https://x) #1')}**`), '**Bold** & [Link](https://x) #1');
  });

  it('is the summary of a sentence, too', () => {
    const { summary } = messageOf('**receipt.json** is ready. [Open the file](https://bot.example/f)');

    assert.equal(summary, 'receipt.json is ready. Open the file');
  });
});

describe('the record', () => {
  it('names no command of a developer to the customer', () => {
    for (const language of ['en', 'tr'] as const) {
      assert.doesNotMatch(says('history, broken', language), /npm run/);
      assert.match(says('history', language), /npm run verify receipt\.json/);
    }
  });
});
