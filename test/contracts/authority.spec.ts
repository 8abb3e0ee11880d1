import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { notConsented } from '../../src/commands/ports.js';
import { asDomainName, asTenantId } from '../../src/domain/ids.js';
import { entraRoles } from '../../src/domain/delegated-admin.js';
import type { CallRecord } from '../../src/microsoft/microsoft.js';
import { aDelegatedAsk } from '../helpers/builders.js';
import * as at from '../local/partner-center/a-sandbox.js';
import { allowedFor, clientOf, recorded, refusedWith, unavailable } from '../microsoft/a-client.js';

describe("Microsoft's side, the client speaking to the sandbox over HTTP", () => {
  let sandbox: at.OpenSandbox;
  let calls: CallRecord[];
  let authority: ReturnType<typeof clientOf>['authority'];
  let directory: ReturnType<typeof clientOf>['directory'];

  beforeEach(async () => {
    sandbox = await at.openSandbox();
    const record = recorded();
    calls = record.calls;
    ({ authority, directory } = clientOf(sandbox, sandbox.machine.now, { onCall: record.onCall }));
  });
  afterEach(() => sandbox.close());

  describe('a partner account', () => {
    it('says what its own accounts say: name, cloud, market, agreement', async () => {
      const partner = await authority.partner(at.FABRIKAM);

      assert.deepEqual(partner, { id: at.FABRIKAM, name: 'Fabrikam', domain: 'fabrikam.com', cloud: 'commercial', type: 'directBill', country: 'TR', hasSignedMpa: 'yes' });
    });

    it('has not signed when Partner Center says so', async () => {
      const partner = await authority.partner(at.PROVIDER);

      assert.deepEqual([partner?.type, partner?.hasSignedMpa], ['indirectProvider', 'no']);
    });

    it('may live in the government cloud', async () => {
      assert.equal((await authority.partner(at.FEDERAL))?.cloud, 'usGov');
    });

    it('is none for a customer', async () => {
      assert.equal(await authority.partner(at.CONTOSO), undefined);
      assert.equal(calls.length, 0);
    });
  });

  describe('an invitation', () => {
    it('is a link that names the partner and no customer', async () => {
      const prepared = await authority.prepareInvitation(allowedFor(at.FABRIKAM));

      assert.deepEqual(prepared, { link: `${sandbox.url}/Adminportal/Home?invType=ResellerRelationship&partnerId=${at.FABRIKAM}&msppId=0&DAP=false#/BillingAccounts/partner-invitation` });
    });

    it('includes delegated administration in the government cloud', async () => {
      const prepared = await authority.prepareInvitation(allowedFor(at.FEDERAL));

      assert('link' in prepared && prepared.link.includes('DAP=true'));
    });

    it('is refused for a partner that is not active', async () => {
      const prepared = await authority.prepareInvitation(allowedFor(at.RESELLER));

      assert('refused' in prepared);
      assert.deepEqual([prepared.refused.code, prepared.refused.serviceCode], ['PARTNER_NOT_ACTIVE', '800039']);
      assert.match(prepared.refused.correlationId, /^0{8}-/);
    });

    for (const [serviceCode, code] of [
      [2032, 'ROLE_NOT_ALLOWED'], ['900150', 'ROLE_NOT_ALLOWED'], [2030, 'MARKET_MISMATCH'], ['900123', 'MPA_NOT_SIGNED'], [900124, 'MPA_NOT_SIGNED'], ['800039', 'PARTNER_NOT_ACTIVE'],
      [900149, 'PARTNER_NOT_ACTIVE'], [800073, 'CUSTOMER_UNDER_REVIEW'], ['800074', 'CUSTOMER_UNDER_REVIEW'], [800075, 'CUSTOMER_UNDER_REVIEW'], [13605, 'MCA_REQUIRED'], ['1000', 'CUSTOMER_NOT_FOUND'], [60003, 'CUSTOMER_NOT_FOUND'], [800098, 'INVARIANT_PARTNER_OF_RECORD_CHANGED'], ['900137', 'TRANSFER_IS_SEPARATE'], ['4711', 'AUTHORITY_REFUSED'],
    ] as const) {
      it(`is refused as ${code} when Partner Center says ${JSON.stringify(serviceCode)}`, async () => {
        await sandbox.control('POST', 'faults', { path: 'relationshiprequests', status: 403, body: { code: serviceCode, description: 'No.', data: [] } });

        const prepared = await authority.prepareInvitation(allowedFor(at.FABRIKAM));

        assert('refused' in prepared);
        assert.deepEqual([prepared.refused.code, prepared.refused.serviceCode], [code, String(serviceCode)]);
      });
    }

    it('to buy creates nothing at Microsoft', async () => {
      const before = await sandbox.control('GET', 'world');
      await authority.prepareInvitation(allowedFor(at.FABRIKAM));

      assert.deepEqual(await sandbox.control('GET', 'world'), before);
    });
  });

  describe('a relationship', () => {
    it('is seen by the partner that has it and by no other', async () => {
      assert.equal(await authority.observe(at.NORTHWIND, at.CONTOSO), 'yes');
      assert.equal(await authority.observe(at.FABRIKAM, at.CONTOSO), 'no');
      assert.equal(await authority.observe(at.FABRIKAM, at.NOBODY), 'no');
    });

    it('appears once the customer has accepted, and only then', async () => {
      assert.deepEqual(await authority.listOwnCustomers(at.FABRIKAM), []);

      await sandbox.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.CONTOSO, person: at.AYSE });

      assert.equal(await authority.observe(at.FABRIKAM, at.CONTOSO), 'yes');
      assert.deepEqual(await authority.listOwnCustomers(at.FABRIKAM), [{ id: at.CONTOSO, name: 'Contoso & <Sons>', domain: 'contoso.com', cloud: 'unknown' }]);
    });

    it('is listed over all pages, each customer once', async () => {
      const world = at.aWorld();
      const customers = Array.from({ length: 1_234 }, (_, number) => `77777777-0000-4000-8000-${String(number).padStart(12, '0')}`);
      const large = await at.openSandbox({
        world: {
          ...world,
          tenants: [...world.tenants, ...customers.map((id, number) => ({ id, name: `Customer ${number}`, domains: [`customer${number}.com`], country: 'TR' }))],
          grants: customers.map((customer) => ({ kind: 'reseller', partner: at.FABRIKAM, customer, since: at.NOON })),
        },
      });
      const record = recorded();
      const listed = await clientOf(large, large.machine.now, { onCall: record.onCall }).authority.listOwnCustomers(at.FABRIKAM);
      await large.close();

      assert.deepEqual(listed.map(({ id }) => id), customers);
      assert.equal(record.calls.filter(({ operation }) => operation === 'listCustomers').length, 3);
    });
  });

  describe('subscriptions', () => {
    it('show a partner only what it sold itself', async () => {
      assert.deepEqual(await authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO), [{
        id: at.E3, offer: 'Office 365 E3', soldBy: at.NORTHWIND, partnerOfRecord: at.NORTHWIND, quantity: 120, status: 'active',
        termEnds: '2027-03-31T00:00:00.000Z', autoRenew: 'yes', since: '2023-04-01T00:00:00.000Z',
      }]);
      assert.deepEqual(await authority.listOwnSubscriptions(at.FABRIKAM, at.CONTOSO), []);
    });

    it('of two tiers name the reseller as partner of record', async () => {
      const [azure] = await authority.listOwnSubscriptions(at.PROVIDER, at.CONTOSO);

      assert.deepEqual([azure?.soldBy, azure?.partnerOfRecord, azure?.termEnds, azure?.autoRenew], [at.PROVIDER, at.RESELLER, '', 'no']);
    });

    it('show a partner of record that changed', async () => {
      await sandbox.control('PATCH', `subscriptions/${at.E3}`, { partnerOfRecord: at.FABRIKAM });

      assert.equal((await authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO))[0]?.partnerOfRecord, at.FABRIKAM);
    });

    it('are all seen by the customer, each with its seller, under the same ids', async () => {
      const holdings = await directory.holdings(at.CONTOSO);

      assert(holdings !== notConsented);
      assert.deepEqual(holdings.subscriptions.map(({ id, offer, soldBy, partnerOfRecord, quantity, status }) => ({ id, offer, soldBy, partnerOfRecord, quantity, status })), [
        { id: at.E3, offer: 'Office 365 E3', soldBy: at.NORTHWIND, partnerOfRecord: 'unknown', quantity: 120, status: 'active' },
        { id: at.COPILOT, offer: 'Microsoft 365 Copilot', soldBy: 'microsoft', partnerOfRecord: 'unknown', quantity: 8, status: 'active' },
        { id: at.AZURE, offer: 'Azure plan', soldBy: at.PROVIDER, partnerOfRecord: 'unknown', quantity: 1, status: 'active' },
      ]);
      assert.deepEqual(holdings.subscriptions.map(({ since }) => since), ['2023-04-01T00:00:00.000Z', undefined, '2024-01-01T00:00:00.000Z']);
      assert.deepEqual(holdings.partners, [
        { tenant: at.NORTHWIND, name: 'Northwind', isServiceProvider: true },
        { tenant: at.PROVIDER, name: 'Provider', isServiceProvider: true },
      ]);
    });

    it('keep an offer with a name that Microsoft does not use', async () => {
      await sandbox.control('PATCH', `subscriptions/${at.E3}`, { offer: 'Teams Rooms Pro', status: 'suspended' });
      const holdings = await directory.holdings(at.CONTOSO);

      assert(holdings !== notConsented);
      assert.deepEqual([holdings.subscriptions[0]?.offer, holdings.subscriptions[0]?.status], ['Teams Rooms Pro', 'suspended']);
    });
  });

  describe('delegated administration', () => {
    it('is listed for one customer or for all, and only its own', async () => {
      const [one] = await authority.listDelegatedAdmin(at.NORTHWIND);
      const expected = [{
        id: one?.id, customer: at.CONTOSO, name: 'Support', roles: [entraRoles.userAdministrator], status: 'active', since: '2026-03-03T00:00:00.000Z', until: '2027-03-03T00:00:00.000Z', autoExtends: false,
      }];

      assert.match(String(one?.id), /^[0-9a-f-]{73}$/);
      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND), expected);
      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND, at.CONTOSO), expected);
      assert.deepEqual(await authority.listDelegatedAdmin(at.NORTHWIND, at.GERMAN), []);
      assert.deepEqual(await authority.listDelegatedAdmin(at.FABRIKAM), []);
    });

    it('ends with its time', async () => {
      await sandbox.control('POST', 'clock', { now: '2027-03-03T00:00:01Z' });

      assert.deepEqual((await authority.listDelegatedAdmin(at.NORTHWIND)).map(({ status }) => status), ['expired']);
    });

    it('goes on in steps of 180 days when it extends itself', async () => {
      const world = at.aWorld();
      const extending = await at.openSandbox({ world: { ...world, grants: world.grants.map((grant) => (grant.kind === 'gdap' ? { ...grant, autoExtend: true } : grant)) } });
      await extending.control('POST', 'clock', { now: '2027-03-04T00:00:00Z' });
      const [admin] = await clientOf(extending, extending.machine.now).authority.listDelegatedAdmin(at.NORTHWIND);
      await extending.close();

      assert.deepEqual([admin?.until, admin?.autoExtends], ['2027-08-30T00:00:00.000Z', true]);
    });

    it('is listed over all pages', async () => {
      const world = at.aWorld();
      const many = Array.from({ length: 250 }, (_, number) => ({
        kind: 'gdap', partner: at.FABRIKAM, customer: at.CONTOSO, since: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1'], name: `Support ${number}`,
      }));
      const large = await at.openSandbox({ world: { ...world, grants: many } });
      const listed = await clientOf(large, large.machine.now).authority.listDelegatedAdmin(at.FABRIKAM, at.CONTOSO);
      await large.close();

      assert.deepEqual(listed.map(({ name }) => name), many.map(({ name }) => name));
    });
  });

  describe('delegated administration from asking to its end', () => {
    const wish = aDelegatedAsk({ name: "O'Neil · PR-ACD-EFG" });
    const asked = () => authority.prepareInvitation(allowedFor(at.FABRIKAM, { sell: false, manage: wish }));
    const prepared = async (): Promise<string> => {
      const outcome = await asked();
      assert('delegated' in outcome && outcome.delegated, JSON.stringify(outcome));
      return outcome.delegated.relationship;
    };
    const active = async (): Promise<string> => {
      const relationship = await prepared();
      const accepted = await sandbox.control('POST', 'accept', { partner: at.FABRIKAM, customer: at.CONTOSO, person: at.AYSE, relationship });
      assert.equal(accepted.status, 200);
      return relationship;
    };
    const standing = async () => (await authority.listDelegatedAdmin(at.FABRIKAM, at.CONTOSO))[0];
    beforeEach(() => sandbox.control('POST', 'delays', { lockMs: 0, activateMs: 0, terminateMs: 0, assignMs: 0 }));

    it('is a request of its own at Microsoft, waiting for this customer, next to the link for selling', async () => {
      const outcome = await authority.prepareInvitation(allowedFor(at.FABRIKAM, { sell: true, manage: wish }));

      assert('delegated' in outcome && outcome.delegated);
      assert(outcome.link.includes('invType=ResellerRelationship'));
      assert.equal(outcome.delegated.link, `${sandbox.url}/AdminPortal/Home?delegatedAdmin=${outcome.delegated.relationship}`);
      assert.deepEqual(await standing(), {
        id: outcome.delegated.relationship, customer: at.CONTOSO, name: wish.name, roles: wish.roles, status: 'approvalPending', since: '', until: '', autoExtends: false,
      });
    });

    it('is asked for once, however often it is prepared', async () => {
      assert.equal(await prepared(), await prepared());
      assert.equal((await authority.listDelegatedAdmin(at.FABRIKAM)).length, 1);
    });

    it('goes on where a crash between creating and locking stopped it', async () => {
      await sandbox.control('POST', 'faults', { method: 'POST', path: '/requests', cut: true });
      await assert.rejects(asked(), unavailable({ operation: 'requestDelegatedAdmin' }));
      assert.equal((await standing())?.status, 'created');

      await prepared();

      assert.deepEqual((await authority.listDelegatedAdmin(at.FABRIKAM)).map(({ status }) => status), ['approvalPending']);
    });

    it('is found when its creation was not answered', async () => {
      await sandbox.control('POST', 'faults', { method: 'POST', path: 'delegatedAdminRelationships', delayMs: 700 });
      const impatient = clientOf(sandbox, sandbox.machine.now, { tryMs: 100 }).authority;
      await assert.rejects(impatient.prepareInvitation(allowedFor(at.FABRIKAM, { sell: false, manage: wish })), unavailable({ operation: 'createDelegatedAdmin' }));

      await wait(800);
      await prepared();

      assert.equal((await authority.listDelegatedAdmin(at.FABRIKAM)).length, 1);
    });

    it('is refused under a name that was used before', async () => {
      const relationship = await active();
      await authority.terminateDelegatedAdmin(at.FABRIKAM, relationship);

      assert.deepEqual(refusedWith(await asked()), ['GDAP_NAME_TAKEN', '']);
    });

    it('is active once the customer approved it, and given to a group of the partner', async () => {
      const relationship = await active();
      const [one, other] = (await authority.listSecurityGroups(at.FABRIKAM)).filter(({ name }) => name === 'M365 Support' || name === 'Azure Operations');
      assert(one && other);
      assert.equal((await standing())?.status, 'active');

      assert.equal(await authority.assignAccess(at.FABRIKAM, { relationship, group: one.id, roles: wish.roles }), 'asked');
      assert.equal(await authority.assignAccess(at.FABRIKAM, { relationship, group: one.id, roles: [...wish.roles].reverse() }), 'asked');
      assert.deepEqual(refusedWith(await authority.assignAccess(at.FABRIKAM, { relationship, group: one.id, roles: wish.roles.slice(1) })), ['ASSIGNMENT_EXISTS', 'Conflict']);
      assert.deepEqual(refusedWith(await authority.assignAccess(at.FABRIKAM, { relationship, group: other.id, roles: [entraRoles.globalAdministrator] })), ['ROLE_NOT_IN_GRANT', 'BadRequest']);

      const assignments = await authority.listAssignments(at.FABRIKAM, relationship);
      assert.deepEqual(assignments.map(({ group, roles, status }) => ({ group, roles, status })), [{ group: one.id, roles: wish.roles, status: 'active' }]);
    });

    it('ends when its partner asks, and asking again is no error', async () => {
      const relationship = await active();

      assert.equal(await authority.terminateDelegatedAdmin(at.FABRIKAM, relationship), 'asked');
      assert.equal(await authority.terminateDelegatedAdmin(at.FABRIKAM, relationship), 'asked');
      assert.equal((await standing())?.status, 'terminated');
    });

    it('cannot be ended before it began, nor by another partner', async () => {
      const relationship = await prepared();

      assert.deepEqual(refusedWith(await authority.terminateDelegatedAdmin(at.FABRIKAM, relationship)), ['GDAP_WRONG_STATE', '']);
      assert.equal(await authority.terminateDelegatedAdmin(at.NORTHWIND, relationship), 'asked');
      assert.equal((await standing())?.status, 'approvalPending');
    });
  });

  describe('an indirect reseller and its provider', () => {
    const asks = { sell: true, provider: { tenant: at.PROVIDER, name: 'Provider' } };
    const wish = { provider: at.PROVIDER, reseller: at.RESELLER, customer: at.CONTOSO, name: 'Prepared', roles: aDelegatedAsk().roles, days: 90 };
    const prepared = async (): Promise<string> => {
      const { status, body } = await sandbox.control('POST', 'provider-drafts', wish);
      assert.equal(status, 201);
      return body['relationship'];
    };
    const standing = async () => (await authority.listDelegatedAdmin(at.RESELLER, at.CONTOSO))[0];
    const acceptDraft = (relationship: string) => sandbox.control('POST', 'accept', { partner: at.RESELLER, customer: at.CONTOSO, person: at.AYSE, relationship });
    beforeEach(async () => {
      await sandbox.close();
      const world = at.aWorld();
      sandbox = await at.openSandbox({ world: { ...world, tenants: world.tenants.map((one) => (one.id === at.RESELLER ? { ...one, csp: { ...one.csp, active: true } } : one)) } });
      await sandbox.control('POST', 'delays', { lockMs: 0, activateMs: 0, terminateMs: 0, assignMs: 0 });
      const record = recorded();
      calls = record.calls;
      ({ authority, directory } = clientOf(sandbox, sandbox.machine.now, { onCall: record.onCall }));
    });

    it('are one link, on which the customer accepts both', async () => {
      const outcome = await authority.prepareInvitation(allowedFor(at.RESELLER, asks));
      assert('link' in outcome);
      const { origin, pathname, searchParams, hash } = new URL(outcome.link);
      const { msppId, ...query } = Object.fromEntries(searchParams);
      const page = await fetch(outcome.link);

      assert.deepEqual([origin, pathname, hash], [sandbox.url, '/Adminportal/Home', '#/BillingAccounts/partner-invitation']);
      assert.deepEqual(query, { invType: 'IndirectResellerRelationship', partnerId: at.RESELLER, indirectCSPId: at.PROVIDER, DAP: 'false' });
      assert.match(String(msppId), /^[1-9]\d+$/);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /Reseller \(reseller\.com\).*Provider \(provider\.com\)/);

      assert.deepEqual([await authority.observe(at.RESELLER, at.LITWARE), await authority.observe(at.PROVIDER, at.LITWARE)], ['no', 'no']);
      await sandbox.control('POST', 'accept', { partner: at.RESELLER, provider: at.PROVIDER, customer: at.LITWARE, person: at.LALE });
      assert.deepEqual([await authority.observe(at.RESELLER, at.LITWARE), await authority.observe(at.PROVIDER, at.LITWARE)], ['yes', 'yes']);
    });

    it('make nothing exist by that link, and none at all where Microsoft knows neither both together nor a PartnerID', async () => {
      const before = await sandbox.control('GET', 'world');
      await authority.prepareInvitation(allowedFor(at.RESELLER, asks));
      assert.deepEqual(await sandbox.control('GET', 'world'), before);

      const alone = await authority.prepareInvitation(allowedFor(at.RESELLER));
      assert('link' in alone);
      await sandbox.control('POST', 'faults', { path: 'relationshiprequests', status: 200, body: { url: alone.link } });
      await sandbox.control('POST', 'faults', { path: 'profiles/mpn', status: 404, body: { code: '60003' } });
      assert.deepEqual(refusedWith(await authority.prepareInvitation(allowedFor(at.RESELLER, asks))), ['PARTNER_NOT_ACTIVE', '60003']);
    });

    it('share what the provider prepared, once the reseller has agreed and then the customer', async () => {
      const relationship = await prepared();
      assert.deepEqual(await standing(), {
        id: relationship, customer: at.CONTOSO, name: 'Prepared', roles: wish.roles, status: 'approvalPending', since: '', until: '', autoExtends: false, needsOurConsent: true, preparedBy: at.PROVIDER,
      });
      assert.deepEqual(await authority.listDelegatedAdmin(at.PROVIDER), []);
      assert.equal((await acceptDraft(relationship)).status, 409);

      assert.equal(await authority.answerProviderDraft(at.RESELLER, relationship, 'approve'), 'asked');
      const agreed = await standing();
      assert.deepEqual([agreed?.status, agreed?.preparedBy, agreed && 'needsOurConsent' in agreed], ['approvalPending', at.PROVIDER, false]);

      assert.equal((await acceptDraft(relationship)).status, 200);
      assert.equal((await standing())?.status, 'active');
    });

    it('have nothing between them once the reseller has said no', async () => {
      const relationship = await prepared();

      assert.equal(await authority.answerProviderDraft(at.RESELLER, relationship, 'reject'), 'asked');
      assert.equal(await standing(), undefined);
      assert.deepEqual(refusedWith(await authority.answerProviderDraft(at.RESELLER, relationship, 'approve')), ['GDAP_WRONG_STATE', 'Request_ResourceNotFound']);
    });

    for (const word of ['approve', 'reject'] as const) {
      it(`are not told that nothing came of an answer (${word}) whose line was cut after it had counted`, async () => {
        const cut = { method: 'POST', path: '/requests', cut: true, after: true };
        await sandbox.control('POST', 'faults', cut);
        assert.equal(await authority.answerProviderDraft(at.RESELLER, await prepared(), word), 'asked');

        await sandbox.control('POST', 'reset');
        const relationship = await prepared();
        await sandbox.control('POST', 'faults', cut);
        await sandbox.control('POST', 'faults', { method: 'GET', path: '/requests', cut: true, times: 3 });
        await assert.rejects(authority.answerProviderDraft(at.RESELLER, relationship, word), unavailable({ operation: 'answerProviderDraft' }));
        assert.equal(await authority.answerProviderDraft(at.RESELLER, relationship, word), 'asked');
      });
    }

    it('agree once, about that one draft, and nobody else does', async () => {
      const relationship = await prepared();
      const own = await authority.prepareInvitation(allowedFor(at.RESELLER, { sell: false, manage: aDelegatedAsk() }));
      assert('delegated' in own && own.delegated);
      const sent = () => calls.filter(({ operation }) => operation === 'answerProviderDraft').length;

      for (const [partner, which] of [[at.PROVIDER, relationship], [at.FABRIKAM, relationship], [at.RESELLER, own.delegated.relationship]] as const) {
        assert.deepEqual(refusedWith(await authority.answerProviderDraft(partner, which, 'approve')), ['GDAP_WRONG_STATE', '']);
      }
      assert.equal(sent(), 0);
      await authority.answerProviderDraft(at.RESELLER, relationship, 'approve');
      assert.deepEqual(refusedWith(await authority.answerProviderDraft(at.RESELLER, relationship, 'reject')), ['GDAP_WRONG_STATE', '']);
      assert.equal(sent(), 1);
    });
  });

  describe('the end of a reseller relationship', () => {
    it('is blocked by what the partner itself sold and nobody else', async () => {
      assert.deepEqual((await authority.removalBlockers(at.NORTHWIND, at.CONTOSO)).map(({ name, until }) => [name, until]), [['Office 365 E3', '2027-03-31T00:00:00.000Z']]);
      assert.deepEqual(await authority.removalBlockers(at.FABRIKAM, at.CONTOSO), []);
      assert.deepEqual(refusedWith(await authority.removeRelationship(at.NORTHWIND, at.CONTOSO)), ['ACTIVE_SUBSCRIPTIONS', '20010']);
      assert.equal(await authority.observe(at.NORTHWIND, at.CONTOSO), 'yes');
    });

    it('changes that one relationship and nothing else', async () => {
      await sandbox.control('PATCH', `subscriptions/${at.E3}`, { status: 'expired' });
      const before = await directory.holdings(at.CONTOSO);

      assert.equal(await authority.removeRelationship(at.NORTHWIND, at.CONTOSO), 'removed');
      assert.equal(await authority.removeRelationship(at.NORTHWIND, at.CONTOSO), 'removed');

      assert.equal(await authority.observe(at.NORTHWIND, at.CONTOSO), 'no');
      assert.equal(await authority.observe(at.PROVIDER, at.CONTOSO), 'yes');
      assert.deepEqual((await authority.listDelegatedAdmin(at.NORTHWIND)).map(({ status }) => status), ['active']);
      const after = await directory.holdings(at.CONTOSO);
      assert(before !== notConsented && after !== notConsented);
      const unchanging = ({ subscriptions }: typeof after) => subscriptions.map(({ id, quantity, status, soldBy, termEnds }) => [id, quantity, status, soldBy, termEnds]);
      assert.deepEqual(unchanging(after), unchanging(before));
    });
  });

  describe('partnerships and Admin agents', () => {
    it('are seen from both tiers', async () => {
      assert.deepEqual(await authority.listPartnerships(at.RESELLER), [{ tenant: at.PROVIDER, name: 'Provider', country: 'TR', is: 'provider' }]);
      assert.deepEqual(await authority.listPartnerships(at.PROVIDER), [{ tenant: at.RESELLER, name: 'Reseller', country: 'TR', is: 'reseller' }]);
      assert.deepEqual(await authority.listPartnerships(at.FABRIKAM), []);
    });

    it('are those of the group of that partner', async () => {
      assert.deepEqual(await directory.adminAgents(at.FABRIKAM), [{ id: at.MURAT, tenant: at.FABRIKAM, name: 'Murat Demir', roles: ['adminAgent'], isGuest: false }]);
      assert.deepEqual(await directory.adminAgents(at.CONTOSO), []);
    });
  });

  describe('a person', () => {
    for (const [who, id, roles] of [
      ['a sales agent', at.ELIF, ['salesAgent']], ['an admin agent', at.MURAT, ['adminAgent']], ['a helpdesk agent', at.SELIN, ['helpdeskAgent']],
      ['a user admin', at.EMRE, ['userAdmin']], ['a global admin', at.GRACE, ['globalAdmin']], ['somebody without a role', at.OYA, []],
    ] as const) {
      it(`of a partner is ${who}`, async () => {
        const person = await directory.person(at.FABRIKAM, id);

        assert(person && person !== notConsented);
        assert.deepEqual(person.roles, roles);
      });
    }

    for (const [who, id, roles, isGuest] of [
      ['a global admin', at.AYSE, ['globalAdmin'], false], ['a billing admin', at.BILL, ['billingAdmin'], false], ['a user', at.CAN, ['user'], false], ['a guest', at.GUEST, ['globalAdmin'], true],
    ] as const) {
      it(`of a customer is ${who}`, async () => {
        const person = await directory.person(at.CONTOSO, id);

        assert(person && person !== notConsented);
        assert.deepEqual([person.roles, person.isGuest], [roles, isGuest]);
      });
    }

    it('comes with name and mail', async () => {
      assert.deepEqual(await directory.person(at.CONTOSO, at.AYSE), { id: at.AYSE, tenant: at.CONTOSO, name: 'Ayşe Yılmaz', mail: 'ayse@contoso.com', roles: ['globalAdmin'], isGuest: false });
    });

    it('has the roles of this moment', async () => {
      await directory.person(at.FABRIKAM, at.ELIF);
      await sandbox.control('PATCH', `people/${at.ELIF}`, { roles: [] });
      const person = await directory.person(at.FABRIKAM, at.ELIF);

      assert(person && person !== notConsented);
      assert.deepEqual(person.roles, []);
    });

    it('is unknown in every tenant but their own', async () => {
      assert.equal(await directory.person(at.FABRIKAM, at.AYSE), undefined);
      assert.equal(await directory.person(at.CONTOSO, at.ELIF), undefined);
    });

    it('cannot be read without consent, nor in a tenant that does not exist', async () => {
      assert.equal(await directory.person(at.LITWARE, at.LALE), notConsented);
      assert.equal(await directory.person(at.NOBODY, at.LALE), notConsented);
    });
  });

  describe('a tenant', () => {
    it('is found by each of its domains', async () => {
      const contoso = { id: at.CONTOSO, name: 'Contoso & <Sons>', domain: 'contoso.com', cloud: 'commercial' };

      assert.deepEqual(await directory.tenantByDomain(at.CONTOSO_COM, at.FABRIKAM), contoso);
      assert.deepEqual(await directory.tenantByDomain(asDomainName('contoso.onmicrosoft.com'), at.FABRIKAM), contoso);
      assert.deepEqual(await directory.tenantById(at.CONTOSO, at.FABRIKAM), contoso);
    });

    it('of another cloud is found, and says so', async () => {
      const found = await directory.tenantByDomain(asDomainName('agency.us'), at.FABRIKAM);

      assert.deepEqual([found?.id, found?.name, found?.cloud], [at.AGENCY, 'Agency', 'usGov']);
    });

    it('is none when nobody uses that domain or id', async () => {
      assert.equal(await directory.tenantByDomain(asDomainName('nobody.example'), at.FABRIKAM), undefined);
      assert.equal(await directory.tenantById(at.NOBODY, at.FABRIKAM), undefined);
    });

    it('is found without its consent, for names are public', async () => {
      assert.equal((await directory.tenantByDomain(asDomainName('litware.com'), at.FABRIKAM))?.name, 'Litware');
    });

    it('tells itself its name, when it has consented', async () => {
      assert.equal((await directory.tenantById(at.CONTOSO, at.CONTOSO))?.name, 'Contoso & <Sons>');
      assert.equal(await directory.tenantById(at.LITWARE, at.LITWARE), undefined);
    });

    it('shows its country with its consent only', async () => {
      assert.equal(await directory.countryOf(at.GERMAN), 'DE');
      assert.equal(await directory.countryOf(at.LITWARE), 'unknown');
      assert.equal(await directory.countryOf(asTenantId(at.NOBODY)), 'unknown');
    });
  });

  describe('without consent', () => {
    it('neither deciders nor holdings are read', async () => {
      assert.equal(await directory.deciders(at.LITWARE), notConsented);
      assert.equal(await directory.holdings(at.LITWARE), notConsented);
    });
  });

  describe('who decides for a customer', () => {
    it('are its own global admins, guests left out', async () => {
      const people = await directory.deciders(at.CONTOSO);

      assert(people !== notConsented);
      assert.deepEqual(people.map(({ name }) => name), ['Ayşe Yılmaz']);
    });

    it('is nobody where nobody holds the role', async () => {
      await sandbox.control('PATCH', `people/${at.DIETER}`, { roles: ['user'] });

      assert.deepEqual(await directory.deciders(at.GERMAN), []);
    });
  });

  describe('all that only reads', () => {
    it('leaves the world as it was', async () => {
      const before = await sandbox.control('GET', 'world');
      await Promise.all([
        authority.partner(at.NORTHWIND), authority.prepareInvitation(allowedFor(at.NORTHWIND)), authority.observe(at.NORTHWIND, at.CONTOSO), authority.listOwnCustomers(at.NORTHWIND),
        authority.listOwnSubscriptions(at.NORTHWIND, at.CONTOSO), authority.listDelegatedAdmin(at.NORTHWIND), directory.person(at.CONTOSO, at.AYSE),
        authority.removalBlockers(at.NORTHWIND, at.CONTOSO), authority.listSecurityGroups(at.NORTHWIND), authority.listPartnerships(at.NORTHWIND), directory.adminAgents(at.NORTHWIND),
        directory.tenantByDomain(at.CONTOSO_COM, at.NORTHWIND), directory.countryOf(at.CONTOSO), directory.deciders(at.CONTOSO), directory.holdings(at.CONTOSO),
      ]);

      assert.deepEqual(await sandbox.control('GET', 'world'), before);
      assert.deepEqual([...new Set(calls.filter(({ method }) => method !== 'GET').map(({ operation }) => operation))], ['token']);
    });

    it('is told to the metrics by operation and pattern, never with an id or a domain', async () => {
      await directory.tenantByDomain(at.CONTOSO_COM, at.FABRIKAM);
      await directory.person(at.CONTOSO, at.AYSE);

      assert.doesNotMatch(JSON.stringify(calls.map(({ correlationId: _forSupport, ...call }) => call)), /contoso|[0-9a-f]{8}-/i);
      assert(calls.every(({ status, ms }) => status !== undefined && ms >= 0));
    });
  });
});
