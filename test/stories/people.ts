import { randomUUID } from 'node:crypto';
import { until, type Person, type Product } from './product.js';

type WorldPerson = { id: string; name: string; mail: string; locale: string; roles: string[]; guest: boolean };
export type WorldTenant = { id: string; name: string; domains: string[]; country: string; cloud: string; csp: { type: string; active: boolean; mpaSigned: boolean; providers: string[] } | null; consented?: boolean; people: WorldPerson[] };
export type World = { now: string; tenants: WorldTenant[]; grants: Record<string, unknown>[]; subscriptions: Record<string, unknown>[] };

const csp = { type: 'directBill', active: true, mpaSigned: true, providers: [] };

const person = (name: string, locale: string, ...roles: string[]): WorldPerson =>
  ({ id: randomUUID(), name, mail: `${name.split(' ')[0]?.toLowerCase().normalize('NFKD').replace(/[^a-z]/g, '')}@example.com`, locale, roles, guest: false });

const tenant = (name: string, domain: string, more: Partial<WorldTenant> = {}): WorldTenant =>
  ({ id: randomUUID(), name, domains: [domain], country: 'TR', cloud: 'commercial', csp: null, people: [], ...more });

/** A small world made for one story: two partners and a third, a customer with an admin, an English one, and a colleague without a role. */
export const aStoryWorld = () => {
  const elif = person('Elif Kaya', 'en-US', 'salesAgent');
  const murat = person('Murat Demir', 'tr-TR', 'helpdeskAgent');
  const mert = person('Mert Aslan', 'tr-TR', 'adminAgent');
  const deniz = person('Deniz Yıldız', 'tr-TR', 'salesAgent');
  const sarp = person('Sarp Aydın', 'en-US', 'globalAdmin');
  const ayse = person('Ayşe Yılmaz', 'tr-TR', 'globalAdmin');
  const kemal = person('Kemal Ak', 'en-US', 'globalAdmin');
  const can = person('Can Demir', 'tr-TR', 'user');
  const guest = { ...person('Gül Konuk', 'tr-TR', 'globalAdmin'), guest: true };
  const stranger = person('Sam Stranger', 'en-US', 'globalAdmin');
  const admins = Array.from({ length: 10 }, (_, index) => person(`Admin Number${index}`, 'en-US', 'globalAdmin'));

  const fabrikam = tenant('Fabrikam', 'fabrikam.com', { csp, people: [elif, murat, mert] });
  const northwind = tenant('Northwind', 'northwind.com', { csp, people: [deniz] });
  const relecloud = tenant('Relecloud', 'relecloud.com', { csp, people: [sarp] });
  const contoso = tenant('Contoso', 'contoso.com', { people: [ayse, kemal, can, guest] });
  const adatum = tenant('Adatum', 'adatum.com', { people: [stranger] });
  const tenAdmins = tenant('Ten Admins', 'tenadmins.com', { people: admins });
  const litware = tenant('Litware', 'litware.com', { consented: false, people: [person('Lale Litware', 'en-US', 'globalAdmin')] });
  const american = tenant('Proseware', 'proseware.com', { country: 'US' });
  const world: World = {
    now: '2026-11-22T09:00:00Z',
    tenants: [fabrikam, northwind, relecloud, contoso, adatum, tenAdmins, litware, american],
    grants: [{ kind: 'reseller', partner: northwind.id, customer: contoso.id, since: '2023-04-01T00:00:00Z' }],
    subscriptions: [
      subscription(contoso, northwind, 'Office 365 E3', 'office365', 120),
      subscription(contoso, northwind, 'Visio Plan 2', 'office365', 5),
      subscription(contoso, undefined, 'Teams Rooms Pro', 'office365', 2),
    ],
  };
  const find = ({ people }: WorldTenant, { id }: WorldPerson): Person => {
    const found = people.find((one) => one.id === id);
    if (!found) throw new Error('Nobody of that id.');
    return { id, name: found.name, locale: found.locale, tenant: '' };
  };
  const as = (home: WorldTenant, who: WorldPerson): Person => ({ ...find(home, who), tenant: home.id });
  return {
    world, fabrikam, northwind, relecloud, contoso, adatum, tenAdmins, litware, american,
    elif: as(fabrikam, elif), murat: as(fabrikam, murat), mert: as(fabrikam, mert), deniz: as(northwind, deniz), sarp: as(relecloud, sarp),
    ayse: as(contoso, ayse), kemal: as(contoso, kemal), can: as(contoso, can), guest: as(contoso, guest), stranger: as(adatum, stranger),
    lale: as(litware, litware.people[0] as WorldPerson), admins: admins.map((admin) => as(tenAdmins, admin)),
  };
};
export type Story = ReturnType<typeof aStoryWorld>;

export const subscription = (customer: WorldTenant, seller: WorldTenant | undefined, offer: string, family: string, quantity: number) => ({
  id: randomUUID(), customer: customer.id, soldBy: seller?.id ?? 'microsoft', ...(seller && { partnerOfRecord: seller.id }), offer, family,
  commerce: 'newCommerce', quantity, status: 'active', termEnds: '2027-03-31T00:00:00Z', autoRenew: true,
});

export const installAll = async (product: Product, ...people: readonly Person[]): Promise<void> => {
  for (const one of people) await product.teams.install(one);
  for (const one of people) await product.hears(one, 'Partner Invitations');
};

export const codeIn = (text: string): string => /PR-[A-Z0-9]{3}-[A-Z0-9]{3}/.exec(text)?.[0] ?? '';

/** From the sentence to the sent card; gives the reference. */
export const invite = async (product: Product, person: Person, sentence = 'invite contoso.com because Azure backup'): Promise<string> => {
  await product.say(person, sentence);
  await until('the preview', () => product.button(person, 'send-invitation'));
  await product.press(person, 'send-invitation', { reason: 'Azure backup', notCsp: 'true' });
  return codeIn(JSON.stringify(await product.hears(person, /look-again/)));
};

/** From the word to send to the sent card: what is to be stated is stated with "yes". */
export const sendInWords = async (product: Product, person: Person, [send, yes] = ['send', 'yes']): Promise<void> => {
  await product.say(person, send ?? '');
  await product.hears(person, /CSP (?:sales|satışı).*\*\*(?:yes|evet)\*\*/);
  await product.say(person, yes ?? '');
};

/** An Admin agent asks to sell and to manage, from the form to the sent card; gives the reference. */
export const askToManage = async (product: Product, person: Person, fields: Readonly<Record<string, string>> = {}): Promise<string> => {
  await product.say(person, person.locale.startsWith('tr') ? 'müşteri davet et' : 'invite customer');
  await product.press(person, 'check-customer', { domain: 'contoso.com', reason: 'Azure backup', template: 'licencesAndSupport', days: '365', extend: 'false', ...fields });
  await product.press(person, 'send-invitation', { reason: 'Azure backup', notCsp: 'true' });
  return codeIn(JSON.stringify(await product.hears(person, /withdraw/)));
};

/** The id at Microsoft of the delegated administration that was asked for last. */
export const relationshipIn = (product: Product, person: Person): string =>
  /delegatedAdmin=([0-9a-f-]{73})/.exec(JSON.stringify([...product.messages(person)].reverse()))?.[1] ?? '';
