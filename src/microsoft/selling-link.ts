import { z } from 'zod';
import { AuthorityUnavailableError, type AuthorityRefusal } from '../commands/ports.js';
import type { TenantId } from '../domain/ids.js';
import type { Accounts } from './accounts.js';
import { isDone, readAs } from './answers.js';
import type { Caller } from './caller.js';
import { UntrustedLinkError } from './errors.js';
import { isTrusted, names, twoInOneLink } from './links.js';
import type { MicrosoftOptions } from './options.js';
import { refusedAs, refusedByPartnerCenter } from './refusals.js';

const relationshipRequest = z.looseObject({ url: z.string() });
const textOrNumber = z.union([z.string(), z.number()]).transform((id) => String(id).trim()).nullish();
const partnerProfile = z.looseObject({ mpnId: textOrNumber, partnerId: textOrNumber });
const isPartnerId = (text: string | null | undefined): text is string => /^[1-9]\d*$/.test(text ?? '');

/**
 * Microsoft's page on which the customer's admin accepts this partner, or with a provider both together (MP-47).
 * @see Partner Center REST reference, "Get relationship request link"
 */
export const createSellingLink = ({ allowedLinkOrigins }: MicrosoftOptions, call: Caller, { partnerCenter }: Accounts) => {
  const linkOf = async (partner: TenantId, query?: Readonly<Record<string, string>>): Promise<string | AuthorityRefusal> => {
    const answer = await call('relationshipRequest', { ...partnerCenter(partner), ...(query && { query }) });
    if (!isDone(answer)) return refusedByPartnerCenter(answer);
    const { url: link } = readAs(relationshipRequest, 'relationshipRequest', answer);
    if (isTrusted(link, allowedLinkOrigins)) return link;
    throw new AuthorityUnavailableError('relationshipRequest', { correlationId: answer.correlationId, cause: new UntrustedLinkError() });
  };

  const partnerIdOf = async (partner: TenantId): Promise<string | AuthorityRefusal> => {
    const answer = await call('partnerProfile', partnerCenter(partner));
    if (answer.status === 404) return refusedAs('PARTNER_NOT_ACTIVE', answer);
    if (!isDone(answer)) return refusedByPartnerCenter(answer);
    const { mpnId, partnerId } = readAs(partnerProfile, 'partnerProfile', answer);
    return [mpnId, partnerId].find(isPartnerId) ?? refusedAs('PARTNER_NOT_ACTIVE', answer);
  };

  return async (partner: TenantId, provider: TenantId | undefined): Promise<string | AuthorityRefusal> => {
    const link = await linkOf(partner, provider && { indirectCloudSolutionProviderId: provider, indirectResellerId: partner });
    if (typeof link !== 'string' || !provider || names(link, [partner, provider])) return link;
    // It knows nothing of the provider: what was asked for was not understood.
    const partnerId = await partnerIdOf(partner);
    return typeof partnerId === 'string' ? twoInOneLink(link, { reseller: partner, partnerId, provider }) : partnerId;
  };
};
