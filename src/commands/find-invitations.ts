import { fold } from '../domain/fold.js';
import { asReferenceCode, isReferenceCode, type TenantId } from '../domain/ids.js';
import { isAnswerable, isOpen, type Invitation } from '../domain/invitation.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import { openDraft } from './hand-over.js';
import type { Ports } from './ports.js';
import { mayUsePartnerCommands, showInvitation } from './show-invitation.js';
import type { HandedOverView, PreviewView, RequestView, StatusView } from './views.js';

export type Found =
  | { readonly is: 'one'; readonly view: StatusView | RequestView }
  /** One's own draft, or one that was handed over. */
  | { readonly is: 'draft'; readonly view: PreviewView | HandedOverView }
  | { readonly is: 'several'; readonly invitations: readonly Invitation[] }
  | { readonly is: 'none' };

/** `waiting` for an answer, `open`, or `established`: of what was named those that are, where any is; without a name, all of these. */
export type Search = { readonly by: Speaker; readonly text: string; readonly only?: 'waiting' | 'open' | 'established' };

/** By reference code, or by what the other side is called, among the speaker's own invitations. */
export const findInvitations = (ports: Ports) => async ({ by, text, only }: Search): Promise<Found> => {
  const show = async (reference: string): Promise<Found> => {
    const view = await showInvitation(ports)({ by, reference });
    return view ? { is: 'one', view } : { is: 'none' };
  };
  const isOurs = isPartner(ports, by.tenant);
  if (isReferenceCode(text)) {
    const draft = isOurs ? await openDraft(ports)({ by, reference: asReferenceCode(text) }) : undefined;
    return draft ? { is: 'draft', view: draft } : show(text);
  }

  const person = await personNow(ports, by);
  if (isOurs ? !mayUsePartnerCommands(person) : person !== 'unknown' && person.isGuest) return { is: 'none' };
  const wanted = fold(text);
  if (wanted === '' && !only) return { is: 'none' };
  const called = wanted === '' ? await ports.ledger.invitationsOf(isOurs ? { partner: by.tenant } : { customer: by.tenant }, only === 'established' ? 'all' : 'open', newest)
    : isOurs ? await ofCustomersCalled(ports, by.tenant, wanted) : await fromPartnersCalled(ports, by.tenant, wanted);
  const fitting = only ? called.filter(fits[only]) : [];
  const matches = wanted === '' || fitting.length > 0 ? fitting : called;
  const [first, second] = matches;
  if (!first) return { is: 'none' };
  return second ? { is: 'several', invitations: matches.slice(0, mostFound) } : show(first.reference);
};

const newest = 200;
/** Of several no more are named: whoever gets as many may not have all. */
export const mostFound = 10;
const fits: Readonly<Record<NonNullable<Search['only']>, (one: Invitation) => boolean>> = { waiting: isAnswerable, open: isOpen, established: ({ state }) => state === 'established' };
const isCalled = ({ name, domain }: Invitation['customer'], wanted: string): boolean => fold(name).startsWith(wanted) || fold(domain).startsWith(wanted);

/** The newest ones, and those of every customer whom the search of "my customers" finds: of thousands, one may be older than all of these. */
const ofCustomersCalled = async ({ ledger, clock }: Ports, partner: TenantId, wanted: string): Promise<readonly Invitation[]> => {
  const [mine, lines] = await Promise.all([
    ledger.invitationsOf({ partner }, 'all', newest), ledger.customersOf(partner, { search: wanted, only: 'all', soon: clock.now(), skip: 0, limit: 10 }),
  ]);
  const found = await Promise.all(lines.map(({ customer }) => ledger.invitationsOf({ partner, customer }, 'all', newest)));
  const all = new Map([...mine.filter(({ customer }) => isCalled(customer, wanted)), ...found.flat()].map((one) => [one.id, one]));
  return [...all.values()].sort((one, other) => momentOf(other).localeCompare(momentOf(one)));
};

const momentOf = (one: Invitation): string => ('sentAt' in one && one.sentAt) || one.createdAt;

const fromPartnersCalled = async ({ ledger }: Ports, customer: TenantId, wanted: string): Promise<readonly Invitation[]> =>
  (await ledger.invitationsOf({ customer }, 'all', newest)).filter(({ partner }) => isCalled(partner, wanted));
