import assert from 'node:assert/strict';
import { finalStates, isAnswerable, isOpen, openStates, type Invitation } from '../../src/domain/invitation.js';
import * as step from '../../src/domain/steps.js';
import { NOON, anAnswer, anInvitation, anyInvitation, everyState, guid, inDays } from '../helpers/builders.js';

const wish = { link: 'https://admin.microsoft.com/link', reason: 'Azure backup', statedNotCsp: true, validForDays: 90 };
const draft = anInvitation('draft', { reason: '', statedNotCsp: false, version: 1 });

describe('the states of an invitation', () => {
  it('are a draft, the open ones and the final ones, and no others', () => {
    assert.deepEqual(['draft', ...openStates, ...finalStates].sort(), [...everyState].sort());
  });

  for (const state of everyState) {
    it(`${state} is ${(openStates as readonly string[]).includes(state) ? '' : 'not '}open`, () => {
      assert.equal(isOpen(anyInvitation(state)), (openStates as readonly string[]).includes(state));
    });
  }

  it('may be answered while open and unanswered', () => {
    assert.deepEqual(everyState.filter((state) => isAnswerable(anyInvitation(state))), ['sent', 'delivered']);
  });
});

describe('an invitation', () => {
  it('is sent with its link, the reason that the customer reads, and its last day', () => {
    const sent = step.sent(draft, wish, NOON);

    assert.deepEqual(sent, {
      ...draft, state: 'sent', version: 2, link: wish.link, reason: 'Azure backup', statedNotCsp: true, sentAt: NOON.toISOString(), expiresAt: inDays(90).toISOString(),
    });
  });

  it('is valid for as many days as the deployment says, counted in hours and not in calendar days', () => {
    assert.equal(step.sent(draft, { ...wish, validForDays: 1 }, new Date('2026-03-28T23:30:00.000Z')).expiresAt, '2026-03-29T23:30:00.000Z');
  });

  it('is approved here, and waits for Microsoft', () => {
    const approved = step.answered(anInvitation('delivered'), anAnswer());

    assert.equal(approved.state, 'awaitingAuthority');
    assert.deepEqual(approved.answer, anAnswer());
  });

  it('is declined here, and that is its end', () => {
    const declined = step.answered(anInvitation('sent'), anAnswer({ answer: 'declined', reason: 'notNow' }));

    assert.equal(declined.state, 'declined');
    assert(!isOpen(declined));
  });

  for (const state of openStates) {
    it(`is established from ${state}, whenever Microsoft shows the relationship`, () => {
      const established = step.established(anInvitation(state), inDays(2).toISOString());

      assert.equal(established.state, 'established');
      assert.equal(established.establishedAt, inDays(2).toISOString());
    });
  }

  it('keeps who approved it once it is established, and names nobody where nobody answered here', () => {
    assert.deepEqual(step.established(anInvitation('awaitingAuthority'), inDays(2).toISOString()).answer, anAnswer());
    assert.equal(step.established(anInvitation('delivered'), inDays(2).toISOString()).answer, undefined);
  });

  it('expires on its last day, however late somebody looks, and keeps an approval that came to nothing', () => {
    const expired = step.expired(anInvitation('awaitingAuthority'));

    assert.equal(expired.expiredAt, inDays(90).toISOString());
    assert.deepEqual(expired.answer, anAnswer());
  });

  for (const ended of [anInvitation('declined'), anInvitation('expired'), anInvitation('cancelled')]) {
    it(`stays ${ended.state} when the relationship comes after all; that is written beside it`, () => {
      assert.deepEqual(step.foundLate(ended, inDays(100).toISOString()), { ...ended, version: ended.version + 1, foundLateAt: inDays(100).toISOString() });
    });
  }

  it('that was never sent ends as replaced, or as refused by Microsoft with its own words', () => {
    assert.deepEqual(step.superseded(draft, NOON.toISOString()), { ...draft, version: 2, state: 'superseded', supersededAt: NOON.toISOString() });
    assert.deepEqual(step.failed(draft, '2032', guid(41), NOON.toISOString()), {
      ...draft, version: 2, state: 'failed', authorityCode: '2032', correlationId: guid(41), failedAt: NOON.toISOString(),
    });
  });

  it('counts every step, and never changes who asked whom for what', () => {
    const sent = step.sent(draft, wish, NOON);
    const delivered = step.delivered(sent, inDays(1));
    const approved = step.answered(delivered, anAnswer()) as ReturnType<typeof anInvitation<'awaitingAuthority'>>;
    const life: readonly Invitation[] = [draft, sent, delivered, approved, step.established(approved, inDays(2).toISOString())];

    assert.deepEqual(life.map(({ version }) => version), [1, 2, 3, 4, 5]);
    for (const { id, reference, kind, cloud, partner, customer, inviter, createdAt } of life) {
      assert.deepEqual({ id, reference, kind, cloud, partner, customer, inviter, createdAt }, {
        id: draft.id, reference: draft.reference, kind: draft.kind, cloud: draft.cloud, partner: draft.partner, customer: draft.customer, inviter: draft.inviter, createdAt: draft.createdAt,
      });
    }
  });

  it('is never changed in place: a step makes a new value', () => {
    const before = structuredClone(draft);

    step.sent(draft, wish, NOON);

    assert.deepEqual(draft, before);
  });
});

describe('forward only', () => {
  it('is what the compiler holds: no step leads out of an end, back, or past one', () => {
    // @ts-expect-error what was declined is not sent again
    step.sent(anInvitation('declined'), wish, NOON);
    // @ts-expect-error what was answered is not delivered again
    step.delivered(anInvitation('awaitingAuthority'), NOON);
    // @ts-expect-error an answer is not given twice
    step.answered(anInvitation('declined'), anAnswer());
    // @ts-expect-error a draft establishes nothing
    step.established(anInvitation('draft'), NOON.toISOString());
    // @ts-expect-error what ended cannot be established; that is found late
    step.established(anInvitation('expired'), NOON.toISOString());
    // @ts-expect-error what is established does not expire
    step.expired(anInvitation('established'));
    // @ts-expect-error what was sent is not replaced
    step.superseded(anInvitation('sent'), NOON.toISOString());
  });
});
