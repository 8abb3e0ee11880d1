import assert from 'node:assert/strict';
import { finalStates, halvesOf, isAnswerable, isEndedWithout, isOpen, isStanding, missingHalves, openStates, unreachable, type Answered, type Grant, type Invitation } from '../../src/domain/invitation.js';
import { asReferenceCode } from '../../src/domain/ids.js';
import * as step from '../../src/domain/steps.js';
import { CAN, CONTOSO, DENIZ, ELIF, FABRIKAM, NOON, aDelegatedAsk, aRelationshipId, anAnswer, anInvitation, anyInvitation, everyState, guid, inDays } from '../helpers/builders.js';

const wish = { link: 'https://admin.microsoft.com/link', reason: 'Azure backup', statedNotCsp: true, validForDays: 90 };
const draft = anInvitation('draft', { reason: '', statedNotCsp: false, version: 1 });
const elif = { id: ELIF, name: 'Elif Kaya' };
const deniz = { id: DENIZ, name: 'Deniz Çelik' };
const answerOf = (invitation: Invitation): Answered | undefined => ('answer' in invitation ? invitation.answer : undefined);

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
      const seen = step.halfSeen(anInvitation(state), 'sell', inDays(2).toISOString());

      assert(seen.state === 'established');
      assert.equal(seen.establishedAt, inDays(2).toISOString());
    });
  }

  it('keeps who approved it once it is established, and names nobody where nobody answered here', () => {
    assert.deepEqual(answerOf(step.halfSeen(anInvitation('awaitingAuthority'), 'sell', inDays(2).toISOString())), anAnswer());
    assert.equal(answerOf(step.halfSeen(anInvitation('delivered'), 'sell', inDays(2).toISOString())), undefined);
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
    const life: readonly Invitation[] = [draft, sent, delivered, approved, step.halfSeen(approved, 'sell', inDays(2).toISOString())];

    assert.deepEqual(life.map(({ version }) => version), [1, 2, 3, 4, 5]);
    for (const { id, reference, asks, cloud, partner, customer, inviter, createdAt } of life) {
      assert.deepEqual({ id, reference, asks, cloud, partner, customer, inviter, createdAt }, {
        id: draft.id, reference: draft.reference, asks: draft.asks, cloud: draft.cloud, partner: draft.partner, customer: draft.customer, inviter: draft.inviter, createdAt: draft.createdAt,
      });
    }
  });

  it('is never changed in place: a step makes a new value', () => {
    const before = structuredClone(draft);

    step.sent(draft, wish, NOON);

    assert.deepEqual(draft, before);
  });
});

describe('the halves of an invitation', () => {
  const both = { sell: true, manage: aDelegatedAsk() };

  it('are what it asks for: to sell, to manage, or both', () => {
    assert.deepEqual(halvesOf({ sell: true }), ['sell']);
    assert.deepEqual(halvesOf({ sell: false, manage: aDelegatedAsk() }), ['manage']);
    assert.deepEqual(halvesOf(both), ['sell', 'manage']);
  });

  for (const [first, second] of [['sell', 'manage'], ['manage', 'sell']] as const) {
    it(`are seen in either order: first ${first}, then ${second}, and only then is it established (MP-29)`, () => {
      const invitation = anInvitation('awaitingAuthority', { asks: both });

      const half = step.halfSeen(invitation, first, inDays(2).toISOString());
      assert(half.state === 'awaitingAuthority');
      assert.deepEqual(missingHalves(half), [second]);
      assert.equal(half.version, invitation.version + 1);

      const whole = step.halfSeen(half, second, inDays(5).toISOString());
      assert(whole.state === 'established');
      assert.equal(whole.establishedAt, inDays(5).toISOString());
      assert.deepEqual(whole.seen, { [first]: inDays(2).toISOString(), [second]: inDays(5).toISOString() });
      assert.deepEqual(missingHalves(whole), []);
    });
  }

  for (const state of ['sent', 'delivered'] as const) {
    it(`leave it ${state} while one is missing: nobody answered here`, () => {
      assert.equal(step.halfSeen(anInvitation(state, { asks: both }), 'manage', inDays(2).toISOString()).state, state);
    });
  }

  it('are all missing before Microsoft shows any', () => {
    assert.deepEqual(missingHalves(anInvitation('sent', { asks: both })), ['sell', 'manage']);
    assert.deepEqual(missingHalves(anInvitation('draft', { asks: both })), ['sell', 'manage']);
  });

  it('are kept when it expires with one of them seen', () => {
    const half = step.halfSeen(anInvitation('awaitingAuthority', { asks: both }), 'sell', inDays(2).toISOString());

    assert(isOpen(half));
    assert.deepEqual(missingHalves(step.expired(half)), ['manage']);
  });

  it('carry both links when sent, and one when only one is asked', () => {
    const delegated = { relationship: aRelationshipId(71), link: 'https://admin.microsoft.com/AdminPortal/Home#/partners/granularadminrelationships/1' };

    assert.deepEqual(step.sent(anInvitation('draft', { asks: both }), { ...wish, delegated }, NOON).delegated, delegated);
    assert(!('delegated' in step.sent(draft, wish, NOON)));
  });
});

describe('a draft that somebody else finishes', () => {
  const can = { id: CAN, name: 'Can Öz' };

  it('is handed to them with a note, and stays a draft of the one who invited', () => {
    const handed = step.handedOver(draft, can, 'Please send today');

    assert.deepEqual(handed, { ...draft, version: 2, handedTo: can, handOverNote: 'Please send today' });
  });

  it('needs no note', () => {
    assert(!('handOverNote' in step.handedOver(draft, can, '')));
  });

  it('comes back with a note of theirs, and is nobody else’s any more', () => {
    const back = step.handedBack(step.handedOver(draft, can, 'Please send today'), 'Ask for less');

    assert.deepEqual(back, { ...draft, version: 3, handOverNote: 'Ask for less' });
  });

  it('comes back without a note, too', () => {
    assert.deepEqual(step.handedBack(step.handedOver(draft, can, 'Please send today'), ''), { ...draft, version: 3 });
  });
});

describe('an open invitation', () => {
  const replacement = asReferenceCode('PR-4TM-H6T');

  for (const state of openStates) {
    it(`is withdrawn while it is ${state}, with the name of the one who did`, () => {
      const cancelled = step.cancelled(anInvitation(state), elif, inDays(3));

      assert.equal(cancelled.state, 'cancelled');
      assert.equal(cancelled.cancelledAt, inDays(3).toISOString());
      assert.deepEqual(cancelled.cancelledBy, elif);
    });

    it(`is replaced while it is ${state}, and names what replaces it`, () => {
      const superseded = step.superseded(anInvitation(state), inDays(3).toISOString(), replacement);

      assert.equal(superseded.state, 'superseded');
      assert.equal(superseded.supersededBy, replacement);
    });

    it(`stays ${state} when it is opened, talked about, suggested about or reminded of`, () => {
      const invitation = anInvitation(state);
      const remark = { side: 'customer', by: deniz, at: NOON.toISOString(), text: 'Why Exchange?' } as const;
      const suggestion = { by: deniz, at: NOON.toISOString(), roles: [], days: 90 };

      for (const after of [step.opened(invitation, NOON), step.remarked(invitation, remark), step.suggested(invitation, suggestion), step.reminded(invitation, NOON)]) {
        assert.equal(after.state, state);
        assert.equal(after.version, invitation.version + 1);
      }
    });
  }

  it('that was replaced may still come to be at Microsoft; a replaced draft never can', () => {
    assert(isEndedWithout(step.superseded(anInvitation('sent'), NOON.toISOString(), replacement)));
    assert(!isEndedWithout(step.superseded(draft, NOON.toISOString(), replacement)));
  });

  it('keeps the whole talk in its order', () => {
    const question = { side: 'customer', by: deniz, at: inDays(1).toISOString(), text: 'Why Exchange?' } as const;
    const answer = { side: 'partner', by: elif, at: inDays(2).toISOString(), text: 'To move your mail.' } as const;

    assert.deepEqual(step.remarked(step.remarked(anInvitation('delivered'), question), answer).remarks, [question, answer]);
  });

  it('keeps the last suggestion of less access', () => {
    const half = { by: deniz, at: inDays(1).toISOString(), roles: aDelegatedAsk().roles.slice(1), days: 180 };
    const least = { ...half, days: 90 };

    assert.deepEqual(step.suggested(step.suggested(anInvitation('delivered'), half), least).suggestion, least);
  });

  it('keeps every reminder', () => {
    assert.deepEqual(step.reminded(step.reminded(anInvitation('delivered'), inDays(7)), inDays(14)).reminders, [inDays(7).toISOString(), inDays(14).toISOString()]);
  });

  it('remembers when it was opened', () => {
    assert.equal(step.opened(anInvitation('delivered'), inDays(1)).openedAt, inDays(1).toISOString());
  });
});

describe('what ended without a relationship', () => {
  it('was declined, has expired, was withdrawn, or was replaced after it was sent', () => {
    assert.deepEqual(everyState.filter((state) => isEndedWithout(anyInvitation(state))), ['declined', 'expired', 'cancelled']);
  });
});

describe('a relationship', () => {
  const grant: Grant = { kind: 'reseller', partner: FABRIKAM, customer: CONTOSO, seenAt: NOON.toISOString(), origin: 'invitation' };

  it('stands until it has ended', () => {
    assert(isStanding(grant));
    assert(!isStanding({ ...grant, ended: { at: inDays(1).toISOString(), how: 'terminated' } }));
  });
});

describe('what cannot be', () => {
  it('is an accident, not an answer', () => {
    assert.throws(() => unreachable('lost' as never), /This cannot be: "lost"/);
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
    step.halfSeen(anInvitation('draft'), 'sell', NOON.toISOString());
    // @ts-expect-error what ended cannot be established; that is found late
    step.halfSeen(anInvitation('expired'), 'sell', NOON.toISOString());
    // @ts-expect-error what is established does not expire
    step.expired(anInvitation('established'));
    // @ts-expect-error what is established is not replaced
    step.superseded(anInvitation('established'), NOON.toISOString());
    // @ts-expect-error what was never sent is not withdrawn
    step.cancelled(anInvitation('draft'), elif, NOON);
    // @ts-expect-error what was sent is not handed over
    step.handedOver(anInvitation('sent'), elif, '');
    // @ts-expect-error nobody talks about what has ended
    step.remarked(anInvitation('declined'), { side: 'customer', by: elif, at: NOON.toISOString(), text: 'Why?' });
    // @ts-expect-error nobody is reminded of what is established
    step.reminded(anInvitation('established'), NOON);
  });
});
