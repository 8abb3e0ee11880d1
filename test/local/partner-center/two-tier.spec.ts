import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { words } from '../../../src/local/partner-center/acceptance-words.js';
import { administration, RELATIONSHIPS, SERVICE_SUPPORT, USER_ADMINISTRATOR } from './a-relationship.js';
import * as at from './a-sandbox.js';
import { wireOf, type Wire } from './a-wire.js';

type Grant = { readonly kind: string; readonly partner: string; readonly customer: string; readonly since: string };
const OTHER_PROVIDER = at.NOBODY;

/** The usual world with an active reseller, and a provider that is not its own. */
const aTwoTierWorld = (provider: object = {}) => {
  const world = at.aWorld();
  const changed = world.tenants.map((one) => (one.id === at.RESELLER ? { ...one, csp: { type: 'indirectReseller', providers: [at.PROVIDER] } } : one.id === at.PROVIDER ? { ...one, ...provider } : one));
  return { ...world, tenants: [...changed, { id: OTHER_PROVIDER, name: 'Other', domains: ['other.com'], country: 'TR', csp: { type: 'indirectProvider' } }] };
};

describe('the two-tier model of the sandbox', () => {
  let sandbox: at.OpenSandbox;
  let wire: Wire;
  const reopened = async (world: object = aTwoTierWorld()): Promise<void> => {
    sandbox = await at.openSandbox({ world });
    wire = wireOf(sandbox);
  };
  beforeEach(() => reopened());
  afterEach(() => sandbox.close());

  const partnerIdOf = async (tenant: string = at.RESELLER): Promise<string> => (await wire.partnerCenter(tenant, 'GET', 'profiles/mpn')).body['mpnId'] as unknown as string;
  const grants = async (): Promise<Grant[]> => (await sandbox.control('GET', 'world')).body['grants'];

  describe('on the wire', () => {
    it('has a link for an indirect reseller as for any partner', async () => {
      const { status, body } = await wire.partnerCenter(at.RESELLER, 'GET', 'customers/relationshiprequests');

      assert.equal(status, 200);
      assert(String(body['url']).includes(`/Adminportal/Home?invType=ResellerRelationship&partnerId=${at.RESELLER}&msppId=0&DAP=false#`));
    });

    it('has the link for a reseller and its provider when either asks for it, and for no others', async () => {
      const asks = (caller: string, query: object) => wire.partnerCenter(caller, 'GET', `customers/relationshiprequests?${new URLSearchParams({ ...query }).toString()}`);
      const both = { indirectCloudSolutionProviderId: at.PROVIDER.toUpperCase(), indirectResellerId: at.RESELLER };

      for (const caller of [at.RESELLER, at.PROVIDER]) {
        const { status, body } = await asks(caller, both);
        assert.equal(status, 200);
        assert(String(body['url']).includes(`/Adminportal/Home?invType=IndirectResellerRelationship&partnerId=${at.RESELLER}&msppId=${await partnerIdOf()}&indirectCSPId=${at.PROVIDER}&DAP=false#`));
      }
      for (const [caller, wrong] of [
        [at.FABRIKAM, {}], [at.RESELLER, { indirectCloudSolutionProviderId: at.FABRIKAM }], [at.RESELLER, { indirectCloudSolutionProviderId: '' }], [at.PROVIDER, { indirectResellerId: at.FABRIKAM }], [at.RESELLER, { indirectResellerId: 'x' }],
      ] as const) assert.equal((await asks(caller, { ...both, ...wrong })).status, 400, JSON.stringify(wrong));
      assert.equal((await asks(at.RESELLER, { indirectResellerId: at.RESELLER })).status, 400);
    });

    it('has a PartnerID for every partner, its own and always the same', async () => {
      const { status, body } = await wire.partnerCenter(at.RESELLER, 'GET', 'profiles/mpn');
      assert.deepEqual([status, body['partnerName'], body['attributes']], [200, 'Reseller', { objectType: 'PartnerMpnProfile' }]);
      const [own, others] = [await partnerIdOf(), await partnerIdOf(at.PROVIDER)];
      const [listed] = (await wire.partnerCenter(at.PROVIDER, 'GET', 'relationships?relationship_type=IsIndirectCloudSolutionProviderOf')).body.items as { mpnId: string }[];
      await sandbox.close();
      await reopened();

      assert.match(own, /^[1-9]\d{6}$/);
      assert.notEqual(own, others);
      assert.deepEqual([await partnerIdOf(), listed?.mpnId], [own, own]);
    });

    it('shows a customer the two tiers of the caller, and no other partner', async () => {
      const around = async (partner: string) => (await wire.partnerCenter(partner, 'GET', `customers/${at.CONTOSO}/relationships`));
      const gist = async (partner: string) => ((await around(partner)).body.items as { id: string; relationshipType: string; state: string }[]).map(({ id, relationshipType, state }) => [id, relationshipType, state]);
      assert.equal((await around(at.RESELLER)).status, 403);
      assert.deepEqual(await gist(at.PROVIDER), [[at.RESELLER, 'is_indirect_cloud_solution_provider_of', 'Active']]);
      await sandbox.control('POST', 'accept', { partner: at.RESELLER, provider: at.PROVIDER, customer: at.CONTOSO, person: at.AYSE });

      assert.deepEqual(await gist(at.RESELLER), [[at.PROVIDER, 'is_indirect_reseller_of', 'Active']]);
      assert.deepEqual(await gist(at.PROVIDER), [[at.RESELLER, 'is_indirect_cloud_solution_provider_of', 'Active']]);
      assert.deepEqual(await gist(at.NORTHWIND), []);
      assert.equal((await wire.partnerCenter(at.PROVIDER, 'GET', `customers/${at.CONTOSO}/relationships`, undefined, 'app')).status, 401);
    });

    it('finds customers by the other tier', async () => {
      await sandbox.control('POST', 'accept', { partner: at.RESELLER, provider: at.PROVIDER, customer: at.LITWARE, person: at.LALE });
      const found = async (partner: string, Field: string, Value: string) => {
        const filter = encodeURIComponent(JSON.stringify({ Field, Value, Operator: 'starts_with' }));
        return ((await wire.partnerCenter(partner, 'GET', `customers?size=0&filter=${filter}`)).body.items as { id: string }[]).map(({ id }) => id);
      };

      assert.deepEqual(await found(at.PROVIDER, 'IndirectReseller', at.RESELLER.toUpperCase()), [at.LITWARE, at.CONTOSO]);
      assert.deepEqual(await found(at.RESELLER, 'IndirectCloudSolutionProvider', at.PROVIDER.slice(0, 8)), [at.LITWARE]);
      assert.deepEqual([await found(at.PROVIDER, 'IndirectReseller', at.NORTHWIND), await found(at.RESELLER, 'IndirectReseller', at.RESELLER)], [[], []]);
    });

    it('shows a PartnerID to a person behind the app only', async () => {
      assert.equal((await wire.partnerCenter(at.RESELLER, 'GET', 'profiles/mpn', undefined, 'app')).status, 401);
    });
  });

  describe('the page for both', () => {
    const open = async (query: Record<string, string> = {}) => {
      const all = new URLSearchParams({ invType: 'IndirectResellerRelationship', partnerId: at.RESELLER, msppId: await partnerIdOf(), indirectCSPId: at.PROVIDER, DAP: 'false', ...query });
      const answer = await fetch(`${sandbox.url}/Adminportal/Home?${all.toString()}`);
      return { status: answer.status, html: await answer.text() };
    };
    const press = async (person: string, { lang = 'en', ...form }: Record<string, string> = {}) => {
      const answer = await fetch(`${sandbox.url}/Adminportal/accept`, { method: 'POST', body: new URLSearchParams({ partnerId: at.RESELLER, indirectCSPId: at.PROVIDER, person, lang, ...form }) });
      return { status: answer.status, html: await answer.text() };
    };
    const accept = (more: object = {}) => sandbox.control('POST', 'accept', { partner: at.RESELLER, provider: at.PROVIDER, customer: at.CONTOSO, person: at.AYSE, ...more });

    it('names both companies, in both languages', async () => {
      const [en, tr] = [await open(), await open({ lang: 'tr' })];

      assert.deepEqual([en.status, tr.status], [200, 200]);
      for (const sentence of [
        'Reseller (reseller.com) and its indirect provider Provider (provider.com) ask for a reseller relationship', words.en.together.point('Reseller', 'Provider'), ...words.en.points, words.en.withoutAdmin,
        `<input type="hidden" name="partnerId" value="${at.RESELLER}"><input type="hidden" name="indirectCSPId" value="${at.PROVIDER}">`,
      ]) assert(en.html.includes(sentence), sentence);
      for (const sentence of ['Reseller (reseller.com) ve dolaylı sağlayıcısı Provider (provider.com) kuruluşunuzla bayi ilişkisi kurmak istiyor.', words.tr.together.point('Reseller', 'Provider')]) {
        assert(tr.html.includes(sentence), sentence);
      }
    });

    it('does not exist for companies that are none, for a direct partner, or under another PartnerID', async () => {
      for (const query of [
        { partnerId: at.FABRIKAM, msppId: await partnerIdOf(at.FABRIKAM) }, { partnerId: at.CONTOSO }, { indirectCSPId: at.CONTOSO }, { indirectCSPId: '' }, { indirectCSPId: '"><script>' }, { msppId: '0' }, { msppId: await partnerIdOf(at.PROVIDER) },
      ] as Record<string, string>[]) {
        const { status, html } = await open(query);
        assert.equal(status, 404, JSON.stringify(query));
        assert(!html.includes('<script'));
      }
      assert.equal((await press(at.AYSE, { indirectCSPId: '' })).status, 404);
    });

    it('makes a relationship with each of the two, and changes nothing else', async () => {
      const before = (await sandbox.control('GET', 'world')).body as { grants: Grant[]; subscriptions: unknown[] };
      const { status, html } = await press(at.LALE);
      const after = (await sandbox.control('GET', 'world')).body as { grants: Grant[]; subscriptions: unknown[] };

      assert.equal(status, 200);
      assert(html.includes('Reseller and its indirect provider Provider are partners of Litware since 22 November 2026 at 12:00 UTC.'));
      assert.deepEqual(after.grants.filter((grant) => !before.grants.some((other) => isDeepStrictEqual(grant, other))), [at.RESELLER, at.PROVIDER].map((partner) => ({ kind: 'reseller', partner, customer: at.LITWARE, since: at.NOON })));
      assert.equal(after.grants.length, before.grants.length + 2);
      assert.deepEqual(after.subscriptions, before.subscriptions);
    });

    it('keeps the first day of the one that was there, and says when there is nothing left to do', async () => {
      await sandbox.control('POST', 'clock', { advanceSeconds: 60 });
      const since = '2026-11-22T12:01:00.000Z';

      assert.deepEqual(await accept(), { status: 200, body: { outcome: 'accepted', since } });
      assert.deepEqual(await accept(), { status: 200, body: { outcome: 'already', since } });
      assert((await press(at.AYSE, { lang: 'tr' })).html.includes('İş ortağı (Reseller) ve dolaylı sağlayıcısı (Provider) ile kuruluş (Contoso &amp; &lt;Sons&gt;) arasındaki ilişki 22 Kasım 2026'));
      assert.deepEqual((await grants()).filter(({ kind, customer }) => kind === 'reseller' && customer === at.CONTOSO).map(({ partner, since: day }) => [partner, day]), [
        [at.NORTHWIND, '2023-04-01T00:00:00.000Z'], [at.PROVIDER, '2024-01-01T00:00:00.000Z'], [at.RESELLER, since],
      ]);
    });

    const refuses = async (why: keyof typeof words.en.why, who: Partial<Record<'person' | 'customer' | 'partner' | 'provider', string>> = {}): Promise<void> => {
      const { person, customer, partner, provider } = { person: at.AYSE, customer: at.CONTOSO, partner: at.RESELLER, provider: at.PROVIDER, ...who };
      const before = await grants();
      for (const language of ['en', 'tr'] as const) {
        const { status, html } = await press(person, { lang: language, partnerId: partner, indirectCSPId: provider });
        assert.equal(status, 403);
        assert(html.includes(words[language].why[why]), why);
      }
      assert.deepEqual(await accept({ person, customer, partner, provider }), { status: 409, body: { outcome: 'refused', why, message: words.en.why[why] } });
      assert.deepEqual(await grants(), before);
    };

    for (const [what, why, who] of [
      ['a user', 'notAGlobalAdmin', { person: at.CAN }], ['a guest', 'guest', { person: at.GUEST }], ['a CSP tenant', 'cspTenant', { person: at.DENIZ, customer: at.NORTHWIND }],
      ['another cloud', 'otherCloud', { person: at.HARRIET, customer: at.AGENCY }], ['another market', 'otherMarket', { person: at.DIETER, customer: at.GERMAN }],
      ['a provider of somebody else', 'notItsProvider', { provider: OTHER_PROVIDER }], ['a provider that is none', 'notItsProvider', { provider: at.NORTHWIND }], ['a reseller that is none', 'notItsProvider', { partner: at.FABRIKAM }],
    ] as const) {
      it(`refuses ${what} in a plain sentence, and nothing happens`, () => refuses(why, who));
    }

    it('refuses a provider in another region or cloud', async () => {
      await sandbox.close();
      await reopened(aTwoTierWorld({ country: 'DE' }));
      await refuses('otherRegion');
      await sandbox.close();
      await reopened(aTwoTierWorld({ cloud: 'usGov' }));
      await refuses('otherCloud');
    });

    it('leads back to itself after a no', async () => {
      const { html } = await press(at.CAN);
      const back = /<a class="back" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const answer = await fetch(sandbox.url + back);

      assert.equal(answer.status, 200);
      assert((await answer.text()).includes('Reseller (reseller.com) and its indirect provider Provider'));
    });
  });

  describe("a provider's draft", () => {
    const wish = { provider: at.PROVIDER, reseller: at.RESELLER, customer: at.CONTOSO, name: 'Prepared', roles: [USER_ADMINISTRATOR, SERVICE_SUPPORT], days: 90 };
    const prepare = (more: object = {}) => sandbox.control('POST', 'provider-drafts', { ...wish, ...more });
    const prepared = async (): Promise<string> => {
      const { status, body } = await prepare();
      assert.equal(status, 201);
      return body['relationship'];
    };
    const reseller = () => administration(sandbox, at.RESELLER);
    const answer = async (id: string, action: string, tenant: string = at.RESELLER): Promise<number> => (await wire.graph(tenant, 'POST', `${RELATIONSHIPS}/${id}/requests`, { action })).status;
    const page = async (id: string) => {
      const shown = await fetch(`${sandbox.url}/AdminPortal/Home?delegatedAdmin=${id}&lang=en`);
      return { status: shown.status, html: await shown.text() };
    };

    it("is in the reseller's list, says who prepared it, and waits for the reseller first", async () => {
      const id = await prepared();
      const [draft, ...others] = (await reseller().call('GET')).body.value as Readonly<Record<string, unknown>>[];

      assert.deepEqual(others, []);
      assert.deepEqual(
        [draft?.['@odata.type'], draft?.['id'], draft?.['displayName'], draft?.['status'], draft?.['duration'], draft?.['isPartnerConsentPending'], draft?.['indirectProviderTenantId']],
        ['#microsoft.graph.resellerDelegatedAdminRelationship', id, 'Prepared', 'approvalPending', 'P90D', true, at.PROVIDER],
      );
      assert.deepEqual((await wire.graph(at.PROVIDER, 'GET', RELATIONSHIPS)).body.value, []);
      const own = administration(sandbox);
      await own.pending();
      const [ordinary] = (await own.call('GET')).body.value as object[];
      assert(ordinary && !('isPartnerConsentPending' in ordinary) && !('indirectProviderTenantId' in ordinary));
    });

    it('cannot be approved by the customer before, in both languages', async () => {
      const id = await prepared();
      const shown = await page(id);
      const pressed = await fetch(`${sandbox.url}/AdminPortal/approve`, { method: 'POST', body: new URLSearchParams({ delegatedAdmin: id, person: at.AYSE, lang: 'tr' }) });

      assert.equal(shown.status, 403);
      assert(shown.html.includes(words.en.approval.why.partnerConsent) && !shown.html.includes('<form'));
      assert.equal(pressed.status, 403);
      assert((await pressed.text()).includes(words.tr.approval.why.partnerConsent));
      assert.deepEqual(await reseller().accept(id), { status: 409, body: { outcome: 'refused', why: 'partnerConsent', message: words.en.approval.why.partnerConsent } });
    });

    it('is for the customer to approve after the reseller has, and then as any other', async () => {
      const id = await prepared();
      const gdap = reseller();
      assert.equal(await answer(id, 'approve'), 201);
      assert.equal((await page(id)).status, 403);
      gdap.passes(300);
      const { body } = await gdap.call('GET', `/${id}`);
      assert.deepEqual([body['status'], body['isPartnerConsentPending'], body['lastModifiedDateTime']], ['approvalPending', false, '2026-11-22T12:00:00.300Z']);
      assert.equal((await page(id)).status, 200);

      assert.equal((await gdap.accept(id)).status, 200);
      gdap.passes(300);
      assert.equal(await gdap.status(id), 'active');
      assert.equal(await answer(id, 'terminate'), 201);
    });

    it('vanishes when the reseller rejects it, and its name is free', async () => {
      const id = await prepared();
      const gdap = reseller();
      assert.equal(await answer(id, 'reject'), 201);
      gdap.passes(300);

      assert.deepEqual([await gdap.status(id), (await page(id)).status, (await gdap.accept(id)).status], [404, 404, 404]);
      assert.deepEqual((await gdap.call('GET')).body.value, []);
      assert.equal(await answer(id, 'approve'), 404);
      await prepared();
    });

    it('is answered once, and by the reseller only', async () => {
      const id = await prepared();
      assert.deepEqual([await answer(id, 'approve', at.PROVIDER), await answer(id, 'reject', at.PROVIDER), await answer(id, 'approve', at.FABRIKAM)], [403, 403, 404]);

      assert.deepEqual([await answer(id, 'approve'), await answer(id, 'approve'), await answer(id, 'reject')], [201, 409, 409]);
      reseller().passes(300);
      assert.deepEqual([await answer(id, 'approve'), await answer(id, 'reject'), await answer(id, 'lockForApproval'), await answer(id, 'terminate')], [409, 409, 409, 409]);
    });

    it('is the only thing that a partner can approve', async () => {
      const id = await reseller().pending({ customer: { tenantId: at.CONTOSO } });

      assert.deepEqual([await answer(id, 'approve'), await answer(id, 'reject')], [400, 400]);
      assert.equal(await reseller().status(id), 'approvalPending');
    });

    it('is rejected in a word that is shown to those who know it', async () => {
      const prefer = { prefer: 'include-unknown-enum-members' };
      const id = await prepared();
      await answer(id, 'reject');
      const { authorization } = await authorized();
      const read = async (headers: Record<string, string>) =>
        ((await (await fetch(`${sandbox.graphUrl}/v1.0/${RELATIONSHIPS}/${id}/requests`, { headers: { authorization, ...headers } })).json()) as { value: { action: string }[] }).value.map(({ action }) => action);

      assert.deepEqual(await read({}), ['lockForApproval', 'unknownFutureValue']);
      assert.deepEqual(await read(prefer), ['lockForApproval', 'reject']);
    });

    it('does not exist any more when nobody answers for 90 days', async () => {
      const id = await prepared();
      await sandbox.control('POST', 'clock', { advanceSeconds: 90 * 86_400 });

      assert.deepEqual([await reseller().status(id), await answer(id, 'approve')], [404, 404]);
    });

    for (const [what, change, status] of [
      ['another provider', { provider: OTHER_PROVIDER }, 404], ['a reseller that is none', { reseller: at.FABRIKAM }, 404], ['a customer that is a partner', { customer: at.NORTHWIND }, 404],
      ['no name', { name: ' ' }, 400], ['too many days', { days: 731 }, 400], ['no day', { days: 0 }, 400], ['no role', { roles: [] }, 400], ['a role by name', { roles: ['Global Administrator'] }, 400], ['more', { status: 'active' }, 400],
    ] as const) {
      it(`is not made with ${what}`, async () => {
        assert.equal((await prepare(change)).status, status);
        assert.deepEqual((await reseller().call('GET')).body.value, []);
      });
    }

    it('is not made under a name that the reseller uses', async () => {
      await prepared();

      assert.equal((await prepare()).status, 409);
    });

    const authorized = async () => {
      const account = sandbox.partners.find(({ tenant }) => tenant === at.RESELLER);
      const form = { client_id: account?.clientId ?? '', client_secret: account?.clientSecret ?? '', resource: sandbox.graphUrl, grant_type: 'client_credentials' };
      const answered = await fetch(`${sandbox.loginUrl}/${at.RESELLER}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
      return { authorization: `Bearer ${((await answered.json()) as { access_token: string }).access_token}` };
    };
  });
});
