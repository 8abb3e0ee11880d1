import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Template } from 'adaptivecards-templating';
import fc from 'fast-check';
import markdownIt from 'markdown-it';
import { CardNotDrawnError, draw, type Drawn } from '../../src/bot/cards/card.js';
import { clean, shown } from '../../src/bot/cards/text.js';
import { drawView } from '../../src/bot/draw-view.js';
import { en } from '../../src/bot/words/en.js';
import { tr } from '../../src/bot/words/tr.js';
import { NOON } from '../helpers/builders.js';
import { crowded, everyCard, longestNames, penOf, plainNames, type Names } from '../helpers/views.js';
import { mark, saidWith } from '../helpers/words.js';

type Part = Readonly<Record<string, unknown>>;
const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every element and action of a card, in reading order; a fallback stands for its action and is not one more. */
const partsOf = (value: unknown): readonly Part[] =>
  Array.isArray(value) ? value.flatMap(partsOf)
  : isPart(value) ? [...('type' in value || 'choices' in value ? [value] : []), ...Object.entries(value).filter(([key]) => key !== 'fallback' && key !== 'data' && key !== 'refresh').flatMap(([, inner]) => partsOf(inner))]
  : [];
const ofType = (card: unknown, type: RegExp): readonly Part[] => partsOf(card).filter((part) => type.test(String(part['type'])));
const verbsOf = (card: unknown): readonly unknown[] => ofType(card, /^Action\.Execute$/).map(({ verb }) => verb);
const textsOf = (card: unknown): readonly string[] =>
  Array.isArray(card) ? card.flatMap(textsOf) : isPart(card) ? Object.values(card).flatMap(textsOf) : typeof card === 'string' ? [card] : [];

const { SerializationContext, Versions, AdaptiveCard } = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js') as {
  readonly SerializationContext: new (version: unknown) => { readonly eventCount: number; getEventAt(index: number): { readonly message: string } };
  readonly Versions: { readonly v1_5: unknown };
  readonly AdaptiveCard: new () => { parse(card: unknown, context: unknown): void; validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] } };
};

const complaintsOf = (card: unknown): readonly string[] => {
  const context = new SerializationContext(Versions.v1_5);
  const parsed = new AdaptiveCard();
  parsed.parse(card, context);
  const complaints = [...Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message), ...parsed.validateProperties().validationEvents.map(({ message }) => message)];
  // The package asks one global expression about every card's language, and so finds every second one wrong.
  return complaints.filter((message) => !/property "lang"/.test(message));
};

const isStatus = ([name]: readonly [string, Drawn]): boolean => name.startsWith('status not delivered') || name.startsWith('status given up');
/** The ready mail is written in both languages, on purpose. */
const withoutMails = (card: unknown): unknown => JSON.parse(JSON.stringify(card, (_, value: unknown) => (isPart(value) && /^mail-/.test(String(value['id'])) ? undefined : value)));
const sentencesOf = (words: object): readonly string[] =>
  [...new Set(saidWith(words, mark).flatMap(([, said]) => said.split('QX')).map((piece) => piece.replace(/[*:.,;()“”]/g, ' ').replace(/\s+/g, ' ').trim()).filter((piece) => piece.length > 8 && piece.includes(' ')))];

for (const [language, other] of [[en, tr], [tr, en]] as const) {
  const foreign = sentencesOf(other).filter((sentence) => !sentencesOf(language).includes(sentence));

  describe(`every card in ${language.language}`, () => {
    for (const [name, { card, summary }] of everyCard(language.language)) {
      describe(name, () => {
        it('is complete, and says what it is to toasts and to clients that cannot draw it', () => {
          assert.doesNotMatch(JSON.stringify(card), /\$\{|undefined|\[object/);
          assert.equal(card['version'], '1.5');
          assert.equal(card['lang'], language.language);
          assert.equal(card['fallbackText'], summary);
          assert(summary.length > 3 && summary.length < 250);
          assert.doesNotMatch(summary, /\*\*|`|\]\(|\\/, 'it is read without Markdown');
        });

        it('is a card of version 1.5 without a complaint, and small', () => {
          assert.deepEqual(complaintsOf(card), []);
          assert(Buffer.byteLength(JSON.stringify(card)) < 16_000);
        });

        it('opens with its one heading, and every text wraps', () => {
          const texts = ofType(card, /^TextBlock$/);

          assert.equal(texts[0]?.['style'], 'heading');
          assert.equal(texts.filter(({ style }) => style === 'heading').length, 1);
          assert.deepEqual([...texts.filter(({ text }) => text === ''), ...ofType(card, /^TextBlock$|^Input\.Toggle$|^Input\.ChoiceSet$/).filter(({ wrap }) => wrap !== true)], []);
        });

        it('says nothing twice', () => {
          // Lists may hold the same name more than once.
          const texts = /pending|choice|customers|partners|who|why/.test(name) ? [] : ofType(withoutMails(card), /^TextBlock$/).map(({ text }) => text);

          assert.deepEqual(texts.filter((text, at) => texts.indexOf(text) !== at), []);
        });

        it('names every field and says what is missing from one that is required', () => {
          for (const input of ofType(card, /^Input\./)) {
            assert(input['label'] ?? (input['type'] === 'Input.Toggle' && input['title']), `${String(input['id'])} has no name`);
            if (input['isRequired']) assert(input['errorMessage'], `${String(input['id'])} does not say what is missing`);
          }
          for (const image of ofType(card, /^Image$/)) assert(image['altText']);
        });

        it('has few buttons, each with a name, and the rest behind three dots', () => {
          for (const { actions } of ofType(card, /^ActionSet$/)) {
            const primary = (actions as readonly Part[]).filter(({ mode }) => mode !== 'secondary');

            assert((actions as readonly Part[]).length <= 6);
            // A page offers up to three ways on, all of the same weight; a card that asks for a decision offers two.
            assert(primary.length <= (/^welcome|^help|^news/.test(name) ? 3 : 2), `${primary.map(({ title }) => String(title)).join(', ')}`);
          }
          const actions = ofType(card, /^Action\./);
          for (const { title } of actions) assert(typeof title === 'string' && title.length > 1 && title.length < 40);
        });

        it('works on clients that know no Action.Execute, and its buttons carry ids and nothing else', () => {
          for (const { verb, title, data, fallback } of ofType(card, /^Action\.Execute$/)) {
            assert(isPart(data) && isPart(fallback));
            assert.equal(fallback['type'], 'Action.Submit');
            assert.equal(fallback['title'], title);
            assert.deepEqual(fallback['data'], data);
            assert.equal(data['verb'], verb);
            assert.deepEqual(Object.keys(data).filter((key) => !['verb', 'invitation', 'reference', 'about', 'only', 'page', 'follows'].includes(key)), []);
          }
        });

        it('leads only to what is there', () => {
          const ids = partsOf(card).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));

          assert.equal(new Set(ids).size, ids.length);
          for (const { targetElements } of ofType(card, /^Action\.ToggleVisibility$/)) for (const target of targetElements as readonly string[]) assert(ids.includes(target), target);
          for (const { url } of ofType(card, /^Action\.OpenUrl$/)) assert.match(String(url), /^https:\/\//);
        });

        it('says nothing in the other language', () => {
          const said = textsOf(isStatus([name, { card, summary }]) ? withoutMails(card) : card).map((text) => text.replace(/[*:.,;()“”]/g, ' ').replace(/\s+/g, ' ')).join('\n');

          assert.deepEqual(foreign.filter((sentence) => new RegExp(`(?<!\\p{L})${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\p{L})`, 'u').test(said)), []);
        });
      });
    }

    it('stays under 25 KB with the longest names that can be', () => {
      const sizes = everyCard(language.language, longestNames).map(([name, { card }]) => [name, Buffer.byteLength(JSON.stringify(card))] as const);

      assert.deepEqual(sizes.filter(([, bytes]) => bytes > 25_000), []);
    });

    it('stays under 25 KB for a customer with ten partners and a thousand subscriptions, and says how many it leaves out', () => {
      for (const [name, view] of Object.entries(crowded())) {
        const drawn = drawView(view, penOf(language.language), { isTrial: true, installUrl: '', now: () => NOON });

        assert(typeof drawn !== 'string');
        assert(Buffer.byteLength(JSON.stringify(drawn.card)) < 25_000, `${name}: ${Buffer.byteLength(JSON.stringify(drawn.card))}`);
        assert.match(JSON.stringify(drawn.card), /\+90/, name);
      }
    });
  });
}

const cardNamed = (name: string, names: Names = plainNames): Drawn => everyCard('en', names).find(([one]) => one === name)?.[1] ?? assert.fail(`There is no card ${name}.`);
const answering = ['approve-invitation', 'decline-invitation'];

describe('the buttons of a request', () => {
  it('let a Global admin approve or decline while it waits', () => {
    assert.deepEqual(verbsOf(cardNamed('request delivered').card).filter((verb) => answering.includes(String(verb))), answering);
  });

  it('let nobody answer who may not, and nobody answer once it has ended', () => {
    const others = everyCard('en').filter(([name]) => name.startsWith('request') && ![
      'request delivered', 'request delivered to the only admin', 'request while Microsoft is down', 'request to a customer with nothing', 'request to sell and manage', 'request with powerful roles', 'request with a talk and a suggestion',
    ].includes(name));

    assert(others.length > 8);
    for (const [name, { card }] of others) assert.deepEqual(verbsOf(card).filter((verb) => answering.includes(String(verb))), [], name);
  });

  it('of a reseller relationship have one place for the rest, and handing on to another admin is not in it', () => {
    const sets = ofType(cardNamed('request delivered').card, /^ActionSet$/).map(({ actions }) => actions as readonly Part[]);
    const isBehindDots = ({ mode }: Part): boolean => mode === 'secondary';

    assert.equal(sets.filter((actions) => actions.some(isBehindDots)).length, 1);
    assert(sets.flat().some((action) => action['title'] === en.talk.forward && !isBehindDots(action)));
  });

  it('lead to Microsoft’s own page when a step is left there, and say so before the press', () => {
    for (const name of ['request delivered', 'request approved', 'request without consent']) assert.equal(ofType(cardNamed(name).card, /OpenUrl/).length, 1, name);
    const { card } = cardNamed('request delivered');
    const texts = JSON.stringify(card);

    assert(texts.indexOf('one step is left at Microsoft') < texts.indexOf('approve-invitation'));
    assert(texts.indexOf('one step is left at Microsoft') > 0);
  });

  it('are the only way to answer, and the card offers no other', () => {
    assert.doesNotMatch(JSON.stringify(cardNamed('request delivered').card), /\*\*(?:approve|decline) PR-/);
  });

  it('forward to nobody until somebody is chosen, and not where whoever reads is the only one', () => {
    const toWhom = (name: string) => partsOf(cardNamed(name).card).find(({ id }) => id === 'to');

    assert.equal(toWhom('request to be forwarded')?.['value'], undefined);
    assert.equal(toWhom('request to be forwarded')?.['placeholder'], 'Choose to whom.');
    assert.equal(toWhom('request delivered to the only admin'), undefined);
  });

  it('decline for no reason that nobody chose', () => {
    const reason = partsOf(cardNamed('request delivered').card).find(({ id }) => id === 'declineReason');

    assert.deepEqual([reason?.['value'], reason?.['isRequired']], [undefined, undefined]);
  });

  it('come after what stays the same', () => {
    const texts = JSON.stringify(cardNamed('request delivered').card);

    for (const promise of en.request.same) assert(texts.indexOf(promise) > 0 && texts.indexOf(promise) < texts.indexOf('approve-invitation'), promise);
  });

  it('ask to be associated with the fields of the refusal only when refusing', () => {
    const [approve] = ofType(cardNamed('request delivered').card, /^Action\.Execute$/);

    assert.equal(approve?.['associatedInputs'], 'none');
  });
});

describe('the form of an invitation', () => {
  it('says what a rule refuses beside the button that was pressed, below the roles', () => {
    const parts = partsOf(cardNamed('invite form that a rule refuses').card);
    const at = (fits: (part: Part) => boolean): number => parts.findIndex(fits);

    assert(at(({ id }) => id === 'roles') < at(({ style }) => style === 'attention') && at(({ style }) => style === 'attention') < at(({ verb }) => verb === 'check-customer'));
  });
});

describe('a suggestion of less', () => {
  it('says once what it asks for', () => {
    const said = textsOf(cardNamed('request to sell and manage').card).filter((text) => text === en.talk.suggestTitle);

    assert.equal(said.length, 1);
  });
});

describe('the preview of an invitation', () => {
  it('states nothing for the inviter: what the rule book wants stated is ticked by nobody', () => {
    const ticked = everyCard('en').filter(([name]) => /preview|draft|handed over/.test(name)).flatMap(([, { card }]) => ofType(card, /^Input\.Toggle$/)).map(({ id, value }) => [id, value]);

    assert(ticked.length > 0);
    assert.deepEqual(ticked.filter(([id, value]) => id !== 'notCsp' || value !== 'false'), []);
  });
});

describe('the cards of a partner', () => {
  it('name no other partner and nothing that one sold', () => {
    const partners = everyCard('en').filter(([name]) => /^preview|^status|^own customers|^no own|^pending of a partner|^my customers|^handed over|^history$/.test(name));

    assert(partners.length > 12);
    for (const [name, { card }] of partners) assert.doesNotMatch(JSON.stringify(card), /Northwind/, name);
    for (const [name, { card }] of partners.filter(([one]) => !one.startsWith('own'))) assert.doesNotMatch(JSON.stringify(card), /Office 365 E3|Visio/, name);
  });

  it('always say that the customer’s copy lists more', () => {
    for (const [name, { card }] of everyCard('en').filter(([one]) => /^preview|^status/.test(one))) assert(JSON.stringify(card).includes(en.invite.hiddenPart), name);
  });

  it('offer a mail in both languages when nobody could be reached, the reader’s own open', () => {
    for (const language of ['en', 'tr'] as const) {
      const mails = partsOf(everyCard(language).find(isStatus)?.[1].card).filter(({ id }) => /^mail-/.test(String(id)));

      assert.deepEqual(mails.map(({ id, isVisible }) => [id, isVisible]), [['mail-tr', language === 'tr'], ['mail-en', language === 'en']]);
    }
  });

  it('do not tell why the customer declined when it keeps that to itself', () => {
    const said = JSON.stringify(cardNamed('status declined in private').card);

    assert(said.includes(en.status.reasonKept));
    assert.doesNotMatch(said, /Too much access|Kovács/);
  });
});

describe('a request and its confirmation', () => {
  it('never say that a relationship exists before Microsoft has shown it', () => {
    for (const name of ['request approved', 'status approved']) {
      const said = JSON.stringify(cardNamed(name).card);

      assert.doesNotMatch(said, /may sell to you now|may sell to this customer now|Confirmed by Microsoft/, name);
    }
  });

  it('prove that nothing changed, or say what differs', () => {
    assert.match(JSON.stringify(cardNamed('request established').card), /7 of your 7 subscriptions are the same/);
    const differs = JSON.stringify(cardNamed('request established, something differs').card);
    assert.match(differs, /Something differs/);
    assert.match(differs, /Office 365 E3: quantity and status differs/);
    assert.match(JSON.stringify(cardNamed('request established elsewhere').card), /no proof can be shown/);
  });

  it('do not speak of an invitation to somebody who asked for a list', () => {
    for (const [language, own] of [['en', en], ['tr', tr]] as const) {
      for (const name of ['refusal of a list, by role', 'refusal of a list, at a customer']) {
        const { card, summary } = everyCard(language).find(([one]) => one === name)?.[1] ?? assert.fail(name);
        assert.equal(summary, own.refusal.titles.other);
        assert.doesNotMatch(JSON.stringify(card), /invit|davet et/i);
      }
    }
  });

  it('say on every card of a trial that it is one, and on no other', () => {
    for (const [name, { card }] of everyCard('en')) assert(JSON.stringify(card).includes(en.trial), name);
    assert(!JSON.stringify(draw('page', { ...penOf('en'), isTrial: false }, 'x', { title: 'x', lines: [], tasks: [], buttons: [], hasButtons: false, notes: [] }).card).includes(en.trial));
  });
});

// ---- Strangers' text ----------------------------------------------------------------------------------------------

const markdown = markdownIt({ html: false, linkify: false });
const nasty = fc.array(
  fc.oneof(
    fc.constantFrom('**', '_', '`', '# ', '- ', '+ ', '1. ', '2) ', '> ', '![x](https://evil.example/x)', '[Approve here](https://evil.example)', '<https://evil.example>', '<b>', '</at>', '<at>', '~~', '|', '\\', '\n', '\r\n\r\n', '\t', '---', '***', '===', '```',
      '${partner}', '${$root.link}', '$', '{', '}', '&lt;', '&#42;', '&', '\u202e', '\u200b', '\u2066', '"', '\'', '[', ']', '(', ')', '!', '👩‍💻', 'İı', '\ud83d', '{{DATE(2026-11-22)}}'),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  ),
  { minLength: 1, maxLength: 12 },
).map((pieces) => pieces.join(''));
const visible = (text: string): boolean => clean(text) !== '';
const nastyNames: fc.Arbitrary<Names> = fc.record({
  partner: nasty.filter(visible), customer: nasty.filter(visible), person: nasty.filter(visible), other: nasty.filter(visible), offer: nasty.filter(visible), reason: nasty.filter(visible), comment: nasty.filter(visible),
});

/** The card without what it says: only what it is built of, and what its Markdown becomes. */
const skeletonOf = (value: unknown, key = ''): unknown =>
  Array.isArray(value) ? value.map((inner) => skeletonOf(inner, key))
  : isPart(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, /^Input/.test(String(value['type'])) && name === 'value' ? '' : skeletonOf(inner, name)]))
  : typeof value !== 'string' ? value
  : key === 'text' || key === 'value' ? (markdown.render(value).match(/<\/?[a-z][^>]*>/g) ?? []).join('')
  : key === 'title' || key === 'fallbackText' ? '' : value;

describe('names that want to be more than names', function () {
  this.timeout(60_000); // every card a hundred times

  it('change nothing about a card but its words', () => {
    const plain = everyCard('tr');

    fc.assert(fc.property(nastyNames, (names) => {
      everyCard('tr', names).forEach(([name, { card, summary }], at) => {
        assert.deepEqual(skeletonOf(card), skeletonOf(plain[at]?.[1].card), name);
        assert.doesNotMatch(JSON.stringify(card) + summary, /\$\{|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
      });
    }), { numRuns: 40 });
  });

  it('are read as they were written', () => {
    fc.assert(fc.property(nasty, (name) => {
      const html = markdown.renderInline(shown(name));
      const read = html.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');

      assert.equal(read, clean(name));
    }), { numRuns: 500 });
  });

  it('neither break the line nor turn it round, and have an end', () => {
    assert.equal(clean('Contoso\r\n\r\n  Ltd\u202e moc'), 'Contoso Ltd moc');
    assert.equal(clean('x'.repeat(200)), `${'x'.repeat(79)}…`);
    assert.equal(clean(`${'x'.repeat(78)}👋👋👋`), `${'x'.repeat(78)}…`);
    assert.equal(shown('**Contoso** & Söhne (2.0)'), '\\*\\*Contoso\\*\\* & Söhne (2.0)');
  });

  it('do no more in a sentence than on a card', () => {
    fc.assert(fc.property(nasty.filter(visible), (name) => {
      const said = [{ view: 'noSuchTenant', asked: name }, { view: 'gaveUp', wish: 'send', about: name }, { view: 'gaveUp', wish: 'send', about: name, needsSignIn: true }, { view: 'gaveUp', wish: 'send', about: name, isDraftOver: true }] as const;
      for (const view of said) {
        const [nastyText, plainText] = [view, 'asked' in view ? { ...view, asked: 'contoso.com' } : { ...view, about: 'contoso.com' }].map((one) => skeletonOf(drawView(one, penOf('tr'), { isTrial: true, installUrl: '', now: () => NOON }), 'text'));
        assert.equal(nastyText, plainText);
      }
    }), { numRuns: 100 });
  });
});

describe('a card drawn part by part', () => {
  const buttons = (about: string) => [{ title: 'Look', verb: 'look', about }, { title: 'Again', verb: 'again', about }];
  const fields = (about: string) => ({ title: `For ${about}`, lines: ['one', about], tasks: [{ title: 't', example: 'e' }], buttons: buttons(about), hasButtons: about !== 'nobody', notes: [] });

  it('is the card that the package draws as a whole, the first time and every time', () => {
    const whole = new Template(JSON.parse(readFileSync(new URL('../../cards/page.json', import.meta.url), 'utf8')));
    for (const about of ['Contoso', 'nobody', 'Fabrikam', 'Contoso', ...Array.from({ length: 40 }, (_, at) => `customer ${at}`), 'Contoso']) {
      const root = { lang: 'en', fallback: about, footer: en.trial, hasFooter: true, ...fields(about) };
      assert.deepEqual(draw('page', penOf('en'), about, fields(about)).card, whole.expand({ $root: root }));
    }
  });

  it('keeps a drawing that came twice in a row, whoever else is drawn for in between; what came once is not kept', () => {
    const titleFor = (about: string): unknown => (draw('page', penOf('en'), about, fields(about)).card.body as readonly unknown[])[0];
    const others = (): void => ['a passer-by', 'another'].forEach(titleFor);
    // More than are kept at a time.
    for (let at = 0; at < 40; at += 1) {
      const about = `Northwind ${at}`;
      assert.notEqual(titleFor(about), titleFor(about), 'the first time may be the last');
      const kept = titleFor(about);
      others();
      assert.equal(titleFor(about), kept);
    }
    const once = titleFor('Tailspin');
    others();
    assert.notEqual(titleFor('Tailspin'), once);
  });
});

describe('a card with a field that nobody filled', () => {
  it('is not drawn at all: a person would read the placeholder', () => {
    assert.throws(() => draw('page', penOf('en'), 'x', { title: 'x' }), CardNotDrawnError);
    assert.throws(() => draw('page', penOf('en'), 'x', { title: 'x' }), CardNotDrawnError, 'nor the second time');
  });
});
