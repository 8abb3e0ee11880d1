import assert from 'node:assert/strict';
import { asTenantId } from '../../src/domain/ids.js';
import { mountPartnersPage, type PartnersPageOptions } from '../../src/pages/partners.js';
import { ELIF, FABRIKAM, MURAT, NORTHWIND, PROVIDER } from '../local/partner-center/a-sandbox.js';
import { closePageHouses, openPageHouse, textIn, type Browser, type PageHouse, type Seen } from './a-browser.js';

const TOKEN = 'correct-horse-battery-staple';

describe('the page for partners', () => {
  afterEach(closePageHouses);

  const open = (more: Partial<PartnersPageOptions> = {}, publicUrl?: string): Promise<PageHouse> =>
    openPageHouse((server, { ground, signingIn, memory }) => mountPartnersPage(server, {
      ...ground, operatorToken: TOKEN, signIn: signingIn.partner, signIns: memory.signIns,
      partners: async () => [{ tenant: FABRIKAM, name: 'Fabrikam & <Sons>', access: 'user' }, { tenant: NORTHWIND, access: 'user' }, { tenant: PROVIDER, name: 'Provider', access: 'app' }],
      ...more,
    }), publicUrl);

  const entered = async (house: PageHouse, language?: string): Promise<{ browser: Browser; list: Seen }> => {
    const browser = house.browser(language);
    const seen = await browser.press('/partners/enter', await browser.get('/partners'), { token: TOKEN });
    assert.equal(seen.status, 303);
    return { browser, list: await browser.get(seen.location) };
  };
  /** Presses a partner's button; gives Microsoft's address. */
  const asked = async (browser: Browser, list: Seen, partner = FABRIKAM): Promise<string> => {
    const seen = await browser.press('/partners/sign-in', list, { partner });
    assert.equal(seen.status, 303, seen.text);
    return seen.location;
  };

  it('opens to the operator alone, for half an hour', async () => {
    const house = await open();
    const { browser } = await entered(house);
    assert.match(textIn(await browser.get('/partners')), /Fabrikam/);
    assert.doesNotMatch((await house.browser().get('/partners')).text, /Fabrikam|Northwind/);

    house.machine.passes(30 * 60);
    assert.doesNotMatch((await browser.get('/partners')).text, /Fabrikam/);
  });

  it('gives a cookie that no script, no other site and no other path sees', async () => {
    const plain = await (await open()).browser().post('/partners/enter', { token: TOKEN });
    assert.match(plain.headers.get('set-cookie') ?? '', /^operator=[\w-]{43}; Path=\/partners; Max-Age=1800; HttpOnly; SameSite=Lax$/);

    const secure = await (await open({}, 'https://bot.example/teams')).browser().post('/partners/enter', { token: TOKEN });
    assert.match(secure.headers.get('set-cookie') ?? '', /^__Secure-operator=[\w-]{43}; Path=\/teams\/partners; Max-Age=1800; HttpOnly; SameSite=Lax; Secure$/);
    assert.equal(secure.location, 'https://bot.example/teams/partners?lang=en');
  });

  it('takes ten wrong tries a minute from everybody together, and then nobody’s', async () => {
    const house = await open();
    for (let tries = 0; tries < 10; tries += 1) assert.equal((await house.browser().post('/partners/enter', { token: `${TOKEN}${tries}` })).status, 401);

    const full = await house.browser().post('/partners/enter', { token: TOKEN });
    assert.deepEqual([full.status, full.headers.get('retry-after'), full.headers.get('set-cookie')], [429, '60', null]);

    house.machine.passes(61);
    assert.equal((await house.browser().post('/partners/enter', { token: TOKEN })).status, 303);
  });

  it('turns away what is no token', async () => {
    const browser = (await open()).browser();
    for (const form of [{ token: '' }, {}, { token: TOKEN.toUpperCase() }, { token: `${TOKEN} ` }]) assert.equal((await browser.post('/partners/enter', form)).status, 401);
  });

  it('says how each sign-in stands', async () => {
    const house = await open();
    const now = house.machine.now();
    const daysAgo = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();
    const seenWith = async (renewedAt: string, refused?: string, language = 'en'): Promise<string> => {
      house.memory.standing.set(FABRIKAM, { partner: FABRIKAM, signedInAt: renewedAt, renewedAt, ...(refused && { refused }) });
      return textIn((await entered(house, language)).list);
    };

    const first = textIn((await entered(house)).list);
    assert.match(first, /Nobody has signed in yet/);
    assert.match(first, /App alone.*Nobody has to sign in/);
    assert.match(first, new RegExp(`${NORTHWIND} App and user`));
    assert.match(await seenWith(daysAgo(0)), /✓ Good until 21 Feb 2027 \(90 days\)/);
    assert.match(await seenWith(daysAgo(60)), /! Ends on 23 Dec 2026, in 30 days/);
    assert.match(await seenWith(daysAgo(59)), /✓ Good until/);
    assert.match(await seenWith(daysAgo(91)), /✕ Its 90 days are over/);
    assert.match(await seenWith(daysAgo(1), 'invalid_grant 50173'), /✕ Microsoft takes it no longer \(invalid_grant 50173\)/);
    assert.match(await seenWith(daysAgo(0), undefined, 'tr-TR,tr;q=0.9'), /Geçerli, son gün 21 Şubat 2027 \(90 gün\)/);
  });

  it('has an Admin agent sign in, tries that at Partner Center, and keeps it', async () => {
    const house = await open();
    const { browser, list } = await entered(house);
    const back = await house.answer(await asked(browser, list), MURAT);

    const answered = await browser.get(back);

    assert.deepEqual([answered.status, answered.location], [303, `${house.url}/partners?lang=en`]);
    const seen = await browser.get(answered.location);
    assert.match(textIn(seen), /Done\. The sign-in for Fabrikam &amp; &lt;Sons&gt; was tried at Partner Center and kept\. It is good until 21 Feb 2027/);
    assert.deepEqual(house.memory.kept.map(([partner]) => partner), [FABRIKAM]);
    assert.doesNotMatch(textIn(await browser.get(answered.location)), /Done\./);
    const secrets = [house.memory.kept[0]?.[1] ?? '', new URL(back).searchParams.get('code') ?? '', TOKEN];
    for (const secret of secrets) {
      assert(secret.length > 15);
      assert.equal([list.text, answered.text, answered.location, seen.text, ...house.lines].some((text) => text.includes(secret)), false);
    }
  });

  it('goes on with that sign-in although ten others begin one', async () => {
    const house = await open();
    const { browser, list } = await entered(house);
    const first = await asked(browser, list);
    await Promise.all(Array.from({ length: 10 }, () => asked(browser, list)));

    await browser.get(await house.answer(first, MURAT));

    assert.equal(house.memory.kept.length, 1);
  });

  it('takes an answer once, also from two tabs at the same time', async () => {
    const house = await open();
    const { browser, list } = await entered(house);
    const back = await house.answer(await asked(browser, list), MURAT);

    const both = await Promise.all([browser.get(back), browser.get(back), browser.get(back)]);

    assert.deepEqual(both.map(({ status }) => status).sort(), [303, 400, 400]);
    assert.equal((await browser.get(back)).status, 400);
    assert.equal(house.memory.kept.length, 1);
  });

  it('takes no answer of another session, and leaves that session its own', async () => {
    const house = await open();
    const [one, other] = [await entered(house), await entered(house)];
    const back = await house.answer(await asked(one.browser, one.list), MURAT);

    for (const browser of [other.browser, house.browser()]) {
      const seen = await browser.get(back);
      assert.equal(seen.status, 400);
      assert.match(textIn(seen), /opened too long ago, or in another browser/);
    }
    assert.deepEqual(house.memory.kept, []);
    assert.equal((await one.browser.get(back)).status, 303);
    assert.equal(house.memory.kept.length, 1);
  });

  it('takes no answer to a question it did not ask, or asked too long ago', async () => {
    const house = await open();
    const { browser, list } = await entered(house);
    const back = await house.answer(await asked(browser, list), MURAT);
    const forged = new URL(back);
    for (const state of ['', 'x', 'A'.repeat(43), '../../operator', `${'A'.repeat(9_000)}`]) {
      forged.searchParams.set('state', state);
      assert.equal((await browser.get(forged.href)).status, 400);
    }
    forged.searchParams.delete('state');
    assert.equal((await browser.get(forged.href)).status, 400);

    house.machine.passes(10 * 60);
    assert.equal((await browser.get(back)).status, 400);
    assert.deepEqual(house.memory.kept, []);
  });

  it('asks nothing without its own form, for nobody else, and for no partner without a user', async () => {
    const house = await open();
    const [{ browser, list }, other] = [await entered(house), await entered(house)];
    const csrf = /name="csrf" value="([\w-]+)"/.exec(other.list.text)?.[1] ?? '';
    assert.equal(csrf.length, 43);
    for (const form of [{ partner: FABRIKAM }, { partner: FABRIKAM, csrf: '' }, { partner: FABRIKAM, csrf }]) assert.equal((await browser.post('/partners/sign-in', form)).status, 403);
    const own = /name="csrf" value="([\w-]+)"/.exec(list.text)?.[1] ?? '';
    for (const partner of [PROVIDER, asTenantId('99999999-0000-4000-8000-000000000009'), '', `${FABRIKAM}/../x`]) assert.equal((await browser.post('/partners/sign-in', { partner, csrf: own })).status, 403);
    assert.equal((await house.browser().post('/partners/sign-in', { partner: FABRIKAM, csrf: own })).status, 403);
    assert.equal((await house.browser().post('/partners/leave', { csrf: own })).status, 403);
  });

  it('says in plain words why nothing was kept', async () => {
    const house = await open();
    const { browser, list } = await entered(house);
    const toldBy = async (back: string): Promise<string> => {
      const answered = await browser.get(back);
      assert.equal(answered.status, 303);
      return textIn(await browser.get(answered.location));
    };
    const errorBack = async (answer: Record<string, string>): Promise<string> =>
      `${house.url}/partners/signed-in?${new URLSearchParams({ ...answer, state: new URL(await asked(browser, list)).searchParams.get('state') ?? '' }).toString()}`;

    assert.match(await toldBy(await house.answer(await asked(browser, list), ELIF, false)), /wants one with a second factor\. Nothing was kept/);
    assert.match(await toldBy(await errorBack({ error: 'access_denied', error_description: 'AADSTS65004: no', error_subcode: 'cancel' })), /was cancelled\. Nothing was kept/);
    assert.match(await toldBy(await errorBack({ error: 'access_denied', error_description: 'AADSTS50105: <b>not</b> assigned' })), /refused the sign-in \(AADSTS50105\)/);
    const injected = await toldBy(await errorBack({ error: '<img src=x>', error_description: '<script>alert(1)</script>\r\nSet-Cookie: a=b' }));
    assert.match(injected, /refused the sign-in \(unknown\)/);
    assert.match(await toldBy(await errorBack({ code: 'never given' })), /took too long, was used before/);
    assert.match(await toldBy(await errorBack({})), /took too long, was used before/);
    assert.deepEqual(house.memory.kept, []);
    assert.equal(house.lines.some((line) => /script|not assigned|never given/.test(line)), false);
  });

  it('passes on every other reason, and an outage, as its own sentence in both languages', async () => {
    const outcomes = ['otherTenant', 'guest', 'notAllowed', 'untrusted', 'refused', 'unreachable'] as const;
    let outcome: (typeof outcomes)[number] = 'guest';
    const house = await open({
      signIn: {
        address: (_partner, { state }) => `https://login.example/authorize?state=${state}`,
        finish: async () => {
          if (outcome === 'unreachable') throw new Error('secret inside');
          return { is: outcome, code: 'aud' };
        },
      },
    });
    for (const [language, sentences] of [['en', [/belongs to another organisation \(asked for: Fabrikam/, /a guest in this organisation/, /did not let it in/, /could not be verified as Microsoft’s \(aud\)/, /refused the sign-in \(aud\)/, /no usable answer/]],
      ['tr', [/başka bir kuruluşa ait/, /konuk/, /içeri almadı/, /doğrulanamadı \(aud\)/, /reddetti \(aud\)/, /kullanılabilir bir yanıt gelmedi/]]] as const) {
      const { browser, list } = await entered(house, language);
      for (const [at, is] of outcomes.entries()) {
        outcome = is;
        const state = new URL(await asked(browser, list)).searchParams.get('state') ?? '';
        await browser.get(`/partners/signed-in?code=c&state=${state}`);
        const seen = await browser.get('/partners');
        assert.match(textIn(seen), sentences[at] ?? /never/);
        assert.match(seen.text, new RegExp(`<html lang="${language}">`));
      }
    }
    assert.equal(house.lines.some((line) => line.includes('secret inside')), false);
  });

  it('is closed by its button', async () => {
    const house = await open();
    const { browser, list } = await entered(house);
    const cookies = new Map(browser.cookies);

    assert.equal((await browser.press('/partners/leave', list)).status, 303);

    assert.equal(browser.cookies.size, 0);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    assert.doesNotMatch((await browser.get('/partners')).text, /Fabrikam/);
  });

  it('leads nowhere else, and lets nothing into its headers', async () => {
    const house = await open();
    const browser = house.browser();
    const answers = [
      await browser.get('/partners?lang=%0d%0aSet-Cookie:%20a=b&next=https://evil.example'),
      await browser.post('/partners/enter?next=https://evil.example', { token: TOKEN, lang: 'en\r\nX-Evil: 1', next: 'https://evil.example' }),
      await browser.get('/partners?lang=//evil.example'),
    ];
    for (const { location, headers } of answers) {
      assert.equal(headers.get('x-evil'), null);
      assert.equal(location === '' || location === `${house.url}/partners?lang=en`, true, location);
    }
    assert.doesNotMatch(answers.map(({ text }) => text).join(''), /evil/);
    assert.equal((await fetch(`${house.url}/partners/enter`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status, 415);
    assert.equal((await browser.post('/partners/enter', { token: 'x'.repeat(10_000) })).status, 413);
  });

  it('is drawn without a script and with headers that keep others out', async () => {
    const house = await open();
    const { list } = await entered(house);
    const door = await house.browser().get('/partners');
    for (const { headers, text } of [list, door]) {
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'( https: http:)?; base-uri 'none'; frame-ancestors 'none'$/);
      assert.doesNotMatch(text, /<script|https?:\/\/(?!127\.0\.0\.1)|style="|undefined|\[object|\$\{/);
    }
    assert.match(list.text, /Fabrikam &amp; &lt;Sons&gt;/);
    assert.equal((await fetch(`${house.url}/partners`, { method: 'PUT' })).status, 405);
  });

  it('says by a reference that it failed, and nothing else', async () => {
    const house = await open({ partners: async () => { throw new Error('postgres://user:secret@host'); } });
    const browser = house.browser();
    await browser.post('/partners/enter', { token: TOKEN });

    const seen = await browser.get('/partners');

    assert.equal(seen.status, 500);
    assert.match(textIn(seen), /this reference: [0-9a-f-]{36}/);
    assert.doesNotMatch(seen.text + house.lines.join(''), /secret@/);
  });
});
