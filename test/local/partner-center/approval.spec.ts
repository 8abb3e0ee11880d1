import assert from 'node:assert/strict';
import { words } from '../../../src/local/partner-center/acceptance-words.js';
import { administration, GLOBAL_ADMINISTRATOR, rolesOf, SERVICE_SUPPORT } from './a-relationship.js';
import * as at from './a-sandbox.js';

const UNNAMED_ROLE = '12345678-0000-4000-8000-000000000000';

describe('the page on which a customer approves delegated administration', () => {
  let sandbox: at.OpenSandbox;
  let gdap: ReturnType<typeof administration>;
  beforeEach(async () => {
    sandbox = await at.openSandbox();
    gdap = administration(sandbox);
  });
  afterEach(() => sandbox.close());

  const open = async (id: string, query: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const all = new URLSearchParams({ delegatedAdmin: id, ...query });
    const answer = await fetch(`${sandbox.url}/AdminPortal/Home?${all.toString()}`, { headers });
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  };
  const press = async (id: string, person: string, lang = 'en') => {
    const answer = await fetch(`${sandbox.url}/AdminPortal/approve`, { method: 'POST', body: new URLSearchParams({ delegatedAdmin: id, person, lang }) });
    return { status: answer.status, html: await answer.text() };
  };

  it('says who asks, for what, for how long, and what stays the same', async () => {
    const { status, html } = await open(await gdap.pending({ duration: 'P2Y', accessDetails: rolesOf(SERVICE_SUPPORT, GLOBAL_ADMINISTRATOR, UNNAMED_ROLE) }));
    const said = words.en.approval;

    assert.equal(status, 200);
    for (const sentence of [
      words.en.sandbox, 'Fabrikam (fabrikam.com) asks for granular delegated admin privileges', '<dd>Fabrikam for Contoso</dd>', '<dd>730 days</dd>', said.ends,
      '<li>Service Support Administrator</li>', '<li>Global Administrator</li>', `<li>${UNNAMED_ROLE}</li>`, said.allOrNone, ...said.points,
    ]) assert(html.includes(sentence), sentence);
    assert(!html.includes(said.extends));
  });

  it('speaks Turkish to those who prefer it, and to those who ask', async () => {
    const id = await gdap.pending({ autoExtendDuration: 'P180D' });
    for (const { html } of [await open(id, {}, { 'accept-language': 'tr-TR' }), await open(id, { lang: 'tr' })]) {
      assert.match(html, /<html lang="tr">/);
      for (const sentence of ['ayrıntılı temsilci yönetici ayrıcalıkları istiyor', '<dt>Süre</dt><dd>90 gün</dd>', words.tr.approval.extends, '<li>Hizmet Desteği Yöneticisi</li>', words.tr.approval.allOrNone]) {
        assert(html.includes(sentence), sentence);
      }
    }
  });

  it('shows the one who is signed in, runs no script, and escapes names', async () => {
    const { headers, html } = await open(await gdap.pending({ displayName: '<b>Bold</b>' }), { signedInAs: at.AYSE });

    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; .*form-action 'self'/);
    assert(html.includes(`<option value="${at.AYSE}" selected>Ayşe Yılmaz – Global admin</option>`) && !html.includes('Lale Uçar'));
    assert(html.includes('&lt;b&gt;Bold&lt;/b&gt;') && !html.includes('<b>'));
  });

  it('is not the page for reseller relationships', async () => {
    const id = await gdap.pending();

    assert.equal((await fetch(`${sandbox.url}/Adminportal/Home?delegatedAdmin=${id}`)).status, 404);
  });

  it('is not there before the lock, nor for an id that is none', async () => {
    for (const id of [await gdap.create(), at.NOBODY, '"><script>']) {
      const { status, html } = await open(id);
      assert.equal(status, 404);
      assert(!html.includes('<script'));
      assert.equal((await press(id, at.AYSE)).status, 404);
    }
  });

  it('approves all roles at once', async () => {
    const id = await gdap.pending();
    const { status, html } = await press(id, at.AYSE);

    assert.equal(status, 200);
    assert(html.includes(words.en.approval.accepted));
    gdap.passes(300);
    assert.equal(await gdap.status(id), 'active');
  });

  it('says so when it was approved before', async () => {
    const id = await gdap.active();
    for (const language of ['en', 'tr'] as const) {
      const { already, alreadyDone } = words[language].approval;
      for (const { status, html } of [await open(id, { lang: language }), await press(id, at.AYSE, language)]) {
        assert.equal(status, 200);
        assert(html.includes(already) && html.includes(alreadyDone('Fabrikam')));
      }
    }
    assert.equal((await gdap.accept(id)).status, 200);
    assert.deepEqual(Object.values((await gdap.accept(id)).body as object)[0], 'already');
  });

  it('does not open again when what was approved has ended', async () => {
    const id = await gdap.active();
    await sandbox.control('POST', `delegated/${id}/terminate`);
    gdap.passes(300);

    for (const { status, html } of [await open(id), await press(id, at.AYSE)]) {
      assert.equal(status, 403);
      assert(html.includes(words.en.approval.why.linkUsed));
    }
    assert.equal(await gdap.status(id), 'terminated');
  });

  for (const [what, person, customer, bound, why] of [
    ['a user', at.CAN, at.CONTOSO, at.CONTOSO, 'notAGlobalAdmin'],
    ['a billing admin', at.BILL, at.CONTOSO, at.CONTOSO, 'notAGlobalAdmin'],
    ['a guest with the role', at.GUEST, at.CONTOSO, at.CONTOSO, 'guest'],
    ['another tenant', at.LALE, at.LITWARE, at.CONTOSO, 'wrongTenant'],
    ["the partner's own tenant", at.GRACE, at.FABRIKAM, undefined, 'ownTenant'],
    ['another partner', at.DENIZ, at.NORTHWIND, undefined, 'cspTenant'],
    ['another cloud', at.HARRIET, at.AGENCY, undefined, 'otherCloud'],
  ] as const) {
    it(`refuses ${what} in a plain sentence, and nothing happens`, async () => {
      const id = await gdap.pending({ customer: bound && { tenantId: bound } });

      for (const language of ['en', 'tr'] as const) {
        const { status, html } = await press(id, person, language);
        assert.equal(status, 403);
        assert(html.includes(words[language].approval.why[why]));
        assert(html.includes(`/AdminPortal/Home?delegatedAdmin=${id}`));
      }
      assert.deepEqual(await gdap.accept(id, person, customer), { status: 409, body: { outcome: 'refused', why, message: words.en.approval.why[why] } });
      assert.equal(await gdap.status(id), 'approvalPending');
    });
  }

  it('is not bound to a market, as selling is', async () => {
    const id = await gdap.pending({ customer: { tenantId: at.GERMAN } });

    assert.equal((await press(id, at.DIETER)).status, 200);
  });

  it('makes no reseller relationship', async () => {
    const grants = async () => ((await sandbox.control('GET', 'world')).body as { grants: { kind: string }[] }).grants.filter(({ kind }) => kind === 'reseller');
    const before = await grants();
    await gdap.active();

    assert.deepEqual(await grants(), before);
  });

  it('is not reached through another partner', async () => {
    const id = await gdap.pending();

    assert.equal((await sandbox.control('POST', 'accept', { partner: at.NORTHWIND, customer: at.CONTOSO, person: at.AYSE, relationship: id })).status, 404);
  });
});
