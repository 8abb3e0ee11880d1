import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { words } from '../../../src/local/partner-center/acceptance-words.js';
import * as at from './a-sandbox.js';

describe('the page on which a customer accepts a partner', () => {
  let sandbox: at.OpenSandbox;
  beforeEach(async () => { sandbox = await at.openSandbox(); });
  afterEach(() => sandbox.close());

  const open = async (query: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const all = new URLSearchParams({ invType: 'ResellerRelationship', partnerId: at.FABRIKAM, msppId: '0', DAP: 'false', ...query });
    const answer = await fetch(`${sandbox.url}/Adminportal/Home?${all.toString()}`, { headers });
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  };
  const press = async (person: string, partnerId: string = at.FABRIKAM, lang = 'en') => {
    const answer = await fetch(`${sandbox.url}/Adminportal/accept`, { method: 'POST', body: new URLSearchParams({ partnerId, person, lang }) });
    return { status: answer.status, html: await answer.text() };
  };
  const grants = async (): Promise<{ kind: string; partner: string; customer: string; since: string }[]> => (await sandbox.control('GET', 'world')).body['grants'];

  it('says that it is a sandbox, who asks, and what accepting means', async () => {
    const { status, html } = await open();

    assert.equal(status, 200);
    assert.match(html, /<html lang="en">/);
    for (const sentence of [words.en.sandbox, 'Fabrikam (fabrikam.com) asks for a reseller relationship', ...words.en.points, words.en.withoutAdmin]) assert(html.includes(sentence), sentence);
  });

  it('says so when administration is included', async () => {
    assert((await open({ partnerId: at.FEDERAL, DAP: 'true' })).html.includes(words.en.withAdmin));
  });

  it('speaks Turkish to those who prefer it, and to those who ask', async () => {
    for (const { html } of [await open({}, { 'accept-language': 'de, tr-TR;q=0.9, en;q=0.5' }), await open({ lang: 'tr' }, { 'accept-language': 'en' })]) {
      assert.match(html, /<html lang="tr">/);
      assert(html.includes('Fabrikam (fabrikam.com) kuruluşunuzla bayi ilişkisi kurmak istiyor.'));
    }
  });

  it('offers the people of customers, and the one who is signed in first', async () => {
    const everybody = (await open()).html;
    assert(everybody.includes('Lale Uçar') && everybody.includes('Ayşe Yılmaz') && !everybody.includes('Elif Kaya'));

    const ayse = (await open({ signedInAs: at.AYSE })).html;
    assert(ayse.includes(`<option value="${at.AYSE}" selected>Ayşe Yılmaz – Global admin</option>`) && !ayse.includes('Lale Uçar'));
    assert(ayse.includes('Gina Guest – Global admin, guest') && ayse.includes('Can Demir – User'));
  });

  it('shows a name as a name, whatever is in it', async () => {
    const { html } = await open();

    assert(html.includes('Contoso &amp; &lt;Sons&gt; (contoso.com)') && !html.includes('<Sons>'));
  });

  it('runs no script, fits in no frame, and is read in no cache', async () => {
    const { headers } = await open();

    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
    assert.deepEqual([headers.get('content-type'), headers.get('cache-control')], ['text/html; charset=utf-8', 'no-store']);
  });

  it('does not exist for a partner that is none', async () => {
    for (const query of [{ partnerId: at.CONTOSO }, { partnerId: at.NOBODY }, { partnerId: '"><script>' }, { invType: 'Other' }] as Record<string, string>[]) {
      const { status, html } = await open(query);
      assert.equal(status, 404);
      assert(!html.includes('<script'));
    }
  });

  it('makes the relationship, from this moment of business time', async () => {
    await sandbox.control('POST', 'clock', { now: '2026-12-01T10:00:00Z' });
    const { status, html } = await press(at.AYSE);

    assert.equal(status, 200);
    assert(html.includes('Fabrikam is a partner of Contoso &amp; &lt;Sons&gt; since 1 December 2026 at 10:00 UTC.'));
    const [made] = (await grants()).filter(({ partner }) => partner === at.FABRIKAM);
    assert.deepEqual(made, { kind: 'reseller', partner: at.FABRIKAM, customer: at.CONTOSO, since: '2026-12-01T10:00:00.000Z' });
  });

  it('leaves every other relationship and subscription as it was', async () => {
    const before = (await sandbox.control('GET', 'world')).body as { grants: unknown[]; subscriptions: unknown[] };
    await press(at.AYSE);
    const after = (await sandbox.control('GET', 'world')).body as { grants: unknown[]; subscriptions: unknown[] };

    assert.deepEqual(after.subscriptions, before.subscriptions);
    assert.deepEqual(before.grants.filter((grant) => !after.grants.some((other) => isDeepStrictEqual(grant, other))), []);
    assert.equal(after.grants.length, before.grants.length + 1);
  });

  it('says so when it was accepted before, and keeps the first day', async () => {
    await press(at.AYSE);
    await sandbox.control('POST', 'clock', { advanceSeconds: 86_400 });
    const { status, html } = await press(at.AYSE, at.FABRIKAM, 'tr');

    assert.equal(status, 200);
    assert(html.includes('Zaten kabul edilmiş') && html.includes('22 Kasım 2026'));
    assert.equal((await grants()).filter(({ partner }) => partner === at.FABRIKAM).length, 1);
  });

  for (const [what, person, partner, why] of [
    ['a user', at.CAN, at.FABRIKAM, 'notAGlobalAdmin'],
    ['a billing admin', at.BILL, at.FABRIKAM, 'notAGlobalAdmin'],
    ['a guest with the role', at.GUEST, at.FABRIKAM, 'guest'],
    ['a CSP tenant', at.DENIZ, at.FABRIKAM, 'cspTenant'],
    ["the partner's own tenant", at.GRACE, at.FABRIKAM, 'ownTenant'],
    ['another cloud', at.HARRIET, at.FABRIKAM, 'otherCloud'],
    ['another market', at.DIETER, at.FABRIKAM, 'otherMarket'],
    ['a partner that is none', at.AYSE, at.GERMAN, 'notAPartner'],
  ] as const) {
    it(`refuses ${what} in a plain sentence, and nothing happens`, async () => {
      const before = await grants();

      for (const language of ['en', 'tr'] as const) {
        const { status, html } = await press(person, partner, language);
        assert.equal(status, 403);
        assert(html.includes(words[language].why[why]));
      }
      const said = await sandbox.control('POST', 'accept', { partner, customer: tenantOf(person), person });
      assert.deepEqual([said.status, said.body], [409, { outcome: 'refused', why, message: words.en.why[why] }]);
      assert.deepEqual(await grants(), before);
    });
  }

  it('knows nobody who is not there', async () => {
    assert.equal((await press(at.NOBODY)).status, 404);
    assert.equal((await press(at.AYSE, at.NOBODY)).status, 404);
  });

  const tenantOf = (person: string): string => sandbox.tenants().find(({ people }) => people.some(({ id }) => id === person))?.id ?? '';
});
