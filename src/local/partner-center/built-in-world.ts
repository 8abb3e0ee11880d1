import type { WorldInput } from './world.js';

/** Fixed ids that can be told apart at a glance: the group of a tenant, then a number. */
const id = (group: string, number: number): string => `${group.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

const fabrikam = id('f', 1);
const northwind = id('1', 1);
const relecloud = id('2', 1);
const distributor = id('3', 1);
const bosphorus = id('4', 1);
const wingtip = id('5', 1);
const liberty = id('6', 1);
const contoso = id('c', 1);
const adatum = id('a', 1);
const tailspin = id('7', 1);
const fabrikamInternal = id('f', 2);
const litware = id('8', 1);
const sisli = id('9', 1);
const markdown = id('b', 1);
const proseware = id('d', 1);
const cityOfGotham = id('e', 1);

const csp = (type: 'directBill' | 'indirectProvider' | 'indirectReseller', providers: string[] = []) => ({ type, active: true, mpaSigned: true, providers });

type Sold = { customer: string; soldBy: string; offer: string; quantity: number; family?: 'office365' | 'azure' | 'software' | 'reservation'; termEnds?: string };
let sold = 0;
const subscription = ({ customer, soldBy, offer, quantity, family = 'office365', termEnds = '2027-03-31T00:00:00Z' }: Sold) => ({
  id: id('0', (sold += 1)), customer, soldBy, ...(soldBy !== 'microsoft' && { partnerOfRecord: soldBy }), offer, family,
  commerce: 'newCommerce' as const, quantity, status: 'active' as const, termEnds, autoRenew: true,
});

const userAdministrator = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
const serviceSupport = 'f023fd81-a637-4b56-95fd-791ac0226033';

/**
 * The world of a first start: Contoso already buys Office 365 through Northwind, and Fabrikam would like to sell it Azure
 * backup. Around them stand the cases that the rules are about.
 */
export const builtInWorld: WorldInput = {
  now: '2026-11-22T09:00:00Z',
  tenants: [
    {
      id: fabrikam, name: 'Fabrikam', domains: ['fabrikam.com'], country: 'TR', csp: csp('directBill'),
      people: [
        { id: id('f', 11), name: 'Elif Kaya', mail: 'elif@fabrikam.com', locale: 'tr-TR', roles: ['salesAgent'] },
        { id: id('f', 12), name: 'Murat Demir', mail: 'murat@fabrikam.com', locale: 'tr-TR', roles: ['adminAgent'] },
        { id: id('f', 13), name: 'Emre Şahin', mail: 'emre@fabrikam.com', locale: 'tr-TR', roles: ['userAdmin'] },
        { id: id('f', 14), name: 'Selin Arslan', mail: 'selin@fabrikam.com', locale: 'tr-TR', roles: ['helpdeskAgent'] },
        { id: id('f', 15), name: 'Grace Miller', mail: 'grace@fabrikam.com', locale: 'en-US', roles: ['globalAdmin'] },
        { id: id('f', 16), name: 'Oya Kurt', mail: 'oya@fabrikam.com', locale: 'tr-TR', roles: [] },
      ],
    },
    {
      id: contoso, name: 'Contoso', domains: ['contoso.com', 'contoso.onmicrosoft.com'], country: 'TR',
      people: [
        { id: id('c', 11), name: 'Ayşe Yılmaz', mail: 'ayse@contoso.com', locale: 'en-US', roles: ['globalAdmin'] },
        { id: id('c', 12), name: 'Kemal Ak', mail: 'kemal@contoso.com', locale: 'tr-TR', roles: ['globalAdmin'] },
        { id: id('c', 13), name: 'Can Demir', mail: 'can@contoso.com', locale: 'tr-TR', roles: ['user'] },
        { id: id('c', 14), name: 'Bill Burns', mail: 'bill@contoso.com', locale: 'en-US', roles: ['billingAdmin'] },
        { id: id('c', 15), name: 'Gina Guest', mail: 'gina@elsewhere.com', locale: 'en-US', roles: ['globalAdmin'], guest: true },
      ],
    },
    {
      id: northwind, name: 'Northwind', domains: ['northwind.com'], country: 'TR', csp: csp('directBill'),
      people: [
        { id: id('1', 11), name: 'Deniz Yıldız', mail: 'deniz@northwind.com', locale: 'en-US', roles: ['salesAgent'] },
        { id: id('1', 12), name: 'Zeynep Koç', mail: 'zeynep@northwind.com', locale: 'tr-TR', roles: ['globalAdmin', 'adminAgent'] },
      ],
    },
    {
      id: relecloud, name: 'Relecloud', domains: ['relecloud.com'], country: 'TR', csp: csp('directBill'),
      people: [{ id: id('2', 11), name: 'Sarp Aydın', mail: 'sarp@relecloud.com', locale: 'tr-TR', roles: ['salesAgent'] }],
    },
    {
      id: distributor, name: 'Anadolu Dağıtım', domains: ['anadolu-dagitim.com.tr'], country: 'TR', csp: csp('indirectProvider'),
      people: [{ id: id('3', 11), name: 'Hakan Çelik', mail: 'hakan@anadolu-dagitim.com.tr', locale: 'tr-TR', roles: ['salesAgent'] }],
    },
    {
      id: bosphorus, name: 'Bosphorus IT', domains: ['bosphorus-it.com.tr'], country: 'TR', csp: csp('indirectReseller', [distributor]),
      people: [{ id: id('4', 11), name: 'İpek Güneş', mail: 'ipek@bosphorus-it.com.tr', locale: 'tr-TR', roles: ['globalAdmin'] }],
    },
    {
      id: wingtip, name: 'Wingtip Toys', domains: ['wingtiptoys.com'], country: 'TR', csp: csp('directBill'),
      people: [{ id: id('5', 11), name: 'Wendy Wing', mail: 'wendy@wingtiptoys.com', locale: 'en-US', roles: ['globalAdmin'] }],
    },
    {
      id: liberty, name: 'Liberty Federal Cloud', domains: ['liberty-federal.us'], country: 'US', cloud: 'usGov', csp: csp('directBill'),
      people: [{ id: id('6', 11), name: 'Frank Ford', mail: 'frank@liberty-federal.us', locale: 'en-US', roles: ['salesAgent'] }],
    },
    {
      id: cityOfGotham, name: 'City of Gotham', domains: ['gotham.gov.us'], country: 'US', cloud: 'usGov',
      people: [{ id: id('e', 11), name: 'Harriet Hall', mail: 'harriet@gotham.gov.us', locale: 'en-US', roles: ['globalAdmin'] }],
    },
    {
      id: adatum, name: 'Adatum', domains: ['adatum.com'], country: 'TR',
      people: [{ id: id('a', 11), name: 'Alan Adams', mail: 'alan@adatum.com', locale: 'en-US', roles: ['globalAdmin'] }],
    },
    {
      id: tailspin, name: 'Tailspin', domains: ['tailspin.com'], country: 'TR',
      people: [{ id: id('7', 11), name: 'Tülin Öz', mail: 'tulin@tailspin.com', locale: 'tr-TR', roles: ['globalAdmin'] }],
    },
    {
      id: fabrikamInternal, name: 'Fabrikam Internal', domains: ['fabrikam-internal.com'], country: 'TR',
      people: [{ id: id('f', 21), name: 'Grace Miller', mail: 'grace@fabrikam-internal.com', locale: 'en-US', roles: ['globalAdmin'] }],
    },
    {
      id: litware, name: 'Litware', domains: ['litware.com'], country: 'TR', consented: false,
      people: [{ id: id('8', 11), name: 'Lale Uçar', mail: 'lale@litware.com', locale: 'tr-TR', roles: ['globalAdmin'] }],
    },
    {
      id: sisli, name: 'Şişli Gıda A.Ş.', domains: ['sisligida.com.tr', 'şişligıda.com.tr'], country: 'TR',
      people: [{ id: id('9', 11), name: 'Çağrı Işık', mail: 'cagri@sisligida.com.tr', locale: 'tr-TR', roles: ['globalAdmin'] }],
    },
    {
      id: markdown, name: '**Bold** & [Link](https://example.com) Ltd', domains: ['markdown-traders.com'], country: 'TR',
      people: [{ id: id('b', 11), name: 'Mary_Ann `Code` O’Neil', mail: 'mary@markdown-traders.com', locale: 'en-US', roles: ['globalAdmin'] }],
    },
    {
      id: proseware, name: 'Proseware', domains: ['proseware.com'], country: 'DE',
      people: [{ id: id('d', 11), name: 'Dieter Decker', mail: 'dieter@proseware.com', locale: 'en-US', roles: ['globalAdmin'] }],
    },
  ],
  grants: [
    { kind: 'reseller', partner: northwind, customer: contoso, since: '2023-04-01T00:00:00Z' },
    {
      kind: 'gdap', partner: northwind, customer: contoso, since: '2026-03-03T00:00:00Z', until: '2027-03-03T00:00:00Z',
      roles: [userAdministrator, serviceSupport], name: 'Northwind support for Contoso', autoExtend: true,
    },
    { kind: 'reseller', partner: northwind, customer: tailspin, since: '2022-06-01T00:00:00Z' },
    { kind: 'reseller', partner: relecloud, customer: tailspin, since: '2024-01-15T00:00:00Z' },
    { kind: 'reseller', partner: distributor, customer: tailspin, since: '2025-09-01T00:00:00Z' },
  ],
  subscriptions: [
    subscription({ customer: contoso, soldBy: northwind, offer: 'Office 365 E3', quantity: 120 }),
    subscription({ customer: contoso, soldBy: northwind, offer: 'Visio Plan 2', quantity: 5 }),
    subscription({ customer: contoso, soldBy: northwind, offer: 'Project Plan 3', quantity: 12 }),
    subscription({ customer: contoso, soldBy: northwind, offer: 'Power BI Pro', quantity: 30 }),
    subscription({ customer: contoso, soldBy: northwind, offer: 'Exchange Online (Plan 1)', quantity: 40 }),
    subscription({ customer: contoso, soldBy: northwind, offer: 'Microsoft 365 Business Premium', quantity: 10 }),
    subscription({ customer: contoso, soldBy: 'microsoft', offer: 'Microsoft 365 Copilot', quantity: 8 }),
    subscription({ customer: tailspin, soldBy: northwind, offer: 'Microsoft 365 E5', quantity: 60 }),
    subscription({ customer: tailspin, soldBy: relecloud, offer: 'Azure plan', quantity: 1, family: 'azure' }),
    subscription({ customer: tailspin, soldBy: distributor, offer: 'Office 365 E1', quantity: 15 }),
  ],
};
