import { cut } from '../domain/cut.js';
import { fold } from '../domain/fold.js';
import type { CustomerLine } from '../domain/customer-standing.js';
import type { TenantId } from '../domain/ids.js';
import type { Grant } from '../domain/invitation.js';
import { aboutPair } from './audit.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import { AuthorityUnavailableError, type Ports } from './ports.js';
import { mayNotSee, mayUsePartnerCommands, sentenceOf } from './show-invitation.js';
import type { CustomersView, RefusalView } from './views.js';
import { warningDays } from './warn-before-end.js';
import { watchOf } from './watch-relationships.js';

export const customersOnAPage = 10;

export type CustomersWish = { readonly by: Speaker; readonly search?: string; readonly only?: CustomersView['only']; readonly page?: number };

/** The partner's own customers and requests, most urgent first, ten a page. Nobody else has such a list. */
export const showMyCustomers = (ports: Ports) => async ({ by, search = '', only = 'all', page = 0 }: CustomersWish): Promise<CustomersView | RefusalView> => {
  const { ledger, clock } = ports;
  if (!isPartner(ports, by.tenant) || !mayUsePartnerCommands(await personNow(ports, by))) {
    return mayNotSee(ports, by);
  }
  const soon = new Date(clock.now().getTime() + warningDays[0] * 86_400_000);
  const look = () => ledger.customersOf(by.tenant, { search: fold(search), only, soon, skip: page * customersOnAPage, limit: customersOnAPage + 1 });
  const known = await look();
  const found = known.length === 0 && search.trim() !== '' && only === 'all' && page === 0 && (await isNewAtMicrosoft(ports, by.tenant, search.trim())) ? await look() : known;
  return { view: 'customers', search, only, page, soon: soon.toISOString(), customers: found.slice(0, customersOnAPage), hasMore: found.length > customersOnAPage };
};

/** A customer that came since the last look is found by asking Microsoft; an outage leaves the list as it is. */
const isNewAtMicrosoft = async (ports: Ports, partner: TenantId, search: string): Promise<boolean> => {
  try {
    return await watchOf(ports).found(partner, await ports.authority.findOwnCustomers(partner, search));
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return false;
    throw error;
  }
};

/** "We call them Acme": a name for one's own people, found by search like the real one. An empty one is forgotten. */
export const nameCustomer = (ports: Ports) => async ({ by, customer, alias }: { readonly by: Speaker; readonly customer: string; readonly alias: string }): Promise<'done' | 'notFound' | 'several'> => {
  const { ledger, clock } = ports;
  if (!isPartner(ports, by.tenant) || !mayUsePartnerCommands(await personNow(ports, by))) return 'notFound';
  const found = await ledger.customersOf(by.tenant, { search: fold(customer), only: 'all', soon: clock.now(), skip: 0, limit: 2 });
  const [one, two] = found;
  if (!one || fold(customer) === '') return 'notFound';
  if (two) return 'several';
  const pair = { partner: by.tenant, customer: one.customer };
  await ledger.record({ event: aboutPair('CustomerNamed', pair, clock.now(), { by: by.person }, { by: by.name }), alias: { ...pair, alias: cut(sentenceOf(alias), 60) } });
  return 'done';
};

const mostWordsOfAName = 6;

/** `called`: the words that name the customer; `rest`: what follows them. */
export type CalledCustomer = { readonly customer: CustomerLine; readonly called: string; readonly rest: string };

/** The one customer of the list with whose name, or name among colleagues, these words begin. Several are nobody: never a guess. */
export const customerCalled = (ports: Ports) => async ({ by, words }: { readonly by: Speaker; readonly words: string }): Promise<CalledCustomer | undefined> => {
  const said = words.split(' ');
  if (fold(words) === '' || !isPartner(ports, by.tenant) || !mayUsePartnerCommands(await personNow(ports, by))) return undefined;
  for (let many = Math.min(said.length, mostWordsOfAName); many > 0; many -= 1) {
    const called = said.slice(0, many).join(' ');
    const lines = await ports.ledger.customersOf(by.tenant, { search: fold(called), only: 'all', soon: ports.clock.now(), skip: 0, limit: 20 });
    const [one, two] = calledSo(lines, fold(called));
    if (one) return two ? undefined : { customer: one, called, rest: said.slice(many).join(' ') };
  }
  return undefined;
};

/** Whose name it is, or else those whose name begins so. */
const calledSo = (lines: readonly CustomerLine[], wanted: string): readonly CustomerLine[] => {
  const whose = (fits: (name: string) => boolean) => lines.filter(({ name, alias = '' }) => [name, alias].some((one) => fits(fold(one))));
  const exactly = whose((name) => name === wanted);
  return exactly.length > 0 ? exactly : whose((name) => name.startsWith(`${wanted} `));
};

/** What stands, or stood last, between the speaker's company and one of its customers; to ask for it anew. */
export const grantsWith = (ports: Ports) => async ({ by, customer }: { readonly by: Speaker; readonly customer: TenantId }): Promise<readonly Grant[]> =>
  isPartner(ports, by.tenant) && mayUsePartnerCommands(await personNow(ports, by)) ? ports.ledger.grants({ partner: by.tenant, customer }) : [];
