import assert from 'node:assert/strict';
import { decideAnswer } from '../../src/domain/decide-answer.js';
import { decideInvitation } from '../../src/domain/decide-invitation.js';
import type { Decision } from '../../src/domain/decision.js';
import type { CustomerRole, PartnerRole, PartnerType } from '../../src/domain/facts.js';
import type { Asks } from '../../src/domain/invitation.js';
import { capabilitiesOf } from '../../src/domain/rules.js';
import { figure } from '../guarantees/figure.js';
import { CONTOSO, FABRIKAM, NORTHWIND, aCustomer, aDelegatedAsk, aPartner, aPerson, anAdmin, anInvitation, whenAnswering, whenInviting } from '../helpers/builders.js';

const codesOf = (decision: Decision<unknown>): readonly string[] => (decision.outcome === 'refused' ? decision.refusals.map(({ code }) => code) : []);
const told = (codes: readonly string[]): string => (codes.length === 0 ? 'may' : `may not (${codes.join(', ')}):`);

const partnerRoles = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent', 'helpdeskAgent', 'none'] as const satisfies readonly (PartnerRole | 'none')[];
const clouds = ['commercial', 'usGov'] as const;
const partnerTypes = ['directBill', 'indirectProvider', 'indirectReseller'] as const satisfies readonly PartnerType[];
const kinds: Readonly<Record<'sell' | 'manage' | 'sell and manage', Asks>> = {
  sell: { sell: true }, manage: { sell: false, manage: aDelegatedAsk() }, 'sell and manage': { sell: true, manage: aDelegatedAsk() },
};
type Kind = keyof typeof kinds;

type Asking = { readonly role: (typeof partnerRoles)[number]; readonly cloud: (typeof clouds)[number]; readonly type: PartnerType; readonly kind: Kind; readonly hasProvider: boolean };

/** Written from Microsoft's pages and not from the rules: what the table has to say. */
const expectedOf = ({ role, cloud, type, kind, hasProvider }: Asking): readonly string[] => {
  if (role === 'helpdeskAgent' || role === 'none') return ['ROLE_NOT_ALLOWED'];
  const sells = kind !== 'manage';
  const manages = kind !== 'sell';
  return [
    ...(sells && type === 'indirectReseller' && !hasProvider ? ['NEEDS_INDIRECT_PROVIDER'] : []),
    ...(manages && cloud === 'usGov' ? ['GDAP_NOT_IN_CLOUD'] : []),
    ...(manages && role !== 'adminAgent' ? ['GDAP_NEEDS_ADMIN_AGENT'] : []),
  ];
};

const asked = ({ role, cloud, type, kind, hasProvider }: Asking): Decision<unknown> => {
  const country = cloud === 'usGov' ? 'US' : 'TR';
  return decideInvitation(anInvitation('draft'), whenInviting({
    inviter: aPerson({ roles: role === 'none' ? [] : [role] }), partner: aPartner({ cloud, type, country }), customer: aCustomer({ cloud, country }),
    cloud, capabilities: capabilitiesOf[cloud], asks: kinds[kind], ...(hasProvider && { provider: { name: 'Tailspin', country, isOurs: 'yes' } }),
  }));
};

describe('who may ask for what', () => {
  const rows = partnerRoles.flatMap((role) => clouds.flatMap((cloud) => partnerTypes.flatMap((type) => (Object.keys(kinds) as readonly Kind[]).flatMap((kind) =>
    (type === 'indirectReseller' ? [false, true] : [false]).map((hasProvider): Asking => ({ role, cloud, type, kind, hasProvider }))))));

  for (const row of rows) {
    const expected = expectedOf(row);
    it(`${row.role} of a partner that is ${row.type}${row.hasProvider ? ' with its provider' : ''}, in ${row.cloud}, ${told(expected)} ask to ${row.kind}`, () => {
      assert.deepEqual(codesOf(asked(row)), expected);
    });
  }

  it('is told for every role, cloud, type of partner and kind of request', () => {
    const byMistake = rows.filter((row) => expectedOf(row).length > 0 && codesOf(asked(row)).length === 0);
    figure('G8', `${rows.length} ways to ask, ${byMistake.length} allowed by mistake`);
    assert.deepEqual(byMistake, []);
    assert.equal(rows.length, 6 * 2 * (3 + 1) * 3);
  });
});

const customerRoles = ['globalAdmin', 'billingAdmin', 'user', 'none'] as const satisfies readonly (CustomerRole | 'none')[];
const tenants = { 'the invited customer': CONTOSO, 'the partner that asked': FABRIKAM, 'another organisation': NORTHWIND } as const;
type Whose = keyof typeof tenants;

type Answering = { readonly role: (typeof customerRoles)[number]; readonly isGuest: boolean; readonly whose: Whose };

/** The first no is the only one told. */
const refusalOf = ({ role, isGuest, whose }: Answering): readonly string[] => {
  if (whose !== 'the invited customer') return ['WRONG_TENANT'];
  if (isGuest) return ['GUEST_NOT_ALLOWED'];
  return role === 'globalAdmin' ? [] : ['APPROVER_NOT_GLOBAL_ADMIN'];
};

describe('who may answer', () => {
  const rows = customerRoles.flatMap((role) => [false, true].flatMap((isGuest) => (Object.keys(tenants) as readonly Whose[]).map((whose): Answering => ({ role, isGuest, whose }))));

  const answered = (answer: 'approved' | 'declined', { role, isGuest, whose }: Answering): Decision<unknown> =>
    decideAnswer(answer, whenAnswering({ person: anAdmin({ roles: role === 'none' ? [] : [role], isGuest, tenant: tenants[whose] }) }));

  for (const answer of ['approved', 'declined'] as const) {
    for (const row of rows) {
      const expected = refusalOf(row);
      it(`${row.role}${row.isGuest ? ' as a guest' : ''} of ${row.whose} ${told(expected)} say ${answer}`, () => {
        assert.deepEqual(codesOf(answered(answer, row)), expected);
      });
    }
  }

  it('is told for every role, for guests and members, and for every tenant', () => {
    const answers = ['approved', 'declined'] as const;
    const byMistake = rows.filter((row) => refusalOf(row).length > 0 && answers.some((answer) => codesOf(answered(answer, row)).length === 0));
    figure('G8', `${rows.length * answers.length} ways to answer, ${byMistake.length} allowed by mistake`);
    assert.deepEqual(byMistake, []);
    assert.equal(rows.length, 4 * 2 * 3);
  });
});
