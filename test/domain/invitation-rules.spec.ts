import assert from 'node:assert/strict';
import type { Verdict } from '../../src/domain/rule.js';
import * as rules from '../../src/domain/rules.js';
import { CONTOSO, FABRIKAM, NORTHWIND, aCustomer, aPartner, refuses, whenInviting } from '../helpers/builders.js';

describe('the rules about a customer', () => {
  describe('MP-06: no resale to another CSP partner', () => {
    const { asks } = rules.noResaleToPartner;

    it('holds for a tenant that is no CSP partner', () => {
      assert.equal(asks(whenInviting()), 'holds');
    });

    it('refuses a tenant that is one, whatever the inviter states', () => {
      const customer = aCustomer({ isCspPartner: 'yes' });

      assert.deepEqual(asks(whenInviting({ customer })), refuses({ customer: 'Contoso' }));
      assert.deepEqual(asks(whenInviting({ customer, statedNotCsp: true })), refuses({ customer: 'Contoso' }));
    });

    it('takes the statement of the inviter where Microsoft does not say, and still does not know', () => {
      assert.equal(asks(whenInviting({ customer: aCustomer({ isCspPartner: 'unknown' }), statedNotCsp: true })), 'unknown');
    });

    it('refuses where Microsoft does not say and the inviter does not state it either', () => {
      assert.deepEqual(asks(whenInviting({ customer: aCustomer({ isCspPartner: 'unknown' }) })), refuses({ customer: 'Contoso' }));
    });

    it('is about the tenant: the same company may buy into another one (MP-07)', () => {
      assert.equal(asks(whenInviting({ customer: aCustomer({ id: NORTHWIND, name: 'Fabrikam' }) })), 'holds');
    });
  });

  describe('MP-08: no sale to oneself', () => {
    it('refuses the tenant of the partner, and only that', () => {
      assert.deepEqual(rules.noSaleToOneself.asks(whenInviting({ customer: aCustomer({ id: FABRIKAM }) })), refuses());
      assert.equal(rules.noSaleToOneself.asks(whenInviting({ customer: aCustomer({ id: CONTOSO }) })), 'holds');
    });
  });

  describe('MP-31: one open invitation', () => {
    it('names the one that is open', () => {
      const open = { reference: 'PR-7K3-F9M', sentAt: '2026-11-20T09:00:00.000Z' };

      assert.deepEqual(rules.oneOpenInvitation.asks(whenInviting({ open })), refuses({ customer: 'Contoso', date: open.sentAt, reference: open.reference }));
      assert.equal(rules.oneOpenInvitation.asks(whenInviting()), 'holds');
    });
  });

  describe('MP-32: a customer already', () => {
    it('is not asked again', () => {
      assert.deepEqual(rules.notYetRelated.asks(whenInviting({ isRelated: 'yes' })), refuses({ customer: 'Contoso' }));
      assert.equal(rules.notYetRelated.asks(whenInviting({ isRelated: 'no' })), 'holds');
    });

    it('may be one without our knowing', () => {
      assert.equal(rules.notYetRelated.asks(whenInviting({ isRelated: 'unknown' })), 'unknown');
    });
  });

  describe('MP-39: one market', () => {
    const between = (partner: string, customer: string): Verdict => rules.sameMarket.asks(whenInviting({ partner: aPartner({ country: partner }), customer: aCustomer({ country: customer }) }));

    it('holds in one country and in the countries of one market', () => {
      assert.equal(between('TR', 'TR'), 'holds');
      assert.equal(between('DE', 'FR'), 'holds');
    });

    it('refuses another market, with both countries', () => {
      assert.deepEqual(between('TR', 'DE'), refuses({ partner: 'Fabrikam', partnerCountry: 'TR', customer: 'Contoso', country: 'DE' }));
    });

    it('refuses two countries that are both in no market', () => {
      assert.notEqual(between('KP', 'KP'), 'holds');
    });

    for (const [partner, customer] of [['unknown', 'TR'], ['TR', 'unknown'], ['unknown', 'unknown']] as const) {
      it(`cannot tell for a partner in ${partner} and a customer in ${customer}`, () => {
        assert.equal(between(partner, customer), 'unknown');
      });
    }
  });

  describe('MP-41: one cloud', () => {
    const clouds = ['commercial', 'usGov', 'china21Vianet', 'unknown'] as const;

    for (const ours of clouds) {
      for (const theirs of clouds) {
        const expected = ours === 'unknown' || theirs === 'unknown' ? 'unknown' : ours === theirs ? 'holds' : refuses({ cloud: ours, customerCloud: theirs });
        it(`${typeof expected === 'object' ? 'refuses' : expected === 'holds' ? 'holds for' : 'cannot tell for'} a partner in ${ours} and a customer in ${theirs}`, () => {
          assert.deepEqual(rules.sameCloud.asks(whenInviting({ partner: aPartner({ cloud: ours }), customer: aCustomer({ cloud: theirs }) })), expected);
        });
      }
    }
  });

  it('never look at other partners of the customer: several may serve it (MP-05, MP-33)', () => {
    const facts = Object.keys(whenInviting({ open: { reference: 'PR-7K3-F9M', sentAt: '' } })).sort();

    assert.deepEqual(facts, ['cloud', 'customer', 'inviter', 'isRelated', 'isResellerRequestOffered', 'open', 'partner', 'statedNotCsp']);
  });
});
