import { asTenantId, isGuid, type TenantId } from '../domain/ids.js';
import type { ClaimedErrand, NewErrand, NewsFeed, Ports } from './ports.js';

/** Something Partner Center says has happened. It is a hint: what is true is read. */
export type HeardEvent = {
  readonly name: string;
  readonly resourceUri?: string | undefined;
  readonly auditUri?: string | undefined;
  readonly changedAt: string;
  /** In whose name the address was registered; anybody could have written it. */
  readonly partner?: string | undefined;
  /** The bytes and the headers they were signed with, for somebody else's tool. */
  readonly forward: { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };
};

/** What this deployment asks to be told; whatever else comes is passed on and left alone. */
export const wantedEvents = [
  'reseller-relationship-accepted-by-customer', 'indirect-reseller-relationship-accepted-by-customer',
  'dap-admin-relationship-approved', 'dap-admin-relationship-terminated', 'dap-admin-relationship-terminated-by-microsoft',
  'granular-admin-relationship-approved', 'granular-admin-relationship-activated', 'granular-admin-relationship-terminated', 'granular-admin-relationship-expired',
  'granular-admin-access-assignment-created', 'granular-admin-access-assignment-activated', 'granular-admin-access-assignment-updated', 'granular-admin-access-assignment-deleted',
] as const;
const isWanted = (name: string): boolean => (wantedEvents as readonly string[]).includes(name);

/** Writes down what is to be done about an event. The same event once more is the same errands, and a look that waits for one is the look for all that come until it begins. */
export const hearEvent = (ports: Ports, passOnTo: (partner: TenantId) => readonly string[]) => async (event: HeardEvent): Promise<void> => {
  const { errands, ledger, partners } = ports;
  const name = event.name.toLowerCase();
  const identity = `${name}/${event.resourceUri ?? event.auditUri ?? ''}/${event.changedAt}`;

  const oursAmong = (ids: readonly string[]): readonly TenantId[] => partners.filter((partner) => ids.includes(partner));
  // What Microsoft signed goes before what anybody could have written.
  const written = oursAmong(guidsIn(event.auditUri));
  const named = written.length > 0 ? written : oursAmong(guidsIn(event.partner));

  const concerned = async (): Promise<readonly TenantId[]> => {
    if (named.length > 0) return named;
    const customers = guidsIn(event.resourceUri);
    const known = (await Promise.all(customers.map((customer) => ledger.invitationsOf({ customer: asTenantId(customer) }, 'all', 100)))).flat().map(({ partner }) => partner.tenant);
    // Nothing says whose news it is: everybody's side is looked at.
    return known.length > 0 ? [...new Set(known)] : partners;
  };

  const look = (partner: TenantId): NewErrand => ({ topic: 'look', key: `look/${partner}/${identity}`, lane: `look/${partner}`, body: { partner }, joinsWaiting: true });
  const passOn = (url: string): NewErrand =>
    ({ topic: 'passOn', key: `passOn/${url}/${identity}`, lane: `passOn/${url}`, body: { url, headers: JSON.stringify(event.forward.headers), body: event.forward.body.toString('base64') } });

  await errands.add([
    ...(isWanted(name) ? (await concerned()).map(look) : []),
    // A guess is good enough to look, not to show one partner's news to another one's tool.
    ...[...new Set(named.flatMap(passOnTo))].map(passOn),
  ]);
};

/** Hands an event to the tool that held the registration before this deployment. */
export const passEventOn = ({ passOn }: NewsFeed) => ({ body }: ClaimedErrand): Promise<void> =>
  passOn(body['url'] ?? '', { headers: JSON.parse(body['headers'] ?? '{}') as Record<string, string>, body: Buffer.from(body['body'] ?? '', 'base64') });

const guidsIn = (text: string | undefined): readonly string[] =>
  (text?.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? []).filter(isGuid).map((id) => id.toLowerCase());
