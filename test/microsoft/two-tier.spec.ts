import assert from 'node:assert/strict';
import { aDelegatedAsk } from '../helpers/builders.js';
import { CONTOSO, FABRIKAM, PROVIDER } from '../local/partner-center/a-sandbox.js';
import { allowedFor, anAccount, refusedWith, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const fragment = '#/BillingAccounts/partner-invitation';
const adminPortal = 'https://admin.microsoft.com/Adminportal/Home';
const own = `${adminPortal}?invType=ResellerRelationship&partnerId=${FABRIKAM}&msppId=0&DAP=false${fragment}`;
const forBoth = `indirectCloudSolutionProviderId=${PROVIDER}&indirectResellerId=${FABRIKAM}`;
const accounts = [anAccount({ type: 'indirectReseller' })];

describe('an indirect reseller that asks through its provider, over the wire', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  const prepare = (profile: Line, url: string = own, asks: Parameters<typeof allowedFor>[1] = { sell: true, provider: { tenant: PROVIDER, name: 'Provider' } }) => {
    microsoft.saysTo({ 'GET /customers/relationshiprequests': { body: { url } }, 'GET /profiles/mpn': profile });
    return microsoft.client({ accounts }).authority.prepareInvitation(allowedFor(FABRIKAM, asks));
  };
  const linkWith = (dap: string): string => `${adminPortal}?invType=IndirectResellerRelationship&partnerId=${FABRIKAM}&msppId=4847383&indirectCSPId=${PROVIDER}${dap}${fragment}`;

  for (const [what, profile] of [
    ['text', { mpnId: '4847383' }], ['a number', { mpnId: 4847383 }], ['text with spaces', { mpnId: ' 4847383 ' }], ['under its newer name', { partnerId: 4847383 }], ['under both names', { mpnId: '', partnerId: '4847383' }],
  ] as const) {
    it(`gives one link for both, with a PartnerID that is ${what}`, async () => {
      assert.deepEqual(await prepare({ body: { ...profile, partnerName: 'Fabrikam' } }), { link: linkWith('&DAP=false') });
      assert.deepEqual(microsoft.asked.map(({ method, url }) => `${method} ${url}`), [`GET /pc/v1/customers/relationshiprequests?${forBoth}`, 'GET /pc/v1/profiles/mpn']);
    });
  }

  it('is Microsoft’s own link where that names both, in whatever form, and needs no PartnerID', async () => {
    for (const url of [
      linkWith('&DAP=false'), linkWith('').replace('Home?', 'Home?new=thing&').toUpperCase().replace('HTTPS://ADMIN.MICROSOFT.COM', 'https://admin.microsoft.com'),
      `https://admin.microsoft.com/Adminportal/Home#/partners/invitation/indirectReseller?partnerId=${FABRIKAM}&indirectCSP=${PROVIDER}`,
    ]) {
      assert.deepEqual(await prepare({ status: 500 }, url), { link: url });
      assert.deepEqual(microsoft.asked.map(({ url: asked }) => asked), [`/pc/v1/customers/relationshiprequests?${forBoth}`]);
    }
  });

  it('is not somebody else’s link, although it names the provider', async () => {
    const others = linkWith('&DAP=false').replace(FABRIKAM, CONTOSO);
    assert.deepEqual(await prepare({ body: { mpnId: 4847383 } }, others), { link: linkWith('&DAP=false') });
  });

  it('keeps what Partner Center said of delegated administration, and nothing else of its query', async () => {
    assert.deepEqual(await prepare({ body: { mpnId: 4847383 } }, own.replace('DAP=false', 'DAP=true&other=1')), { link: linkWith('&DAP=true') });
    assert.deepEqual(await prepare({ body: { mpnId: 4847383 } }, own.replace('&DAP=false', '')), { link: linkWith('') });
  });

  it('asks for no PartnerID without a provider', async () => {
    assert.deepEqual(await prepare({ status: 500 }, own, { sell: true }), { link: own });
    assert.equal(microsoft.asked.length, 1);
  });

  for (const [what, profile, refused] of [
    ['is not there', { body: { partnerName: 'Fabrikam' } }, ['PARTNER_NOT_ACTIVE', '']],
    ['is nothing', { body: { mpnId: null, partnerId: null } }, ['PARTNER_NOT_ACTIVE', '']],
    ['is empty', { body: { mpnId: ' ' } }, ['PARTNER_NOT_ACTIVE', '']],
    ['is zero', { body: { mpnId: 0, partnerId: '0' } }, ['PARTNER_NOT_ACTIVE', '']],
    ['is no number', { body: { mpnId: '1&DAP=true' } }, ['PARTNER_NOT_ACTIVE', '']],
    ['has no profile', { status: 404, body: { code: '60003' } }, ['PARTNER_NOT_ACTIVE', '60003']],
    ['may not be read', { status: 403, body: { code: 2032 } }, ['ROLE_NOT_ALLOWED', '2032']],
  ] as const) {
    it(`is refused when the PartnerID ${what}, and nothing is asked of the customer`, async () => {
      const outcome = await prepare(profile, own, { sell: true, provider: { tenant: PROVIDER, name: 'Provider' }, manage: aDelegatedAsk() });

      assert.deepEqual(refusedWith(outcome), refused);
      assert.deepEqual(microsoft.written, []);
    });
  }

  it('has no answer when the PartnerID has none', async () => {
    for (const line of [{ status: 500 }, { body: 'html' }, { body: { mpnId: {} } }]) await assert.rejects(prepare(line), unavailable({ operation: 'partnerProfile' }));
  });

  it('makes no link out of an address that is not trusted', async () => {
    for (const url of ['https://elsewhere.example/', own.replace('https', 'http'), own.replace('admin.microsoft.com', 'admin.microsoft.com@elsewhere.example'), 'javascript:alert(1)']) {
      await assert.rejects(prepare({ body: { mpnId: 4847383 } }, url), unavailable({ operation: 'relationshipRequest' }));
      assert.equal(microsoft.asked.length, 1);
    }
  });
});

describe("a provider's draft over the wire", () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  const id = '11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222';
  const all = '/tenantRelationships/delegatedAdminRelationships';
  const ask = aDelegatedAsk();
  const draft = (more: object = {}) => ({
    '@odata.type': '#microsoft.graph.resellerDelegatedAdminRelationship', id, displayName: ask.name, duration: 'P365D', autoExtendDuration: 'PT0S', customer: { tenantId: CONTOSO },
    accessDetails: { unifiedRoles: ask.roles.map((roleDefinitionId) => ({ roleDefinitionId })) }, status: 'approvalPending', activatedDateTime: '', endDateTime: null,
    isPartnerConsentPending: true, indirectProviderTenantId: PROVIDER.toUpperCase(), ...more,
  });
  const error = (status: number, code: string): Line => ({ status, body: { error: { code, message: 'No.' } } });
  const answer = (word: 'approve' | 'reject', standing: Line, said: Line = { status: 201, body: { id: 'q', action: word, status: 'created' } }, type: 'indirectReseller' | 'indirectProvider' | 'directBill' = 'indirectReseller', requests: Line = { body: { value: [] } }) => {
    microsoft.saysTo({ [`GET ${all}/${id}/requests`]: requests, [`GET ${all}/${id}`]: standing, [`POST ${all}/${id}/requests`]: said });
    return microsoft.client({ accounts: [anAccount({ type })] }).authority.answerProviderDraft(FABRIKAM, id, word);
  };
  const list = (...value: readonly object[]) => {
    microsoft.saysTo({ [`GET ${all}?`]: { body: { value } }, [`GET ${all}`]: { body: { value } } });
    return microsoft.client({ accounts }).authority.listDelegatedAdmin(FABRIKAM, CONTOSO);
  };

  it('says in a list who prepared it, and whether it waits for us', async () => {
    const shown = async (more: object) => (await list(draft(more))).map(({ preparedBy, needsOurConsent }) => ({ preparedBy, needsOurConsent }));

    assert.deepEqual(await shown({}), [{ preparedBy: PROVIDER, needsOurConsent: true }]);
    assert.deepEqual(await shown({ isPartnerConsentPending: false }), [{ preparedBy: PROVIDER, needsOurConsent: undefined }]);
    assert.deepEqual(await shown({ indirectProviderTenantId: null, isPartnerConsentPending: null }), [{ preparedBy: undefined, needsOurConsent: undefined }]);
    assert.deepEqual(await shown({ '@odata.type': '#microsoft.graph.delegatedAdminRelationship' }), [{ preparedBy: undefined, needsOurConsent: undefined }]);
    assert.equal('needsOurConsent' in ((await list(draft({ '@odata.type': undefined })))[0] ?? {}), false);
  });

  for (const word of ['approve', 'reject'] as const) {
    it(`is answered with ${word} once it was read`, async () => {
      assert.equal(await answer(word, { body: draft() }), 'asked');
      assert.deepEqual(microsoft.asked.map(({ method }) => method), ['GET', 'POST']);
      assert.deepEqual(microsoft.written, [{ method: 'POST', url: `/graph/v1.0${all}/${id}/requests`, body: { action: word } }]);
      assert.equal(microsoft.asked[1]?.headers['prefer'], 'include-unknown-enum-members');
    });

    it(`counts as answered with ${word} when that was asked before and waits for nobody now: nothing is sent`, async () => {
      assert.equal(await answer(word, { body: draft({ isPartnerConsentPending: false }) }, undefined, undefined, { body: { value: [{ id: 'q', action: word, status: 'succeeded' }] } }), 'asked');
      assert.deepEqual(microsoft.written, []);
    });

    for (const [what, requests] of [
      ['the other word was asked', [{ id: 'q', action: word === 'approve' ? 'reject' : 'approve', status: 'succeeded' }]],
      ['asking it failed', [{ id: 'q', action: word, status: 'failed' }]],
    ] as const) {
      it(`does not count as answered with ${word} when ${what}`, async () => {
        assert.deepEqual(refusedWith(await answer(word, { body: draft({ isPartnerConsentPending: false }) }, undefined, undefined, { body: { value: requests } })), ['GDAP_WRONG_STATE', '']);
      });
    }

    it(`counts as answered with ${word} when Graph speaks of a conflict and that was asked`, async () => {
      const asked = { body: { value: [{ id: 'q', action: word, status: 'pending' }] } };
      assert.equal(await answer(word, { body: draft() }, error(409, 'Conflict'), undefined, asked), 'asked');
      for (const line of [{ status: 500 }, { cut: true }, { hang: true }] as const) assert.equal(await answer(word, { body: draft() }, line, undefined, asked), 'asked', JSON.stringify(line));
      assert.equal(microsoft.written.length, 1);
    });

    for (const [what, standing, serviceCode] of [
      ['is an ordinary relationship', { body: draft({ '@odata.type': '#microsoft.graph.delegatedAdminRelationship' }) }, ''],
      ['does not say what it is', { body: draft({ '@odata.type': undefined }) }, ''],
      ['was answered before', { body: draft({ isPartnerConsentPending: false }) }, ''],
      ['does not say that it waits', { body: draft({ isPartnerConsentPending: null }) }, ''],
    ] as const) {
      it(`is not answered with ${word} when it ${what}: nothing is sent`, async () => {
        assert.deepEqual(refusedWith(await answer(word, standing)), ['GDAP_WRONG_STATE', serviceCode]);
        assert.deepEqual(microsoft.written, []);
      });
    }

    for (const type of ['indirectProvider', 'directBill'] as const) {
      it(`is not answered with ${word} by a partner that is ${type}: nothing is sent`, async () => {
        assert.deepEqual(refusedWith(await answer(word, { body: draft() }, undefined, type)), ['GDAP_WRONG_STATE', '']);
        assert.deepEqual(microsoft.asked, []);
      });
    }
  }

  it('that is gone was not agreed to, and needs no more to be turned down', async () => {
    const gone = error(404, 'NotFound');
    assert.deepEqual(refusedWith(await answer('approve', gone, undefined, undefined, gone)), ['GDAP_WRONG_STATE', 'NotFound']);
    assert.equal(await answer('reject', gone, undefined, undefined, gone), 'asked');
    assert.equal(await answer('reject', { body: draft() }, { hang: true }, undefined, gone), 'asked');
    await assert.rejects(answer('approve', { body: draft() }, { hang: true }, undefined, gone), unavailable({ operation: 'answerProviderDraft' }));
  });

  it('is not answered by a word that is neither', async () => {
    for (const word of ['terminate', 'lockForApproval', '']) await assert.rejects(answer(word as 'approve', { body: draft() }));
    assert.deepEqual(microsoft.written, []);
  });

  for (const [status, code] of [[403, 'ROLE_NOT_ALLOWED'], [404, 'GDAP_WRONG_STATE'], [409, 'GDAP_WRONG_STATE'], [400, 'AUTHORITY_REFUSED']] as const) {
    it(`is refused as ${code} when Graph says ${status}`, async () => {
      assert.deepEqual(refusedWith(await answer('approve', { body: draft() }, error(status, 'Word'))), [code, 'Word']);
    });
  }

  it('is sent once, whatever comes back, and never when it could not be read', async () => {
    for (const line of [{ status: 500 }, { cut: true }, { hang: true }, { status: 201, body: 'html' }] as const) {
      await assert.rejects(answer('approve', { body: draft() }, line), unavailable({ operation: 'answerProviderDraft' }));
      assert.equal(microsoft.written.length, 1);
    }
    await assert.rejects(answer('approve', { body: draft() }, { hang: true }, undefined, { hang: true }), unavailable({ operation: 'answerProviderDraft' }));
    for (const line of [{ status: 500 }, { body: {} }, error(403, 'Forbidden')]) {
      await assert.rejects(answer('approve', line), unavailable({ operation: 'getDelegatedAdmin' }));
      assert.deepEqual(microsoft.written, []);
    }
  });

  it('is never taken for a request of our own, whatever its name', async () => {
    microsoft.saysTo({ [`GET ${all}?`]: { body: { value: [draft({ isPartnerConsentPending: false }), draft()] } } });
    const outcome = await microsoft.client({ accounts }).authority.prepareInvitation(allowedFor(FABRIKAM, { sell: false, manage: ask }));

    assert.deepEqual(refusedWith(outcome), ['GDAP_NAME_TAKEN', '']);
    assert.deepEqual(microsoft.written, []);
  });
});
