import assert from 'node:assert/strict';
import type { Half } from '../../src/domain/invitation.js';
import type { Verdict } from '../../src/domain/rule.js';
import * as rules from '../../src/domain/rules.js';
import { CONTOSO, FABRIKAM, NORTHWIND, aCustomer, aDelegatedAsk, aPartner, refuses, whenInviting } from '../helpers/builders.js';

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

  describe('MP-09: a provider and its reseller', () => {
    const { asks } = rules.ownResellersAreNoCustomers;

    it('are no partner and customer as well', () => {
      assert.deepEqual(asks(whenInviting({ isOwnReseller: 'yes' })), refuses({ customer: 'Contoso' }));
      assert.equal(asks(whenInviting({ isOwnReseller: 'no' })), 'holds');
    });

    it('may be that without our knowing', () => {
      assert.equal(asks(whenInviting({ isOwnReseller: 'unknown' })), 'unknown');
    });
  });

  describe('MP-31: one open invitation', () => {
    const { asks } = rules.oneOpenInvitation;
    const open = (...halves: readonly Half[]) => ({ reference: 'PR-7K3-F9M', sentAt: '2026-11-20T09:00:00.000Z', halves });
    const theOpenOne = refuses({ customer: 'Contoso', date: '2026-11-20T09:00:00.000Z', reference: 'PR-7K3-F9M' });

    const sell = { sell: true };
    const manage = { sell: false, manage: aDelegatedAsk() };
    const both = { sell: true, manage: aDelegatedAsk() };
    for (const [what, asked, halves, isSame] of [
      ['to sell, while one to sell is open', sell, ['sell'], true],
      ['to sell, while one to manage is open', sell, ['manage'], false],
      ['to manage, while one to sell is open', manage, ['sell'], false],
      ['to manage, while one to manage is open', manage, ['manage'], true],
      ['for both, while one to sell is open', both, ['sell'], true],
      ['for both, while one to manage is open', both, ['manage'], true],
      ['to sell, while one for both is open', sell, ['sell', 'manage'], true],
      ['to manage, while one for both is open', manage, ['sell', 'manage'], true],
    ] as const) {
      it(`${isSame ? 'refuses' : 'lets somebody ask'} ${what}`, () => {
        assert.deepEqual(asks(whenInviting({ asks: asked, open: [open(...halves)] })), isSame ? theOpenOne : 'holds');
      });
    }

    it('names the one that asks for the same, among several', () => {
      const toManage = { reference: 'PR-4TM-H6T', sentAt: '2026-11-21T09:00:00.000Z', halves: ['manage'] as const };

      assert.deepEqual(asks(whenInviting({ open: [toManage, open('sell')] })), theOpenOne);
      assert.deepEqual(asks(whenInviting({ asks: manage, open: [open('sell'), toManage] })), refuses({ customer: 'Contoso', date: toManage.sentAt, reference: toManage.reference }));
    });

    it('holds while none is open', () => {
      assert.equal(asks(whenInviting()), 'holds');
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

    it('is asked to let the partner manage, where selling is settled', () => {
      const manage = aDelegatedAsk();

      assert.equal(rules.notYetRelated.asks(whenInviting({ isRelated: 'yes', asks: { sell: false, manage } })), 'holds');
      assert.deepEqual(rules.notYetRelated.asks(whenInviting({ isRelated: 'yes', asks: { sell: true, manage } })), refuses({ customer: 'Contoso' }));
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

  describe('MP-46: who transacts', () => {
    const { asks } = rules.resellersInviteThroughTheirProvider;
    const provider = { name: 'Tailspin', country: 'TR', isOurs: 'yes' } as const;

    for (const type of ['directBill', 'indirectProvider'] as const) {
      it(`lets a partner invite that is ${type}`, () => {
        assert.equal(asks(whenInviting({ partner: aPartner({ type }) })), 'holds');
      });
    }

    it('asks an indirect reseller for its provider', () => {
      assert.deepEqual(asks(whenInviting({ partner: aPartner({ type: 'indirectReseller' }) })), refuses());
      assert.equal(asks(whenInviting({ partner: aPartner({ type: 'indirectReseller' }), provider })), 'holds');
    });

    it('lets an indirect reseller ask to manage without one: nothing is sold', () => {
      assert.equal(asks(whenInviting({ partner: aPartner({ type: 'indirectReseller' }), asks: { sell: false, manage: aDelegatedAsk() } })), 'holds');
    });
  });

  describe('MP-47: the provider that will sell', () => {
    const { asks } = rules.theProviderIsAskedForToo;

    for (const [isOurs, expected] of [['yes', 'holds'], ['no', refuses()], ['unknown', 'unknown']] as const) {
      it(`${expected === 'holds' ? 'holds' : expected === 'unknown' ? 'cannot tell' : 'refuses'} when the answer to whether it is ours is ${isOurs}`, () => {
        assert.deepEqual(asks(whenInviting({ provider: { name: 'Tailspin', country: 'TR', isOurs } })), expected);
      });
    }

    it('is not asked about where there is none', () => {
      assert.equal(asks(whenInviting()), 'holds');
    });
  });

  describe('MP-40: the region of the provider', () => {
    const between = (reseller: string, provider: string): Verdict =>
      rules.sameRegionAsProvider.asks(whenInviting({ partner: aPartner({ type: 'indirectReseller', country: reseller }), provider: { name: 'Tailspin', country: provider, isOurs: 'yes' } }));

    it('is that of its reseller', () => {
      assert.equal(between('TR', 'TR'), 'holds');
      assert.equal(between('DE', 'FR'), 'holds');
    });

    it('is named, with both countries, when it is another', () => {
      assert.deepEqual(between('TR', 'DE'), refuses({ partner: 'Tailspin', partnerCountry: 'DE', customer: 'Fabrikam', country: 'TR' }));
    });

    for (const [reseller, provider] of [['unknown', 'TR'], ['TR', 'unknown'], ['unknown', 'unknown']] as const) {
      it(`cannot be told for a reseller in ${reseller} and a provider in ${provider}`, () => {
        assert.equal(between(reseller, provider), 'unknown');
      });
    }

    it('is not asked about where there is no provider', () => {
      assert.equal(rules.sameRegionAsProvider.asks(whenInviting({ partner: aPartner({ country: 'unknown' }) })), 'holds');
    });
  });

  describe('OWN-01: a customer that wants no more requests', () => {
    it('is asked no more', () => {
      assert.deepEqual(rules.customerTakesRequests.asks(whenInviting({ hasStoppedRequests: true })), refuses({ customer: 'Contoso' }));
      assert.equal(rules.customerTakesRequests.asks(whenInviting({ hasStoppedRequests: false })), 'holds');
    });
  });

  describe('OWN-02: requests that nobody answers', () => {
    for (const [unanswered, mayAsk] of [[0, true], [2, true], [3, false], [4, false]] as const) {
      it(`${mayAsk ? 'let' : 'do not let'} a partner ask once more after ${unanswered}`, () => {
        assert.deepEqual(rules.noFloodOfRequests.asks(whenInviting({ unanswered })), mayAsk ? 'holds' : refuses({ customer: 'Contoso', most: '3' }));
      });
    }
  });

  it('never look at other partners of the customer: several may serve it (MP-05, MP-33)', () => {
    const facts = Object.keys(whenInviting({ open: [{ reference: 'PR-7K3-F9M', sentAt: '', halves: ['sell'] }] })).sort();

    assert.deepEqual(facts, [
      'asks', 'capabilities', 'cloud', 'customer', 'hasStoppedRequests', 'inviter', 'isNameTaken', 'isOwnReseller', 'isRelated', 'open', 'partner', 'statedNotCsp', 'unanswered',
    ]);
  });
});
