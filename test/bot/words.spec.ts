import { strict as assert } from 'node:assert';
import { refusal } from '../../src/bot/cards/refusal.js';
import { drawView } from '../../src/bot/draw-view.js';
import { datesFor } from '../../src/bot/words/dates.js';
import { en } from '../../src/bot/words/en.js';
import { tr } from '../../src/bot/words/tr.js';
import { wordsIn } from '../../src/bot/words/index.js';
import { noticeSubjects } from '../../src/commands/views.js';
import { answerRules, doorRules, invitationRules, ruleBook } from '../../src/domain/rules.js';
import { anInvitation, anyInvitation, everyState, NOON } from '../helpers/builders.js';
import { everyRefusal, penOf, plainNames } from '../helpers/views.js';
import { leavesOf, mark, saidWith } from '../helpers/words.js';

const languages = [en, tr] as const;
const refusalCodes = [...new Set([...doorRules, ...invitationRules, ...answerRules].map(({ code }) => code)), 'AUTHORITY_REFUSED'];

describe('the words of both languages', () => {
  it('are chosen by the person’s language', () => {
    assert.equal(wordsIn('tr').language, 'tr');
    assert.equal(wordsIn('en').language, 'en');
  });

  it('say the same things, name by name', () => {
    const shapeOf = (words: object) => leavesOf(words).map(([path, leaf]) => `${path}: ${typeof leaf}`).sort();

    assert.deepEqual(shapeOf(tr), shapeOf(en));
  });

  it('tell what stays the same so that it answers “will it change?” and “what changes?” alike', () => {
    for (const { explain } of languages) for (const { lead } of [explain, explain.theirs]) assert.doesNotMatch(lead, /^(?:No|Yes|Hayır|Evet)\P{L}/u);
  });

  it('say nothing in the other language', () => {
    const theSame = ['appName', 'invite.domainHint', 'refusal.rule', 'partners.agreedBy', 'partners.sold', 'invite.tenantLine'];
    const english = new Map(saidWith(en, mark));

    const untranslated = saidWith(tr, mark).filter(([path, said]) => /\p{L}{3}/u.test(said.replaceAll('QX', '')) && english.get(path) === said && !theSame.includes(path));

    assert.deepEqual(untranslated, []);
  });

  for (const words of languages) {
    describe(`in ${words.language}`, () => {
      it('are complete: no blank, nothing undefined, no placeholder', () => {
        const silent = ['notices.customer.notDelivered', 'partners.ownSource.serviceProviders'];
        for (const [path, said] of saidWith(words, mark)) {
          assert.doesNotMatch(said, /undefined|\[object|\$\{|NaN/, `${path}: ${said}`);
          assert(said.trim() !== '' || silent.includes(path), `${path} says nothing`);
        }
      });

      it('count none, one and several', () => {
        const wrong = /\b1 (?:requests|subscriptions|partners|rules|invitations|customers|administrators)\b|\b[05] (?:request|subscription|partner|rule|invitation|customer|administrator)\b(?! role)/;

        assert.deepEqual([0, 1, 5].flatMap((count) => saidWith(words, () => count).filter(([, said]) => wrong.test(said))), []);
      });

      it('have a sentence for every rule of the book', () => {
        for (const { id } of ruleBook) assert((words.rules[id] ?? '').length > 20, id);
        assert.deepEqual(Object.keys(words.rules).sort(), [...new Set(ruleBook.map(({ id }) => id as string))].sort());
      });

      it('have a reason and a way out for every refusal', () => {
        for (const code of refusalCodes) {
          assert(words.refusal.because[code], `${code}: because`);
          assert(words.refusal.next[code], `${code}: what would make it pass`);
        }
      });

      it('refuse in four parts: what happened, why, what is untouched, what to do next', () => {
        for (const one of everyRefusal(plainNames)) {
          const text = JSON.stringify(refusal([one], penOf(words.language)).card);

          for (const part of [words.refusal.untouched, words.refusal.next[one.code] ?? 'nothing', one.rule, one.code]) assert(text.includes(part), `${one.code} lacks “${part}”`);
        }
      });

      it('have a notice of every kind for both sides, with the reference in it', () => {
        for (const side of ['partner', 'customer'] as const) {
          for (const subject of noticeSubjects) {
            for (const state of everyState) {
              const text = drawView({ view: 'notice', subject, side, invitation: anyInvitation(state) }, penOf(words.language), { isTrial: true, installUrl: '', now: () => NOON });

              assert(typeof text === 'string');
              assert.doesNotMatch(text, /undefined|\$\{/);
              if (!(side === 'customer' && subject === 'notDelivered')) assert(text.includes('PR-7K3-F9M'), `${side} ${subject}`);
            }
          }
        }
      });

      it('never say that a relationship exists before Microsoft has shown it', () => {
        const told = drawView({ view: 'notice', subject: 'approved', side: 'partner', invitation: anInvitation('awaitingAuthority') }, penOf(words.language), { isTrial: true, installUrl: '', now: () => NOON });

        assert(typeof told === 'string');
        assert.match(told, /Microsoft/);
        assert.doesNotMatch(told, /may sell|satış yapabilir/);
      });
    });
  }
});

describe('the Turkish words', () => {
  const everything = [mark, () => 0, () => 1, () => 5].flatMap((given) => saidWith(tr, given));

  it('never hang a suffix on a name, a code, a date or a number', () => {
    const inflected = saidWith(tr, mark).filter(([, said]) => /QX['’‘]?\p{L}/u.test(said));

    assert.deepEqual(inflected, []);
  });

  it('say “davet”, “istek” or “bayi ilişkisi”, never a bare “ilişki”', () => {
    const bare = everything.filter(([path, said]) => !path.startsWith('rules.') && /(?<!bayi )ilişki/iu.test(said));

    assert.deepEqual(bare, []);
  });

  it('tell after a refusal in whole sentences what can be done', () => {
    const sentences = Object.values(tr.refusal.next).map((next) => tr.why.passes(next).replace(/^Ne yapılabilir\? /, ''));

    assert.deepEqual(sentences.filter((said) => !/^[\p{Lu}\d]/u.test(said) || !/\.$/.test(said) || /(?:sa|se|sanız|seniz|larsa|lerse)[.:;]/u.test(said)), []);
  });

  it('name what follows an ending with a heading, and never with “Ne olur”, which pleads', () => {
    assert.deepEqual(everything.filter(([, said]) => /^Ne olur$/i.test(said)), []);
  });

  it('say that Microsoft’s step is awaited, never that the sale “stayed” there', () => {
    assert.deepEqual(everything.filter(([, said]) => /(?:Satış|Yönet\p{L}+): Microsoft’ta kaldı/u.test(said)), []);
  });

  it('speak formally', () => {
    const familiar = everything.filter(([, said]) => /(?<!\p{L})(?:sen|seni|sana|senin|senden)(?!\p{L})/iu.test(said));

    assert.deepEqual(familiar, []);
  });
});

describe('dates', () => {
  it('are written as people write them, in their own time zone', () => {
    assert.equal(datesFor('tr', 'Europe/Istanbul').moment(NOON.toISOString()), '22 Kasım 2026 15:00');
    assert.equal(datesFor('en', 'Europe/Istanbul').moment(NOON.toISOString()), '22 Nov 2026, 15:00');
    assert.equal(datesFor('tr', 'Europe/Istanbul').day(NOON.toISOString()), '22 Kasım 2026');
  });

  it('say that they are UTC when nobody told the zone, or told one that is none', () => {
    for (const zone of [undefined, '', 'Mars/Olympus']) assert.equal(datesFor('en', zone).moment(NOON.toISOString()), '22 Nov 2026, 12:00 UTC');
  });

  it('change the day where the day changes', () => {
    assert.equal(datesFor('en', 'Asia/Tokyo').day('2026-11-22T23:00:00.000Z'), '23 Nov 2026');
  });
});
