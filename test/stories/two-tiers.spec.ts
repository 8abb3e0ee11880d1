import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aStoryWorld, codeIn, installAll, type Story, type WorldTenant } from './people.js';
import { Product, until, type Person } from './product.js';

const csp = (type: string, providers: string[] = []) => ({ type, active: true, mpaSigned: true, providers });

describe('an indirect provider and its reseller, over real HTTP', function () {
  this.timeout(90_000);
  let product: Product;
  let story: Story;
  let provider: WorldTenant;
  let reseller: WorldTenant;
  let hakan: Person;
  let ipek: Person;

  beforeEach(async () => {
    story = aStoryWorld();
    const person = (name: string, ...roles: string[]) => ({ id: randomUUID(), name, mail: 'x@example.com', locale: 'en-US', roles, guest: false });
    const [h, i] = [person('Hakan Çelik', 'salesAgent', 'adminAgent'), person('İpek Güneş', 'adminAgent')];
    provider = { id: randomUUID(), name: 'Anadolu Dağıtım', domains: ['anadolu.com'], country: 'TR', cloud: 'commercial', csp: csp('indirectProvider'), people: [h] };
    reseller = { id: randomUUID(), name: 'Bosphorus IT', domains: ['bosphorus.com'], country: 'TR', cloud: 'commercial', csp: csp('indirectReseller', [provider.id]), people: [i] };
    hakan = { ...h, tenant: provider.id };
    ipek = { ...i, tenant: reseller.id };
    const file = join(mkdtempSync(join(tmpdir(), 'world-')), 'world.json');
    writeFileSync(file, JSON.stringify({ ...story.world, tenants: [...story.world.tenants, provider, reseller] }));
    product = await Product.start({ SANDBOX_WORLD: file });
  });
  afterEach(() => product?.stop());

  it('is one request of the reseller for both, and both may sell when the customer has accepted', async () => {
    const { ayse, contoso } = story;
    await installAll(product, ipek, hakan, ayse);
    await product.say(ipek, 'invite contoso.com because licences');
    await product.hears(ipek, 'Through your indirect provider Anadolu Dağıtım');
    await product.press(ipek, 'send-invitation', { reason: 'licences', notCsp: 'true' });
    const code = codeIn(JSON.stringify(await product.hears(ipek, 'withdraw')));
    await product.press(ayse, 'approve-invitation');
    assert.match(JSON.stringify(product.messages(ayse)), /IndirectResellerRelationship/);

    await product.sandbox('accept', { partner: reseller.id, provider: provider.id, customer: contoso.id, person: ayse.id });

    await product.hears(ipek, `Done: Microsoft confirmed the relationship with Contoso (${code})`);
    await product.hears(hakan, 'has begun at Microsoft, without an invitation');
  });

  it('refuses what only the provider can do, and says who can', async () => {
    const { ayse, contoso } = story;
    await installAll(product, ipek, hakan, ayse);
    await product.sandbox('accept', { partner: reseller.id, provider: provider.id, customer: contoso.id, person: ayse.id });
    await product.hears(ipek, 'without an invitation');

    await product.say(ipek, 'end relationship with Contoso');
    await product.hears(ipek, 'Your indirect provider can');
    await product.say(hakan, 'invite bosphorus.com because licences');
    await product.hears(hakan, /MP-0(6|9)/);
  });

  it('brings a provider’s draft to its reseller, whose Admin agent agrees; then the customer decides at Microsoft', async () => {
    const { ayse, contoso } = story;
    await installAll(product, ipek, hakan, ayse);
    await product.sandbox('accept', { partner: reseller.id, provider: provider.id, customer: contoso.id, person: ayse.id });

    const made = (await product.sandbox('provider-drafts', { provider: provider.id, reseller: reseller.id, customer: contoso.id, name: 'Prepared licences', roles: ['4d6ac14f-3453-41d0-bef9-a3e0c569773a'], days: 180 })) as { relationship: string };
    await product.hears(ipek, 'Your provider Anadolu Dağıtım prepared delegated administration for you at Contoso');
    await product.press(ipek, 'agree-draft');
    await product.hears(ipek, 'Agreed. Microsoft asks the customer now');

    // Microsoft takes a moment to note the reseller's answer.
    await until('the customer to be asked', () => product.sandbox('accept', { partner: reseller.id, customer: contoso.id, person: ayse.id, relationship: made.relationship }).then(() => true, () => false));
    await product.hears(ayse, 'Yeni bir iş ortağı: Bosphorus IT. Temsilci yönetim');
    await product.hears(ipek, 'Delegated administration with Contoso has begun');
  });

  it('looks up an answer that nobody heard, although the draft is gone by then, and tells a late press who gave it', async () => {
    const { ayse, contoso } = story;
    await installAll(product, ipek, ayse);
    await product.sandbox('provider-drafts', { provider: provider.id, reseller: reseller.id, customer: contoso.id, name: 'Prepared licences', roles: ['4d6ac14f-3453-41d0-bef9-a3e0c569773a'], days: 180 });
    const { message, data } = await until('the question', () => product.button(ipek, 'reject-draft'));
    const presses = async (verb: string): Promise<string> => JSON.stringify(await product.teams.press(ipek, message.id, { type: 'Action.Execute', verb, data: { ...data, verb } }));
    await product.sandbox('delays', { lockMs: 0 });
    await product.sandbox('faults', { method: 'POST', path: '/requests', cut: true, after: true });
    await product.sandbox('faults', { method: 'GET', path: '/requests', status: 500, times: 3 });

    assert.match(await presses('reject-draft'), /heard no answer: it may count or not/);
    assert.match(await presses('reject-draft'), /Not agreed\. The draft is gone at Microsoft\./);
    assert.match(await presses('agree-draft'), /answered before: İpek Güneş did not agree/);
  });
});
