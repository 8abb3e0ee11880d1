import type { Grant } from '../domain/invitation.js';
import { asPersonId, asTenantId, type PersonId, type TenantId } from '../domain/ids.js';
import { draftAsGrant } from './answer-draft.js';
import { news } from './errands-about.js';
import { personNow } from './gather.js';
import { AuthorityUnavailableError, MessengerRefusedError, type ClaimedErrand, type NewErrand, type Ports } from './ports.js';
import { mayUsePartnerCommands } from './show-invitation.js';
import type { NewsSubject } from './views.js';

/**
 * Named people on both sides: at the partner those who asked this customer or finished it for somebody, or, where nobody did,
 * everybody who may; at the customer its Global admins. Rights are read when it is told, so that nobody hears of it who may
 * not any more.
 */
export const tellThoseConcerned = async (
  { ledger }: Ports, grant: Grant, subject: NewsSubject, occasion: string, more: Readonly<Record<string, string>> = {}, sides: readonly ('partner' | 'customer')[] = ['partner', 'customer'],
): Promise<readonly NewErrand[]> => {
  const [ours, theirs, invitations] = await Promise.all([
    ledger.acquaintancesOf(grant.partner), ledger.acquaintancesOf(grant.customer), ledger.invitationsOf({ partner: grant.partner, customer: grant.customer }, 'all', 200),
  ]);
  const asked = new Set(invitations.flatMap(({ inviter, handedTo }) => [inviter.id, ...(handedTo ? [handedTo.id] : [])]));
  const named = ours.filter(({ person }) => asked.has(person));
  return [
    ...(sides.includes('partner') ? (named.length > 0 ? named : ours).filter(({ isReachable }) => isReachable).map(({ person }) => news(grant, subject, 'partner', person, occasion, more)) : []),
    ...(sides.includes('customer') ? theirs.filter(({ isReachable }) => isReachable).map(({ person }) => news(grant, subject, 'customer', person, occasion, more)) : []),
  ];
};

export const tellNews = (ports: Ports) => async ({ body }: ClaimedErrand): Promise<void> => {
  if (body['subject'] === 'rules') return tellOfRules(ports, body);
  if (body['subject'] === 'signIn') return tellOfSignIn(ports, body);
  const { ledger, messenger } = ports;
  const [tenant, person] = [asTenantId(body['tenant'] ?? ''), asPersonId(body['person'] ?? '')];
  const [partner, customer] = [asTenantId(body['partner'] ?? ''), asTenantId(body['customer'] ?? '')];
  const side = body['side'] === 'customer' ? 'customer' : 'partner';
  const [to, grants] = await Promise.all([ledger.acquaintance(tenant, person), body['subject'] === 'providerDraft' ? draftsOf(ports, partner) : ledger.grants({ partner, customer })]);
  const grant = grants.find(({ kind, relationship = '' }) => kind === body['kind'] && relationship === body['relationship']);
  if (!to || !grant || !(await isTheirBusiness(ports, side, { tenant, person, name: to.name }))) return;
  if (!to.isReachable) throw new MessengerRefusedError('unreachable', 403);
  await messenger.send(to, {
    view: 'news', subject: body['subject'] as NewsSubject, side, grant,
    partner: await nameOf(ports, partner, tenant), customer: grant.customerName ?? (await nameOf(ports, customer, tenant)),
    ...(body['daysLeft'] && { daysLeft: Number(body['daysLeft']) }),
    ...(grant.preparedBy && { provider: await nameOf(ports, grant.preparedBy, tenant) }),
  });
};

/** As Microsoft shows them now: one that was answered meanwhile is no news. */
const draftsOf = async ({ authority, clock }: Ports, partner: TenantId): Promise<readonly Grant[]> =>
  (await authority.listDelegatedAdmin(partner)).filter(({ needsOurConsent }) => needsOurConsent).map((draft) => draftAsGrant(partner, draft, clock.now().toISOString()));

const tellOfRules = async (ports: Ports, body: ClaimedErrand['body']): Promise<void> => {
  const [tenant, person] = [asTenantId(body['tenant'] ?? ''), asPersonId(body['person'] ?? '')];
  const to = await ports.ledger.acquaintance(tenant, person);
  const side = body['side'] === 'customer' ? 'customer' : 'partner';
  if (!to?.isReachable || !(await isTheirBusiness(ports, side, { tenant, person, name: to.name }))) return;
  await ports.messenger.send(to, { view: 'rulesChanged', rules: (body['rules'] ?? '').split(' ') });
};

/** Admin agents can put it right; nobody else at the partner is bothered. */
const tellOfSignIn = async (ports: Ports, body: ClaimedErrand['body']): Promise<void> => {
  const [tenant, person] = [asTenantId(body['tenant'] ?? ''), asPersonId(body['person'] ?? '')];
  const to = await ports.ledger.acquaintance(tenant, person);
  if (!to?.isReachable) return;
  const found = await personNow(ports, { tenant, person, name: to.name });
  if (found === 'unknown' || found.isGuest || !found.roles.some((role) => role === 'adminAgent' || role === 'globalAdmin')) return;
  await ports.messenger.send(to, { view: 'signIn', is: body['is'] === 'refused' ? 'refused' : 'ending', until: body['until'] ?? '' });
};

const isTheirBusiness = async (ports: Ports, side: 'partner' | 'customer', speaker: { tenant: TenantId; person: PersonId; name: string }): Promise<boolean> => {
  const found = await personNow(ports, speaker);
  return side === 'partner' ? mayUsePartnerCommands(found) : found !== 'unknown' && !found.isGuest && found.roles.includes('globalAdmin');
};

/** The public name of a tenant; an outage or a missing consent leaves it out rather than the news. */
export const nameOf = async ({ directory }: Ports, tenant: TenantId, askedBy: TenantId): Promise<string> => {
  try {
    return (await directory.tenantById(tenant, askedBy))?.name ?? '';
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return '';
    throw error;
  }
};

