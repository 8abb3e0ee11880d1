import { createHmac } from 'node:crypto';
import type { Subscription } from '../domain/facts.js';
import type { InvitationId } from '../domain/ids.js';
import type { Invitation } from '../domain/invitation.js';
import { fieldsOf, whatChanged } from '../domain/what-changed.js';
import { redrawEveryCopy, tellCustomer, tellInviter } from './errands-about.js';
import { AuthorityUnavailableError, notConsented, type Ports } from './ports.js';
import type { Baseline, Side, SubscriptionDigest } from '../domain/proof.js';

/** Keyed, so that nobody without the key can guess a quantity from its digest; ids too, on the customer's side. */
const digestsOf = (key: string, subscriptions: readonly Subscription[]): readonly SubscriptionDigest[] => {
  const digest = (text: string) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
  return subscriptions.map((subscription) => ({
    id: digest(subscription.id),
    fields: Object.fromEntries(Object.entries(fieldsOf(subscription)).map(([field, value]) => [field, digest(`${field}:${value}`)])),
  }));
};

const readSide = async ({ authority, directory }: Ports, { partner, customer }: Invitation, side: Side): Promise<readonly Subscription[] | undefined> => {
  if (side === 'partner') return authority.listOwnSubscriptions(partner.tenant, customer.tenant);
  const holdings = await directory.holdings(customer.tenant);
  return holdings === notConsented ? undefined : holdings.subscriptions;
};

const keepBaseline = (side: Side) => async (ports: Ports, invitation: Invitation): Promise<void> => {
  const { ledger, clock, chance } = ports;
  if (await ledger.proof(invitation.id, side)) return;
  try {
    const subscriptions = await readSide(ports, invitation, side);
    if (!subscriptions) return;
    const key = chance.key();
    const baseline: Baseline = { takenAt: clock.now().toISOString(), key, subscriptions: digestsOf(key, subscriptions) };
    await ledger.keepBaseline(invitation.id, side, baseline);
  } catch (error) {
    // Without a first reading there is no proof, and the card says so; the invitation itself does not wait for it.
    if (!(error instanceof AuthorityUnavailableError)) throw error;
  }
};

/** What the partner itself has sold to this customer, read when the invitation is sent. */
export const keepPartnerBaseline = keepBaseline('partner');
/** Everything the customer holds, read with its consent when the card is delivered. */
export const keepCustomerBaseline = keepBaseline('customer');

const compareSide = async (ports: Ports, invitation: Invitation, side: Side): Promise<void> => {
  const { ledger, clock } = ports;
  const baseline = (await ledger.proof(invitation.id, side))?.baseline;
  if (!baseline) return;
  const after = await readSide(ports, invitation, side);
  if (!after) return;
  const digests = digestsOf(baseline.key, after);
  const idBehind = new Map(digests.map(({ id }, index) => [id, after[index]?.id ?? '']));
  const changes = whatChanged(baseline.subscriptions, digests);
  await ledger.keepComparison(invitation.id, side, {
    ...changes,
    changed: changes.changed.map(({ id, fields }) => ({ id: idBehind.get(id) ?? '', fields })),
    takenAt: baseline.takenAt,
    comparedAt: clock.now().toISOString(),
  });
};

/**
 * Compares both sides one by one, then tells everybody that Microsoft confirmed, together with what the comparison showed.
 * @param isLastTry tells them without it rather than never.
 */
export const proveNothingChanged = (ports: Ports) => async ({ id, isLastTry }: { id: InvitationId; isLastTry: boolean }): Promise<void> => {
  const invitation = await ports.ledger.invitation(id);
  if (!invitation || invitation.state !== 'established') return;
  try {
    await Promise.all([compareSide(ports, invitation, 'partner'), compareSide(ports, invitation, 'customer')]);
  } catch (error) {
    if (!(error instanceof AuthorityUnavailableError) || !isLastTry) throw error;
  }
  await ports.errands.add([
    ...(await redrawEveryCopy(ports, invitation)), ...tellInviter(invitation, 'established'), ...(await tellCustomer(ports, invitation, 'established')),
  ]);
};
