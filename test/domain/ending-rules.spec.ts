import assert from 'node:assert/strict';
import { ask, refusalsIn } from '../../src/domain/decision.js';
import type { Blocker } from '../../src/domain/delegated-admin.js';
import * as rules from '../../src/domain/rules.js';
import { aPerson, anAdmin, everyRole, inDays, refuses } from '../helpers/builders.js';

const whenEnding = (over: Partial<rules.EndFacts> = {}): rules.EndFacts => ({ person: aPerson(), partner: { type: 'directBill' }, blockers: [], ...over });
const blocker = (code: Blocker['code'], name: string, until = ''): Blocker => ({ code, name, until });

const inTheWay = [
  blocker('ACTIVE_SUBSCRIPTIONS', 'Office 365 E3'), blocker('NCE_NOT_CANCELLED', 'Microsoft 365 Business Premium', inDays(120).toISOString()),
  blocker('ACTIVE_RESERVATIONS', 'Virtual machines, 3 years', inDays(800).toISOString()), blocker('ACTIVE_SOFTWARE', 'Windows Server 2022'),
];

describe('the rules about ending', () => {
  describe('MP-17: who removes the reseller relationship', () => {
    for (const type of ['directBill', 'indirectProvider'] as const) {
      it(`may be a partner that is ${type}`, () => {
        assert.equal(rules.resellersAskTheirProvider.asks(whenEnding({ partner: { type } })), 'holds');
      });
    }

    it('is not an indirect reseller, which asks its provider', () => {
      const refusals = refusalsIn(ask(rules.endRules, whenEnding({ partner: { type: 'indirectReseller' } })));

      assert.deepEqual(refusals, [{ rule: 'MP-17', code: 'INDIRECT_RESELLER_CANNOT_REMOVE', about: {} }]);
    });

    for (const role of everyRole) {
      const may = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent'].includes(role);
      it(`${may ? 'may' : 'may not'} be somebody who is only ${role}`, () => {
        assert.deepEqual(rules.endingNeedsARole.asks(whenEnding({ person: aPerson({ roles: [role] }) })), may ? 'holds' : refuses());
      });
    }

    it('is not a guest, whatever their role', () => {
      const refusals = refusalsIn(ask(rules.endRules, whenEnding({ person: aPerson({ isGuest: true, roles: ['globalAdmin'] }) })));

      assert.deepEqual(refusals, [{ rule: 'MP-17', code: 'ROLE_NOT_ALLOWED', about: {} }]);
    });
  });

  describe('MP-19: who ends delegated administration', () => {
    const { asks } = rules.eitherSideEndsAccess;

    for (const [side, role] of [['partner', 'adminAgent'], ['customer', 'globalAdmin']] as const) {
      for (const each of everyRole) {
        it(`${each === role ? 'may' : 'may not'} be somebody of the ${side} who is only ${each}`, () => {
          assert.deepEqual(asks({ person: anAdmin({ roles: [each] }), side, status: 'active' }), each === role ? 'holds' : refuses());
        });
      }

      it(`is no guest of the ${side}, whatever their role`, () => {
        assert.deepEqual(asks({ person: anAdmin({ isGuest: true, roles: [role] }), side, status: 'active' }), refuses());
      });
    }

    it('asks nobody of the partner when the customer does it (MP-18)', () => {
      const facts: rules.RemovalFacts = { person: anAdmin(), side: 'customer', status: 'active' };

      assert.deepEqual(ask(rules.removalRules, facts).map(({ rule, verdict }) => [rule, verdict]), [['MP-19', 'holds'], ['MP-63', 'holds']]);
    });
  });

  describe('what is in the way of ending', () => {
    for (const [rule, code, name] of [
      [rules.noActiveSubscriptions, 'ACTIVE_SUBSCRIPTIONS', 'MP-76: active subscriptions'], [rules.noReservations, 'ACTIVE_RESERVATIONS', 'MP-77: reservations'],
      [rules.noSoftware, 'ACTIVE_SOFTWARE', 'MP-77: software'], [rules.noRunningTerms, 'NCE_NOT_CANCELLED', 'MP-78: running terms'],
    ] as const) {
      it(`${name} are named with the day on which they end by themselves, and nothing of another kind`, () => {
        const about = { n: '2', list: 'One\nTwo', until: `${inDays(30).toISOString()}\n` };
        const blockers = [blocker(code, 'One', inDays(30).toISOString()), blocker(code, 'Two'), ...inTheWay.filter((one) => one.code !== code)];

        assert.equal(rule.code, code);
        assert.deepEqual(rule.asks(whenEnding({ blockers })), refuses(about));
        assert.equal(rule.asks(whenEnding({ blockers: blockers.slice(2) })), 'holds');
      });
    }

    it('is all told at once (MP-80: nothing of it is ever cleared away)', () => {
      const refusals = refusalsIn(ask(rules.endRules, whenEnding({ blockers: inTheWay })));

      assert.deepEqual(refusals.map(({ rule, code, about }) => [rule, code, about.n, about.list]), [
        ['MP-76', 'ACTIVE_SUBSCRIPTIONS', '1', 'Office 365 E3'], ['MP-78', 'NCE_NOT_CANCELLED', '1', 'Microsoft 365 Business Premium'],
        ['MP-77', 'ACTIVE_RESERVATIONS', '1', 'Virtual machines, 3 years'], ['MP-77', 'ACTIVE_SOFTWARE', '1', 'Windows Server 2022'],
      ]);
    });

    it('is nothing where the partner has nothing left there', () => {
      assert.deepEqual(refusalsIn(ask(rules.endRules, whenEnding())), []);
    });
  });

  it('look at the partner’s own things only: no other partner is touched (MP-79)', () => {
    assert.deepEqual(Object.keys(whenEnding()).sort(), ['blockers', 'partner', 'person']);
  });
});
