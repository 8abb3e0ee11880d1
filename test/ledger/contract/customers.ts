import assert from 'node:assert/strict';
import { aboutPair, happened } from '../../../src/commands/audit.js';
import type { CustomersPage } from '../../../src/commands/ports.js';
import { fold } from '../../../src/domain/fold.js';
import { asDomainName } from '../../../src/domain/ids.js';
import type { Grant, Invitation } from '../../../src/domain/invitation.js';
import * as step from '../../../src/domain/steps.js';
import type { OpenLedger } from '../../../src/ledger/ledger.js';
import { aDraft, aManagedGrant, declined, drafting, inMinutes, NOON, PARTNER, sending, sent, tenant, toCustomer } from '../builders.js';

const aDay = 24 * 60;
const soon = inMinutes(61 * aDay);

export const customersContract = (opened: () => OpenLedger): void => {
  const given = async (...invitations: readonly Invitation[]): Promise<void> => {
    for (const invitation of invitations) await opened().ledger.record(drafting(invitation));
  };
  const having = (...grants: readonly Grant[]): Promise<void> => opened().ledger.record({ event: happened('RelationshipFoundOutside', aDraft(), NOON), grants });
  const called = (number: number, name: string, domain = `customer${number}.com`) => ({ customer: { tenant: tenant(number), name, domain: asDomainName(domain) } });
  const naming = (number: number, alias: string, partner = PARTNER): Promise<void> =>
    opened().ledger.record({ event: aboutPair('CustomerNamed', { partner, customer: tenant(number) }, NOON), alias: { partner, customer: tenant(number), alias } });
  const lines = (over: Partial<CustomersPage> = {}, partner = PARTNER) => opened().ledger.customersOf(partner, { search: '', only: 'all', soon, skip: 0, limit: 100, ...over });
  const names = async (over: Partial<CustomersPage> = {}, partner = PARTNER) => (await lines(over, partner)).map(({ name }) => name);
  const found = (text: string, partner = PARTNER) => names({ search: fold(text) }, partner);
  const managed = (number: number, days: number, over: Partial<Grant> = {}): Grant =>
    aManagedGrant(`r${number}`, { customer: tenant(number), customerName: `Customer ${number}`, until: inMinutes(days * aDay).toISOString(), ...over });

  describe('my customers', () => {
    it('are nobody before anything was sent or seen', async () => {
      await given(aDraft(1, toCustomer(11)));

      assert.deepEqual(await lines(), []);
    });

    it('tell for each where it stands, from the open request or else the newest', async () => {
      const { ledger } = opened();
      const [old, now] = [declined(sent(aDraft(1, toCustomer(11)), inMinutes(1))), sent(aDraft(2, toCustomer(11)), inMinutes(2))];
      await given(old);
      assert.deepEqual((await lines()).map(({ standing, reference }) => [standing, reference]), [['declined', old.reference]]);

      await given(now);
      const seen = step.opened(now, inMinutes(3));
      await ledger.record({ event: happened('InvitationOpened', seen, NOON), before: now, after: seen });

      assert.deepEqual(await lines(), [{
        customer: tenant(11), name: 'Customer 11', domain: 'customer11.com', standing: 'waiting', isSelling: false, endsAt: '',
        reference: now.reference, state: 'sent', sentAt: now.sentAt, openedAt: inMinutes(3).toISOString(), expiresAt: now.expiresAt,
      }]);
    });

    it('lose nothing that is written of one at the same time', async () => {
      const { ledger } = opened();
      const numbers = Array.from({ length: 20 }, (_, at) => 11 + at);
      for (const number of numbers) {
        const asked = sent(aDraft(number, toCustomer(number)));
        await given(asked);
        const after = declined(asked);
        await Promise.all([ledger.record({ event: happened('InvitationDeclined', after, NOON), before: asked, after }), naming(number, `Acme ${number}`)]);
      }

      assert.deepEqual((await lines()).map(({ standing, alias }) => [standing, alias]).sort(), numbers.map((number) => ['declined', `Acme ${number}`]));
      for (const number of numbers) assert.deepEqual(await found(`acme ${number}`), [`Customer ${number}`]);
    });

    it('come with what is urgent first: ending soon, waiting, active, declined, ended', async () => {
      const over = { at: NOON.toISOString(), how: 'terminated' as const };
      await given(
        declined(sent(aDraft(1, called(11, 'Declined')))), sent(aDraft(2, called(12, 'Waits longer')), inMinutes(9)), sent(aDraft(3, called(13, 'Waits'))),
        step.expired(sent(aDraft(4, called(14, 'Ran out')))),
      );
      await having(
        managed(21, 400, { customerName: 'Active later' }), managed(22, 200, { customerName: 'Active' }), managed(23, 30, { customerName: 'Ends soon' }), managed(24, 3, { customerName: 'Ends sooner' }),
        { ...managed(25, 0, { customerName: 'Only sold to' }), kind: 'reseller', until: '' }, managed(26, 1, { customerName: 'Extends by itself', autoExtends: true }), managed(27, 400, { customerName: 'Over', ended: over }),
      );

      assert.deepEqual(await names(), ['Ends sooner', 'Ends soon', 'Waits', 'Waits longer', 'Active', 'Active later', 'Extends by itself', 'Only sold to', 'Declined', 'Over', 'Ran out']);
      assert.deepEqual(await names({ only: 'waiting' }), ['Waits', 'Waits longer']);
      assert.deepEqual(await names({ only: 'active' }), ['Ends sooner', 'Ends soon', 'Active', 'Active later', 'Extends by itself', 'Only sold to']);
      assert.deepEqual(await names({ only: 'endingSoon' }), ['Ends sooner', 'Ends soon']);
      assert.deepEqual(await names({ only: 'endingSoon', soon: inMinutes(100 * aDay) }), ['Ends sooner', 'Ends soon'], 'a request that runs out is not access that ends');
      assert.deepEqual(await names({ only: 'declined' }), ['Declined']);
      assert.deepEqual(await names({ only: 'ended' }), ['Over', 'Ran out']);
      assert.deepEqual(await names({ only: 'active', search: 'ends' }), ['Ends sooner', 'Ends soon']);
      assert.deepEqual((await lines({ search: 'only' })).map(({ isSelling, standing }) => [isSelling, standing]), [[true, 'active']]);
    });

    for (const size of [1, 10]) {
      it(`are thirty-five in pages of ${size}, each once`, async () => {
        for (let number = 0; number < 35; number += 1) {
          const draft = aDraft(number + 1, called(100 + number, number % 7 === 0 ? 'Same name' : `Customer ${number}`));
          if (number % 5 === 0) await given(sent(draft));
          else if (number % 5 === 1) await given(declined(sent(draft)));
          else if (number % 5 === 2) await given(step.expired(sent(draft)));
          else await having(managed(100 + number, number % 5 === 3 ? 20 : 300));
        }
        const all = (await lines()).map(({ customer }) => customer);

        for (const only of ['all', 'waiting', 'active', 'endingSoon', 'declined', 'ended'] as const) {
          const paged: string[] = [];
          for (let skip = 0; skip < 40; skip += size) paged.push(...(await lines({ only, skip, limit: size })).map(({ customer }) => customer));
          assert.deepEqual(paged, (await lines({ only })).map(({ customer }) => customer), only);
        }
        assert.equal(new Set(all).size, 35);
        assert.deepEqual(await lines({ skip: 35, limit: size }), []);
      });
    }

    it('are found by the beginning of any word of their name, by their domain and by their alias', async () => {
      await given(sent(aDraft(1, called(11, 'The Contoso Trading Company', 'contoso-trade.com.tr'))), sent(aDraft(2, called(12, 'Adventure Works'))));
      await naming(11, 'Acme of Izmir');

      for (const text of ['contoso', 'CONTOSO trading', 'comp', 'contoso-trade.com', 'acme', 'of iz', 'izm']) assert.deepEqual(await found(text), ['The Contoso Trading Company'], text);
      for (const text of ['ontoso', 'contoso company', 'works adventure', '%', '_', 'zzz']) assert.deepEqual(await found(text), [], text);
    });

    it('are found as a Turkish keyboard writes them', async () => {
      await given(sent(aDraft(1, called(11, 'Işık Çözüm Şirketi'))), sent(aDraft(2, called(12, 'İSTANBUL GIDA'))));

      for (const text of ['ışık', 'IŞIK', 'isik', 'cozum', 'ÇÖZÜM', 'şirket']) assert.deepEqual(await found(text), ['Işık Çözüm Şirketi'], text);
      for (const text of ['istanbul', 'İstanbul', 'ISTANBUL', 'gıda', 'gida']) assert.deepEqual(await found(text), ['İSTANBUL GIDA'], text);
    });

    it('with a name of signs only are on the list, and found by nothing', async () => {
      await having(managed(11, 300, { customerName: '!!! …', customerDomain: '' }), managed(12, 300, { customerName: '株式会社' }));

      assert.deepEqual((await names()).sort(), ['!!! …', '株式会社'].sort());
      for (const text of ['a', '0', '00000000']) assert.deepEqual(await found(text), [], text);
      assert.deepEqual(await found('株式'), ['株式会社']);
    });

    it('without any name are called by their id', async () => {
      const { customerName: _name, ...unnamed } = managed(11, 300);
      await having(unnamed);

      assert.deepEqual(await names(), [tenant(11)]);
      assert.deepEqual(await found(tenant(11).slice(0, 8)), [tenant(11)]);
    });

    it('keep their alias when something happens to them, and are found by the new one only', async () => {
      const { ledger } = opened();
      const open = sent(aDraft(1, toCustomer(11)));
      await given(open);
      await naming(11, 'Acme');
      const after = declined(open);
      await ledger.record({ event: happened('InvitationDeclined', after, NOON), before: open, after });
      await having(managed(11, 300));

      assert.deepEqual((await lines()).map(({ alias, standing }) => [alias, standing]), [['Acme', 'active']]);
      assert.deepEqual(await found('acme'), ['Customer 11']);
      await naming(11, 'Apex');
      assert.deepEqual([await found('acme'), await found('apex')], [[], ['Customer 11']]);
      await naming(11, '');

      assert.deepEqual([await found('apex'), (await lines()).map(({ alias }) => alias)], [[], [undefined]]);
    });

    it('belong to one partner: another one’s never appear, nor does its alias', async () => {
      const other = tenant(8);
      await given(sent(aDraft(1, toCustomer(11))), sent(aDraft(2, { ...toCustomer(11), partner: { ...aDraft().partner, tenant: other } })), sent(aDraft(3, { ...toCustomer(12), partner: { ...aDraft().partner, tenant: other } })));
      await having(managed(13, 20, { partner: other }));
      await naming(11, 'Acme', other);

      assert.deepEqual([await names(), (await names({}, other)).sort()], [['Customer 11'], ['Customer 11', 'Customer 12', 'Customer 13']]);
      assert.deepEqual([await found('acme'), await found('customer'), await found('acme', other)], [[], ['Customer 11'], ['Customer 11']]);
      assert.deepEqual((await lines()).map(({ alias }) => alias), [undefined]);
      for (const only of ['waiting', 'active', 'endingSoon', 'declined', 'ended'] as const) assert.deepEqual(await names({ only }), only === 'waiting' ? ['Customer 11'] : [], only);
      assert.deepEqual(await names({}, tenant(9)), []);
    });

    it('show the request that took the place of another', async () => {
      const { ledger } = opened();
      const [first, second] = [sent(aDraft(1, toCustomer(11))), aDraft(2, toCustomer(11))];
      await given(first, second);

      await ledger.record({ ...sending(second, sent(second, inMinutes(1))), supersedes: [first] });

      assert.deepEqual((await lines()).map(({ reference, standing }) => [reference, standing]), [[second.reference, 'waiting']]);
    });

    it('tell the truth when both sides write at once', async () => {
      const { ledger } = opened();
      for (let number = 1; number <= 12; number += 1) {
        const open = sent(aDraft(number, toCustomer(100 + number)));
        await given(open);
        const after = declined(open);
        await Promise.all([
          ledger.record({ event: happened('InvitationDeclined', after, NOON), before: open, after }),
          ledger.record({ event: aboutPair('RelationshipFoundOutside', { partner: PARTNER, customer: tenant(100 + number) }, NOON), grants: [managed(100 + number, 300)] }),
        ]);
      }

      assert.deepEqual((await lines()).map(({ standing, state }) => [standing, state]), Array.from({ length: 12 }, () => ['active', 'declined']));
    });
  });
};
