import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decideAnswer } from '../../src/domain/decide-answer.js';
import { askEveryRule, decideInvitation, refusalsAtTheDoor, refusalsOfDraft } from '../../src/domain/decide-invitation.js';
import type { Decision } from '../../src/domain/decision.js';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import type { Answer, Cloud, Known } from '../../src/domain/facts.js';
import type { Invitation } from '../../src/domain/invitation.js';
import { capabilitiesOf, type InvitationFacts } from '../../src/domain/rules.js';
import {
  CAN, ELIF, FABRIKAM, NORTHWIND, aCustomer, aDelegatedAsk, aPartner, aPerson, anAdmin, anAnswer, anInvitation, atTheDoor, inDays, whenAnswering, whenInviting,
} from '../helpers/builders.js';

const refusedBy = (decision: Decision<unknown>): readonly string[] => (decision.outcome === 'refused' ? decision.refusals.map(({ rule }) => rule) : []);
const draft = anInvitation('draft');

describe('inviting a customer', () => {
  it('is allowed when every rule holds', () => {
    const decision = decideInvitation(draft, whenInviting());

    assert.deepEqual(decision, { outcome: 'allowed', allowed: { invitation: draft } });
  });

  it('is refused with the rule, its code and what it is about', () => {
    const decision = decideInvitation(draft, whenInviting({ customer: aCustomer({ isCspPartner: 'yes' }) }));

    assert.deepEqual(decision, { outcome: 'refused', refusals: [{ rule: 'MP-06', code: 'CUSTOMER_IS_CSP_TENANT', about: { customer: 'Contoso' } }] });
  });

  it('is refused with every reason at once', () => {
    const decision = decideInvitation(draft, whenInviting({
      customer: aCustomer({ id: FABRIKAM, isCspPartner: 'yes', cloud: 'usGov', country: 'DE' }), isRelated: 'yes', isOwnReseller: 'yes',
      open: [{ reference: 'PR-7K3-F9M', sentAt: '', halves: ['sell'] }], hasStoppedRequests: true, unanswered: 3,
    }));

    assert.deepEqual(refusedBy(decision), ['MP-08', 'MP-06', 'MP-09', 'MP-41', 'MP-39', 'MP-32', 'MP-31', 'OWN-01', 'OWN-02']);
  });

  it('hears all about the person at once, too', () => {
    const decision = decideInvitation(draft, whenInviting({
      inviter: aPerson({ isGuest: true, roles: [] }), partner: aPartner({ cloud: 'usGov', hasSignedMpa: 'no' }),
    }));

    assert.deepEqual(refusedBy(decision), ['MP-16', 'MP-10', 'MP-42', 'MP-48']);
  });

  it('is refused at the door without a word about the customer', () => {
    const decision = decideInvitation(draft, whenInviting({
      inviter: aPerson({ roles: ['helpdeskAgent'] }), customer: aCustomer({ isCspPartner: 'yes', country: 'DE' }), isRelated: 'yes',
    }));

    assert.deepEqual(refusedBy(decision), ['MP-10']);
    assert.doesNotMatch(JSON.stringify(decision), /contoso/i);
  });

  it('hears all that is wrong with what it asks to manage at once', () => {
    const manage = aDelegatedAsk({ name: '', days: 0, roles: [entraRoles.globalAdministrator], autoExtends: true });

    const decision = decideInvitation(draft, whenInviting({ asks: { sell: true, manage }, capabilities: capabilitiesOf.usGov, isNameTaken: 'yes' }));

    assert.deepEqual(refusedBy(decision), ['MP-44', 'MP-52', 'MP-34', 'MP-51', 'MP-53', 'MP-55', 'MP-12']);
  });

  describe('as a draft', () => {
    const toManage = { sell: true, manage: aDelegatedAsk() };

    it('is kept for a sales agent who asks to manage; only sending it needs an Admin agent', () => {
      const facts = whenInviting({ asks: toManage });

      assert.equal(refusalsOfDraft(facts), undefined);
      assert.deepEqual(refusedBy(decideInvitation(draft, facts)), ['MP-12']);
    });

    it('is sent by the Admin agent to whom it was handed', () => {
      assert.equal(decideInvitation(draft, whenInviting({ asks: toManage, inviter: aPerson({ id: CAN, roles: ['adminAgent'] }) })).outcome, 'allowed');
    });

    it('is refused with every reason at once, like an invitation', () => {
      const facts = whenInviting({ customer: aCustomer({ isCspPartner: 'yes' }), isRelated: 'yes' });

      assert.deepEqual(refusalsOfDraft(facts)?.map(({ rule }) => rule), ['MP-06', 'MP-32']);
    });

    it('is refused at the door without a word about the customer', () => {
      const facts = whenInviting({ inviter: aPerson({ roles: [] }), customer: aCustomer({ isCspPartner: 'yes' }) });

      assert.deepEqual(refusalsOfDraft(facts), [{ rule: 'MP-10', code: 'ROLE_NOT_ALLOWED', about: {} }]);
    });
  });

  it('is let through the door by its own facts only', () => {
    assert.equal(refusalsAtTheDoor(atTheDoor()), undefined);
    assert.deepEqual(refusalsAtTheDoor(atTheDoor({ inviter: aPerson({ roles: [] }) })), [{ rule: 'MP-10', code: 'ROLE_NOT_ALLOWED', about: {} }]);
  });

  it('is allowed while facts are not known: Microsoft decides when the customer accepts', () => {
    const facts = whenInviting({
      partner: aPartner({ country: 'unknown', hasSignedMpa: 'unknown' }), customer: aCustomer({ country: 'unknown', cloud: 'unknown', isCspPartner: 'unknown' }),
      isRelated: 'unknown', isOwnReseller: 'unknown', statedNotCsp: true,
    });

    assert.equal(decideInvitation(draft, facts).outcome, 'allowed');
    assert.deepEqual(askEveryRule(facts).filter(({ verdict }) => verdict === 'unknown').map(({ rule }) => rule), ['MP-48', 'MP-06', 'MP-09', 'MP-41', 'MP-39', 'MP-32']);
  });

  it('shows the inviter every rule with its verdict', () => {
    const asked = askEveryRule(whenInviting());

    assert.deepEqual(asked.map(({ rule }) => rule), [
      'MP-16', 'MP-10', 'MP-42', 'MP-48', 'MP-08', 'MP-06', 'MP-09', 'MP-41', 'MP-39', 'MP-46', 'MP-47', 'MP-40', 'MP-32', 'MP-31', 'OWN-01', 'OWN-02',
      'MP-44', 'MP-52', 'MP-34', 'MP-51', 'MP-53', 'MP-55', 'MP-12',
    ]);
    assert(asked.every(({ verdict }) => verdict === 'holds'));
  });

  it('never turns what is not known into a yes or a no, whatever else is the case', () => {
    const answer = fc.constantFrom<Answer>('yes', 'no', 'unknown');
    const cloud = fc.constantFrom<Known<Cloud>>('commercial', 'usGov', 'china21Vianet', 'unknown');
    const country = fc.constantFrom('TR', 'DE', 'US', 'KP', 'unknown');
    const facts: fc.Arbitrary<InvitationFacts> = fc
      .record({ signed: answer, csp: answer, isRelated: answer, isOwnReseller: answer, isNameTaken: answer, isOurs: answer, theirProvider: country, asksToManage: fc.boolean(), ours: cloud, theirs: cloud, from: country, to: country, statedNotCsp: fc.boolean() })
      .map(({ signed, csp, ours, theirs, from, to, isOurs, theirProvider, asksToManage, ...rest }) => whenInviting({
        partner: aPartner({ hasSignedMpa: signed, cloud: ours, country: from }), customer: aCustomer({ isCspPartner: csp, cloud: theirs, country: to }),
        provider: { name: 'Tailspin', country: theirProvider, isOurs }, asks: { sell: true, ...(asksToManage && { manage: aDelegatedAsk() }) }, ...rest,
      }));

    fc.assert(fc.property(facts, (given) => {
      const { partner, customer, provider, asks, isRelated, isOwnReseller, isNameTaken, statedNotCsp } = given;
      const isUnknown: Readonly<Record<string, boolean>> = {
        'MP-42': partner.cloud === 'unknown',
        'MP-48': partner.hasSignedMpa === 'unknown',
        'MP-06': customer.isCspPartner === 'unknown' && statedNotCsp,
        'MP-41': partner.cloud === 'unknown' || customer.cloud === 'unknown',
        'MP-39': partner.country === 'unknown' || customer.country === 'unknown',
        'MP-32': isRelated === 'unknown',
        'MP-09': isOwnReseller === 'unknown',
        'MP-34': asks.manage !== undefined && isNameTaken === 'unknown',
        'MP-40': partner.country === 'unknown' || provider?.country === 'unknown',
        'MP-47': provider?.isOurs === 'unknown',
      };
      for (const { rule, verdict } of askEveryRule(given)) assert.equal(verdict === 'unknown', isUnknown[rule] ?? false, rule);
    }), { seed: 1, numRuns: 500 });
  });
});

describe('answering an invitation', () => {
  for (const answer of ['approved', 'declined'] as const) {
    for (const invitation of [anInvitation('sent'), anInvitation('delivered')]) {
      it(`lets a Global admin of the customer say ${answer} while it is ${invitation.state}`, () => {
        assert.deepEqual(decideAnswer(answer, whenAnswering({ invitation })), { outcome: 'allowed', allowed: { is: 'new', invitation } });
      });
    }
  }

  it('asks the same for declining as for approving (MP-23)', () => {
    const facts = [
      whenAnswering(), whenAnswering({ person: anAdmin({ isGuest: true }) }), whenAnswering({ person: anAdmin({ roles: ['billingAdmin'] }) }),
      whenAnswering({ person: anAdmin({ tenant: NORTHWIND }) }), whenAnswering({ now: inDays(90) }), whenAnswering({ invitation: anInvitation('cancelled') }),
    ];

    for (const each of facts) assert.deepEqual(decideAnswer('declined', each), decideAnswer('approved', each));
  });

  it('asks about the person as they are in this moment, not as they were when the card came (MP-22)', () => {
    const person = anAdmin();
    const admins = [person, { ...person, roles: ['user' as const] }];

    assert.deepEqual(admins.map((now) => refusedBy(decideAnswer('approved', whenAnswering({ person: now })))), [[], ['MP-13']]);
  });

  it('tells one reason, and a stranger nothing about the invitation', () => {
    const stranger = anAdmin({ tenant: NORTHWIND, isGuest: true, roles: [] });

    const decision = decideAnswer('approved', whenAnswering({ person: stranger, invitation: anInvitation('established'), now: inDays(100) }));

    assert.deepEqual(decision, { outcome: 'refused', refusals: [{ rule: 'MP-15', code: 'WRONG_TENANT', about: {} }] });
  });

  const worse = [
    { rule: 'MP-21', because: 'the answer comes from the side that asked', over: { person: anAdmin({ tenant: FABRIKAM, isGuest: true, roles: [] }) } },
    { rule: 'MP-15', because: 'it comes from another organisation', over: { person: anAdmin({ tenant: NORTHWIND, isGuest: true, roles: [] }) } },
    { rule: 'MP-16', because: 'it comes from a guest', over: { person: anAdmin({ isGuest: true, roles: [] }) } },
    { rule: 'MP-13', because: 'it comes from somebody without the role', over: { person: anAdmin({ roles: ['user'] }) } },
    { rule: 'MP-38', because: 'there is an answer', over: {} },
  ] as const;
  for (const { rule, because, over } of worse) {
    it(`is refused by ${rule} before anything later in the list when ${because}`, () => {
      assert.deepEqual(refusedBy(decideAnswer('approved', whenAnswering({ invitation: anInvitation('cancelled'), now: inDays(100), ...over }))), [rule]);
    });
  }

  it('is refused by MP-37 when nobody answered in time', () => {
    assert.deepEqual(refusedBy(decideAnswer('approved', whenAnswering({ now: inDays(90) }))), ['MP-37']);
  });

  describe('a second time', () => {
    const approved = anInvitation('awaitingAuthority');
    const declined = anInvitation('declined');

    it('by the same person with the same answer is success, and nothing new', () => {
      assert.deepEqual(decideAnswer('approved', whenAnswering({ invitation: approved })), { outcome: 'allowed', allowed: { is: 'repeated' } });
      assert.deepEqual(decideAnswer('declined', whenAnswering({ invitation: declined })), { outcome: 'allowed', allowed: { is: 'repeated' } });
      assert.deepEqual(decideAnswer('approved', whenAnswering({ invitation: anInvitation('established'), now: inDays(100) })), { outcome: 'allowed', allowed: { is: 'repeated' } });
    });

    it('with the other answer is refused: an answer is never taken back', () => {
      assert.deepEqual(refusedBy(decideAnswer('declined', whenAnswering({ invitation: approved }))), ['MP-38']);
      assert.deepEqual(refusedBy(decideAnswer('approved', whenAnswering({ invitation: declined }))), ['MP-38']);
    });

    it('by another admin is refused, with the state that the first one brought about', () => {
      const decision = decideAnswer('approved', whenAnswering({ invitation: approved, person: anAdmin({ id: CAN, name: 'Can Öz' }) }));

      assert.deepEqual(decision, { outcome: 'refused', refusals: [{ rule: 'MP-38', code: 'INVITATION_CLOSED', about: { state: 'awaitingAuthority' } }] });
    });

    it('by somebody who lost the role since is refused, although the answer was theirs', () => {
      assert.deepEqual(refusedBy(decideAnswer('approved', whenAnswering({ invitation: approved, person: anAdmin({ roles: ['user'] }) }))), ['MP-13']);
    });

    it('is refused where Microsoft alone established it and nobody answered here', () => {
      const { answer: _, ...unanswered } = anInvitation('established');
      const invitation: Invitation = unanswered;

      assert.deepEqual(refusedBy(decideAnswer('approved', whenAnswering({ invitation }))), ['MP-38']);
    });
  });

  it('is never given by the one who asked, not even from the right tenant with the right role (MP-21)', () => {
    const invitation = anInvitation('awaitingAuthority', { answer: anAnswer({ by: { id: ELIF, name: 'Elif Kaya' } }) });

    assert.deepEqual(refusedBy(decideAnswer('approved', whenAnswering({ invitation, person: anAdmin({ id: ELIF }) }))), ['MP-21']);
  });
});
