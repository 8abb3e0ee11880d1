import assert from 'node:assert/strict';
import { createRoleSignIns, type RoleSignIns } from '../../src/pages/role-sign-in.js';
import type { PersonSignIn } from '../../src/pages/ports.js';
import { AYSE, CAN, CONTOSO, GUEST, LALE, LITWARE, NORTHWIND } from '../local/partner-center/a-sandbox.js';
import { closePageHouses, openPageHouse, textIn, type Browser, type PageHouse } from './a-browser.js';

const GLOBAL_ADMIN = '62e90394-69f5-4237-9190-012177145e10';

describe('a role shown by a sign-in', () => {
  afterEach(closePageHouses);

  const open = async (signIn?: PersonSignIn): Promise<PageHouse & { readonly roleSignIns: RoleSignIns }> => {
    let roleSignIns: RoleSignIns | undefined;
    const house = await openPageHouse((server, { ground, signingIn }) => {
      roleSignIns = createRoleSignIns({ ...ground, signIn: signIn ?? signingIn.person });
      roleSignIns.mount(server);
    });
    assert(roleSignIns);
    return { ...house, roleSignIns };
  };
  const asked = async (browser: Browser, link: string): Promise<string> => {
    const seen = await browser.press('/sign-in/go', await browser.get(link));
    assert.equal(seen.status, 303, textIn(seen));
    return seen.location;
  };
  const told = async (browser: Browser, back: string): Promise<string> => {
    const answered = await browser.get(back);
    assert.equal(answered.status, 303, textIn(answered));
    assert.match(answered.location, /\/signed-in\/result\?lang=(en|tr)$/);
    return textIn(await browser.get(answered.location));
  };

  it('is known for ten minutes, after the person has signed in', async () => {
    const house = await open();
    const { roleSignIns } = house;
    const browser = house.browser();
    const link = roleSignIns.linkFor(LITWARE);
    assert.match(textIn(await browser.get(link)), /Show your role once.*Kept for ten minutes/);

    const sentence = await told(browser, await house.answer(await asked(browser, link), LALE));

    assert.match(sentence, /Lale Uçar: for ten minutes this app knows your directory roles\. Go back to Teams/);
    assert.deepEqual(await roleSignIns.rolesOf(LITWARE, LALE), { roles: [GLOBAL_ADMIN], isGuest: false, name: 'Lale Uçar' });
    assert.equal(await roleSignIns.rolesOf(LITWARE, AYSE), undefined);
    house.machine.passes(10 * 60);
    assert.equal(await roleSignIns.rolesOf(LITWARE, LALE), undefined);
  });

  it('says it in the language of the link', async () => {
    const house = await open();
    const browser = house.browser('en');
    const link = house.roleSignIns.linkFor(LITWARE, 'tr');

    assert.match(await told(browser, await house.answer(await asked(browser, link), LALE)), /Rolünüz görüldü.*on dakika boyunca.*Teams’e dönüp/);
  });

  it('comes by a link that does not age, for whoever of that organisation signs in', async () => {
    const house = await open();
    const browser = house.browser();
    const link = house.roleSignIns.linkFor(LITWARE, 'en');

    for (let time = 0; time < 2; time += 1) assert.match(await told(browser, await house.answer(await asked(browser, link), LALE)), /Your role has been shown/);
    assert.equal((await house.roleSignIns.rolesOf(LITWARE, LALE))?.isGuest, false);
    for (const path of ['/sign-in', '/sign-in?tenant=', '/sign-in?tenant=contoso.com', '/sign-in?tenant=../../x']) assert.equal((await browser.get(path)).status, 400);
  });

  it('of a guest is a guest’s, and of somebody without a role is none', async () => {
    const house = await open();
    const browser = house.browser();
    const link = house.roleSignIns.linkFor(CONTOSO);

    assert.match(await told(browser, await house.answer(await asked(browser, link), GUEST)), /This account is a guest/);
    assert.equal((await house.roleSignIns.rolesOf(CONTOSO, GUEST))?.isGuest, true);
    await told(browser, await house.answer(await asked(browser, link), CAN));
    assert.deepEqual((await house.roleSignIns.rolesOf(CONTOSO, CAN))?.roles, []);
  });

  it('is unknown, not none, when the sign-in does not speak of roles; and of no other tenant whatever happens', async () => {
    let tenant = LITWARE;
    const house = await open({
      address: (_tenant, { state }) => `https://login.example/?state=${state}`,
      finish: async () => ({ is: 'shown', who: { tenant, person: LALE, name: '<script>alert(1)</script>', isGuest: false } }),
    });
    const browser = house.browser();
    const shown = async (): Promise<string> => told(browser, `/signed-in?code=c&state=${new URL(await asked(browser, house.roleSignIns.linkFor(LITWARE))).searchParams.get('state') ?? ''}`);

    assert.match(await shown(), /Microsoft did not say which roles you hold/);
    assert.equal(await house.roleSignIns.rolesOf(LITWARE, LALE), undefined);
    tenant = NORTHWIND;
    assert.match(await shown(), /belongs to another organisation/);
    assert.equal(await house.roleSignIns.rolesOf(NORTHWIND, LALE), undefined);
  });

  it('shows a name as text', async () => {
    const house = await open({
      address: (_tenant, { state }) => `https://login.example/?state=${state}`,
      finish: async () => ({ is: 'shown', who: { tenant: LITWARE, person: LALE, name: '<script>alert(1)</script>', isGuest: false, roles: [] } }),
    });
    const browser = house.browser();
    const state = new URL(await asked(browser, house.roleSignIns.linkFor(LITWARE))).searchParams.get('state') ?? '';
    const { text } = await browser.get((await browser.get(`/signed-in?code=c&state=${state}`)).location);

    assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.doesNotMatch(text, /<script/);
  });

  it('takes no answer of another browser, no forged one, and none twice', async () => {
    const house = await open();
    const browser = house.browser();
    const back = await house.answer(await asked(browser, house.roleSignIns.linkFor(LITWARE)), LALE);
    const foreign = house.browser();
    await asked(foreign, house.roleSignIns.linkFor(LITWARE));

    for (const seen of [await house.browser().get(back), await foreign.get(back), await browser.get('/signed-in?code=c'), await browser.get(`/signed-in?code=c&state=${'A'.repeat(43)}`)]) assert.equal(seen.status, 400);
    assert.equal(await house.roleSignIns.rolesOf(LITWARE, LALE), undefined);

    assert.deepEqual((await Promise.all([browser.get(back), browser.get(back)])).map(({ status }) => status).sort(), [303, 400]);
    assert.equal((await browser.get(back)).status, 400);
    assert.equal((await house.browser().get('/signed-in/result')).status, 400);
  });

  it('says why it is not known, and how to start again', async () => {
    const house = await open();
    const browser = house.browser();
    const errorBack = async (answer: Record<string, string>): Promise<string> =>
      `/signed-in?${new URLSearchParams({ ...answer, state: new URL(await asked(browser, house.roleSignIns.linkFor(LITWARE))).searchParams.get('state') ?? '' }).toString()}`;

    assert.match(await told(browser, await errorBack({ error: 'access_denied', error_description: 'AADSTS65004: no' })), /was cancelled.*Start again/);
    assert.match(await told(browser, await errorBack({ error: 'interaction_required', error_description: 'AADSTS50076: <b>x</b>' })), /\(AADSTS50076\)/);
    assert.match(await told(browser, await errorBack({ code: 'made up' })), /took too long, was used before/);
    assert.doesNotMatch(house.lines.join(''), /made up|Lale|<b>/);
  });

  it('keeps the code out of every page, log and address that stays', async () => {
    const house = await open();
    const browser = house.browser();
    const back = await house.answer(await asked(browser, house.roleSignIns.linkFor(LITWARE)), LALE);
    const code = new URL(back).searchParams.get('code') ?? '';
    const answered = await browser.get(back);
    const seen = await browser.get(answered.location);

    assert(code.length > 20);
    assert.equal([answered.text, answered.location, seen.text, ...house.lines].some((text) => text.includes(code)), false);
    assert.match(answered.headers.get('referrer-policy') ?? '', /no-referrer/);
  });
});
