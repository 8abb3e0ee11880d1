import { isPartner, type Speaker } from './gather.js';
import { AuthorityUnavailableError, type Ports } from './ports.js';

export type Offers = { readonly managing: boolean; readonly providers: readonly { readonly tenant: string; readonly name: string }[] };

/** What this partner can ask for in this cloud, and through whom it sells. An outage offers less, never something wrong. */
export const whatFormsOffer = (ports: Ports) => async (by: Speaker): Promise<Offers> => {
  const { authority, deployment } = ports;
  const managing = deployment.capabilities.gdap;
  if (!isPartner(ports, by.tenant)) return { managing, providers: [] };
  try {
    const partner = await authority.partner(by.tenant);
    if (partner?.type !== 'indirectReseller') return { managing, providers: [] };
    return { managing, providers: (await authority.listPartnerships(by.tenant)).filter(({ is }) => is === 'provider').map(({ tenant, name }) => ({ tenant, name })) };
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return { managing, providers: [] };
    throw error;
  }
};
