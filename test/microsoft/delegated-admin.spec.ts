import assert from 'node:assert/strict';
import type { DelegatedAsk } from '../../src/domain/delegated-admin.js';
import type { MicrosoftOptions } from '../../src/microsoft/microsoft.js';
import { aDelegatedAsk } from '../helpers/builders.js';
import { CONTOSO, FABRIKAM, GERMAN } from '../local/partner-center/a-sandbox.js';
import { allowedFor, refusedWith, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const all = '/tenantRelationships/delegatedAdminRelationships';
const id = '11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222';
const page = `https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/${id}`;
const wish = aDelegatedAsk({ name: 'Contoso · PR-ACD-EFG' });
const wire = (more: object = {}) => ({
  '@odata.type': '#microsoft.graph.delegatedAdminRelationship', '@odata.etag': 'W/"1"', id, displayName: wish.name, duration: 'P365D', autoExtendDuration: 'PT0S',
  customer: { tenantId: CONTOSO.toUpperCase(), displayName: null }, accessDetails: { unifiedRoles: wish.roles.map((role) => ({ roleDefinitionId: role.toUpperCase() })) },
  status: 'created', createdDateTime: '2026-11-22T12:00:00Z', activatedDateTime: '', endDateTime: null, ...more,
});
const many = (...value: readonly object[]): Line => ({ body: { value } });
const error = (status: number, code: string): Line => ({ status, body: { error: { code, message: 'No.', innerError: {} } } });
const good: Readonly<Record<string, Line | readonly Line[]>> = {
  [`GET ${all}?`]: many(),
  [`POST ${all}`]: { status: 201, body: wire() },
  [`GET ${all}/${id}/requests`]: many(),
  [`POST ${all}/${id}/requests`]: { status: 201, body: { id: 'q', action: 'lockForApproval', status: 'created' } },
  [`GET ${all}/${id}`]: [{ body: wire() }, { body: wire() }, { body: wire({ status: 'approvalPending' }) }],
};

describe('delegated administration over the wire', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  const prepare = (lines: typeof good = {}, ask: DelegatedAsk = wish, more: Partial<MicrosoftOptions> = {}) => {
    microsoft.saysTo({ ...good, ...lines });
    return microsoft.client(more).authority.prepareInvitation(allowedFor(FABRIKAM, { sell: false, manage: ask }));
  };
  const steps = (): readonly string[] => microsoft.asked.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '?').slice('/graph/v1.0'.length + all.length).replace(id, '…')}`);
  const writes = (): readonly string[] => microsoft.written.map(({ url }) => url.slice('/graph/v1.0'.length + all.length).replace(id, '…'));

  describe('asking a customer', () => {
    it('looks first, then creates, locks and waits until the customer can approve', async () => {
      assert.deepEqual(await prepare(), { link: '', delegated: { relationship: id, link: page } });

      assert.deepEqual(steps(), ['GET ?', 'POST ', 'GET /…/requests', 'POST /…/requests', 'GET /…', 'GET /…/requests/q', 'GET /…', 'GET /…/requests/q', 'GET /…']);
      assert.deepEqual(microsoft.written.map(({ body }) => body), [
        {
          displayName: wish.name, duration: 'P365D', autoExtendDuration: 'PT0S', customer: { tenantId: CONTOSO },
          accessDetails: { unifiedRoles: wish.roles.map((roleDefinitionId) => ({ roleDefinitionId })) },
        },
        { action: 'lockForApproval' },
      ]);
      assert.match(String(microsoft.asked[1]?.headers['client-request-id']), /^0{8}-/);
    });

    it('extends by half a year where that was asked', async () => {
      await prepare({}, { ...wish, days: 730, autoExtends: true });

      const { duration, autoExtendDuration } = microsoft.written[0]?.body as Record<string, string>;
      assert.deepEqual([duration, autoExtendDuration], ['P730D', 'P180D']);
    });

    it('writes a quote in the name twice when it looks', async () => {
      await prepare({}, { ...wish, name: "O'Neil & 'Sons'" });

      assert.equal(new URL(microsoft.asked[0]!.url, 'http://x').searchParams.get('$filter'), "displayName eq 'O''Neil & ''Sons'''");
    });

    it('comes after the link for selling', async () => {
      const link = 'https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship';
      const both = allowedFor(FABRIKAM, { sell: true, manage: wish });
      microsoft.saysTo({ ...good, 'GET /customers/relationshiprequests': { body: { url: link } } });
      assert.deepEqual(await microsoft.client().authority.prepareInvitation(both), { link, delegated: { relationship: id, link: page } });

      microsoft.saysTo({ ...good, 'GET /customers/relationshiprequests': { status: 403, body: { code: 2032 } } });
      assert.deepEqual(refusedWith(await microsoft.client().authority.prepareInvitation(both)), ['ROLE_NOT_ALLOWED', '2032']);
      assert.equal(microsoft.asked.length, 1);

      microsoft.saysTo({ ...good, 'GET /customers/relationshiprequests': { body: { url: 'https://elsewhere.example' } } });
      await assert.rejects(microsoft.client().authority.prepareInvitation(both), unavailable());
      assert.equal(microsoft.asked.length, 1);
    });

    it('creates nothing when the page for approval would be somewhere else', async () => {
      for (const link of ['https://elsewhere.example/', 'http://admin.microsoft.com/', 'https://admin.microsoft.com@elsewhere.example/', 'javascript:alert(1)', '']) {
        await assert.rejects(prepare({}, wish, { delegatedAdminLink: () => link }), unavailable());
        assert.equal(microsoft.heard.length, 0);
      }
    });

    it('sends people to the page of this deployment', async () => {
      const prepared = await prepare({}, wish, { delegatedAdminLink: (relationship) => `${microsoft.url}/approve/${relationship}` });

      assert.deepEqual(prepared, { link: '', delegated: { relationship: id, link: `${microsoft.url}/approve/${id}` } });
    });
  });

  describe('asking once more', () => {
    it('goes on with what was created and never locked', async () => {
      await assert.rejects(prepare({ [`POST ${all}/${id}/requests`]: { cut: true } }), unavailable({ operation: 'requestDelegatedAdmin' }));
      assert.deepEqual(await prepare({ [`GET ${all}?`]: many(wire()) }), { link: '', delegated: { relationship: id, link: page } });

      assert.deepEqual(writes(), ['/…/requests']);
    });

    for (const status of ['created', 'pending', 'succeeded']) {
      it(`locks nothing twice: a lock that is ${status} is waited for`, async () => {
        const prepared = await prepare({ [`GET ${all}?`]: many(wire()), [`GET ${all}/${id}/requests`]: many({ id: 'q', action: 'lockForApproval', status }) });

        assert('delegated' in prepared);
        assert.deepEqual(writes(), []);
      });
    }

    it('locks again when the lock failed', async () => {
      await prepare({ [`GET ${all}?`]: many(wire()), [`GET ${all}/${id}/requests`]: many({ id: 'q', action: 'lockForApproval', status: 'failed' }) });

      assert.deepEqual(writes(), ['/…/requests']);
    });

    it('does not mind that somebody was quicker with the lock', async () => {
      assert('delegated' in (await prepare({ [`POST ${all}/${id}/requests`]: error(409, 'Conflict') })));
    });

    for (const status of ['approvalPending', 'approved', 'activating', 'active']) {
      it(`is done when it is ${status} already`, async () => {
        assert.deepEqual(await prepare({ [`GET ${all}?`]: many(wire({ status, activatedDateTime: null })) }), { link: '', delegated: { relationship: id, link: page } });
        assert.deepEqual(steps(), ['GET ?']);
      });
    }

    it('finds what a creation without an answer has made', async () => {
      await assert.rejects(prepare({ [`POST ${all}`]: { hang: true } }), unavailable({ operation: 'createDelegatedAdmin' }));
      assert.deepEqual(writes(), ['']);
      assert('delegated' in (await prepare({ [`GET ${all}?`]: many(wire()) })));
      assert.deepEqual(writes(), ['/…/requests']);
    });

    it('finds it also when the list was late and the name is taken by ourselves', async () => {
      assert('delegated' in (await prepare({ [`GET ${all}?`]: [many(), many(wire())], [`POST ${all}`]: error(409, 'Conflict') })));
    });

    it('says when to come again while Microsoft is still locking', async () => {
      await assert.rejects(prepare({ [`GET ${all}/${id}`]: { body: wire() } }, wish, { pollForMs: 60 }), unavailable({ operation: 'getDelegatedAdmin', retryAfterSeconds: 2 }));
      assert.deepEqual(writes(), ['', '/…/requests']);
    });
  });

  describe('a name', () => {
    for (const [what, other] of [
      ['another customer', { customer: { tenantId: GERMAN }, status: 'approvalPending' }], ['any customer', { customer: null }],
      ...['expiring', 'expired', 'terminationRequested', 'terminating', 'terminated', 'unknownFutureValue'].map((status) => [`this customer and is ${status}`, { status }] as const),
      ['this customer with more roles', { accessDetails: { unifiedRoles: [{ roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10' }] } }],
      ['this customer for longer', { duration: 'P2Y' }], ['this customer and extends itself', { autoExtendDuration: 'P180D' }],
    ] as const) {
      it(`is taken when it belongs to ${what}`, async () => {
        assert.deepEqual(refusedWith(await prepare({ [`GET ${all}?`]: many(wire(other)) })), ['GDAP_NAME_TAKEN', '']);
        assert.deepEqual(writes(), []);
      });
    }

    it('is taken when Microsoft says so', async () => {
      assert.deepEqual(refusedWith(await prepare({ [`POST ${all}`]: error(409, 'Conflict') })), ['GDAP_NAME_TAKEN', 'Conflict']);
    });

    it('is the same in another notation of its terms', async () => {
      assert('delegated' in (await prepare({ [`GET ${all}?`]: many(wire({ duration: 'P1Y', autoExtendDuration: '00:00:00', status: 'approvalPending' })) })));
    });
  });

  describe('a no', () => {
    for (const [what, lines, code, serviceCode] of [
      ['to creating, for want of a role', { [`POST ${all}`]: error(403, 'Forbidden') }, 'ROLE_NOT_ALLOWED', 'Forbidden'],
      ['to creating, as it stands', { [`POST ${all}`]: error(400, 'BadRequest') }, 'AUTHORITY_REFUSED', 'BadRequest'],
      ['to locking, for want of a role', { [`POST ${all}/${id}/requests`]: error(403, 'Forbidden') }, 'ROLE_NOT_ALLOWED', 'Forbidden'],
      ['to locking, as it stands', { [`POST ${all}/${id}/requests`]: error(400, 'BadRequest') }, 'AUTHORITY_REFUSED', 'BadRequest'],
      ['to locking what is gone', { [`POST ${all}/${id}/requests`]: error(404, 'NotFound') }, 'GDAP_WRONG_STATE', 'NotFound'],
      ['to what ended meanwhile', { [`GET ${all}/${id}`]: { body: wire({ status: 'terminated' }) } }, 'GDAP_WRONG_STATE', ''],
    ] as const) {
      it(`${what}, is ${code}`, async () => {
        const outcome = await prepare(lines);

        assert.deepEqual(refusedWith(outcome), [code, serviceCode]);
        assert('refused' in outcome && /^0{8}-/.test(outcome.refused.correlationId));
      });
    }
  });

  describe('an outage is no answer, and nothing is written twice', () => {
    for (const [what, line] of [
      ['500', { status: 500 }], ['503', { status: 503 }], ['HTML', { status: 400, body: '<html>' }], ['a cut line', { cut: true }], ['silence', { hang: true }], ['a good status and another shape', { status: 201, body: {} }],
    ] as const) {
      it(`${what} to creating`, async () => {
        await assert.rejects(prepare({ [`POST ${all}`]: line }), unavailable({ operation: 'createDelegatedAdmin' }));
        assert.deepEqual(writes(), ['']);
      });
    }

    it('throttling says when', async () => {
      for (const start of [`GET ${all}?`, `POST ${all}`, `POST ${all}/${id}/requests`, `GET ${all}/${id}`]) {
        await assert.rejects(prepare({ [start]: { status: 429, headers: { 'retry-after': '17' }, body: {} } }), unavailable({ retryAfterSeconds: 17 }));
      }
    });

    it('a token that was refused is renewed once for a write as well, for then nothing happened', async () => {
      assert('delegated' in (await prepare({ [`POST ${all}`]: [{ status: 401 }, { status: 201, body: wire() }] })));
      await assert.rejects(prepare({ [`POST ${all}`]: { status: 401 } }), unavailable());
    });
  });

  describe('a list', () => {
    const list = (...lines: readonly Line[]) => {
      microsoft.says(...lines);
      return microsoft.client().authority.listDelegatedAdmin(FABRIKAM);
    };
    const listed = async (more: object) => (await list(many(wire(more))))[0];

    it('shows every one with its id and where it stands', async () => {
      assert.deepEqual(await listed({ status: 'active', activatedDateTime: '2026-03-03T00:00:00Z', endDateTime: '2027-03-03T00:00:00Z', autoExtendDuration: 'P180D', isPartnerConsentPending: false }), {
        id, customer: CONTOSO, name: wish.name, roles: wish.roles, status: 'active', since: '2026-03-03T00:00:00Z', until: '2027-03-03T00:00:00Z', autoExtends: true,
      });
      for (const status of ['created', 'approvalPending', 'approved', 'activating', 'expiring', 'expired', 'terminationRequested', 'terminating', 'terminated']) {
        assert.equal((await listed({ status }))?.status, status);
      }
    });

    it('takes no new word for a known one', async () => {
      for (const status of ['unknownFutureValue', 'paused', 'Active', '', null]) assert.equal((await listed({ status }))?.status, 'unknown');
    });

    it('has no dates before activation, whether null, empty or left out', async () => {
      for (const none of [null, '', undefined]) {
        const one = await listed({ activatedDateTime: none, endDateTime: none });
        assert.deepEqual([one?.since, one?.until], ['', '']);
      }
    });

    it('reads every way of saying that it ends for good', async () => {
      for (const autoExtendDuration of ['PT0S', 'P0D', '00:00:00', '', null]) assert.equal((await listed({ autoExtendDuration }))?.autoExtends, false);
    });

    it('leaves out those without a customer, and takes the kind a provider prepared', async () => {
      const reseller = wire({ '@odata.type': '#microsoft.graph.resellerDelegatedAdminRelationship', isPartnerConsentPending: true, indirectProviderTenantId: GERMAN, accessDetails: null, displayName: null });

      assert.deepEqual((await list(many(wire({ customer: null }), wire({ customer: {} }), wire({ customer: { tenantId: '' } }), reseller))).map(({ name, roles }) => [name, roles]), [['', []]]);
    });

    it('goes over three pages, and asks for one customer where one is named', async () => {
      const next = (token: number) => ({ '@odata.nextLink': `${microsoft.url}/graph/v1.0${all}?$skiptoken=${token}` });
      microsoft.says({ body: { value: [wire({ id: 'a' })], ...next(1) } }, { body: { value: [], ...next(2) } }, many(wire({ id: 'b' }), wire({ id: 'c', customer: { tenantId: GERMAN } })));

      assert.deepEqual((await microsoft.client().authority.listDelegatedAdmin(FABRIKAM, CONTOSO)).map((one) => one.id), ['a', 'b']);
      assert.deepEqual(microsoft.asked.map(({ url }) => new URL(url, 'http://x').search), [`?$filter=customer%2FtenantId%20eq%20%27${CONTOSO}%27`, '?$skiptoken=1', '?$skiptoken=2']);
    });
  });

  describe('the end', () => {
    const end = (status: string | Line, lines: typeof good = {}) => {
      microsoft.saysTo({ ...good, [`GET ${all}/${id}`]: typeof status === 'string' ? { body: wire({ status }) } : status, ...lines });
      return microsoft.client().authority.terminateDelegatedAdmin(FABRIKAM, id);
    };

    it('of what is active is asked for', async () => {
      assert.equal(await end('active'), 'asked');
      assert.deepEqual(microsoft.written.map(({ url, body }) => [url, body]), [[`/graph/v1.0${all}/${id}/requests`, { action: 'terminate' }]]);
    });

    for (const status of ['terminationRequested', 'terminating', 'terminated', 'expiring', 'expired']) {
      it(`of what is ${status} need not be asked for`, async () => {
        assert.equal(await end(status), 'asked');
        assert.deepEqual(writes(), []);
      });
    }

    for (const status of ['created', 'approvalPending', 'approved', 'activating', 'unknownFutureValue']) {
      it(`of what is ${status} cannot be asked for`, async () => {
        assert.deepEqual(refusedWith(await end(status)), ['GDAP_WRONG_STATE', '']);
        assert.deepEqual(writes(), []);
      });
    }

    it('of what no longer exists has come', async () => {
      assert.equal(await end(error(404, 'NotFound')), 'asked');
      assert.equal(await end('active', { [`POST ${all}/${id}/requests`]: error(404, 'NotFound') }), 'asked');
    });

    it('is refused for want of a role, or in a state that does not allow it', async () => {
      assert.deepEqual(refusedWith(await end('active', { [`POST ${all}/${id}/requests`]: error(403, 'Forbidden') })), ['ROLE_NOT_ALLOWED', 'Forbidden']);
      assert.deepEqual(refusedWith(await end('active', { [`POST ${all}/${id}/requests`]: error(409, 'Conflict') })), ['GDAP_WRONG_STATE', 'Conflict']);
      assert.deepEqual(refusedWith(await end('active', { [`POST ${all}/${id}/requests`]: error(400, 'BadRequest') })), ['AUTHORITY_REFUSED', 'BadRequest']);
    });

    it('is on its way when somebody asked for it a moment ago', async () => {
      const lines = { [`POST ${all}/${id}/requests`]: error(409, 'Conflict'), [`GET ${all}/${id}/requests`]: many({ action: 'lockForApproval', status: 'succeeded' }, { action: 'terminate', status: 'pending' }) };

      assert.equal(await end('active', lines), 'asked');
    });

    it('is unknown after an outage', async () => {
      await assert.rejects(end({ status: 503 }), unavailable({ operation: 'getDelegatedAdmin' }));
      await assert.rejects(end('active', { [`POST ${all}/${id}/requests`]: { hang: true } }), unavailable({ operation: 'requestDelegatedAdmin' }));
      await assert.rejects(end('active', { [`POST ${all}/${id}/requests`]: { status: 429, headers: { 'retry-after': '9' } } }), unavailable({ retryAfterSeconds: 9 }));
      assert.deepEqual(writes(), ['/…/requests']);
    });
  });
});
