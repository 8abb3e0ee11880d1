import { z } from 'zod';
import type { Cloud, Known, Tenant } from '../domain/facts.js';
import { asDomainName, asTenantId, isDomainName, type DomainName, type TenantId } from '../domain/ids.js';
import { isDone, NoConsentError, readAs, unexpected } from './answers.js';
import type { Caller, TokenSource } from './caller.js';

const tenantInformation = z.looseObject({ tenantId: z.guid(), displayName: z.string().nullish(), defaultDomainName: z.string().nullish() });
const openIdConfiguration = z.looseObject({
  issuer: z.string().nullish(),
  tenant_region_scope: z.string().nullish(),
  tenant_region_sub_scope: z.string().nullish(),
  cloud_instance_name: z.string().nullish(),
});
type OpenIdConfiguration = z.output<typeof openIdConfiguration>;

export type TenantLookUp = {
  byId(tenant: TenantId, askedBy: TenantId): Promise<Tenant | undefined>;
  byDomain(domain: DomainName, askedBy: TenantId): Promise<Tenant | undefined>;
};

/**
 * The names that a tenant shows to every other one, and the cloud it lives in.
 * @param graphTokenOf the right of the asking tenant to look up
 */
export const createTenantLookUp = (call: Caller, graphTokenOf: (askedBy: TenantId) => TokenSource): TenantLookUp => {
  const look = async (operation: 'tenantById' | 'tenantByDomain', params: Readonly<Record<string, string>>, askedBy: TenantId): Promise<Omit<Tenant, 'cloud'> | undefined> => {
    const answer = await call(operation, { params, token: graphTokenOf(askedBy) });
    if (answer.status === 404) return undefined;
    const { tenantId, displayName, defaultDomainName } = readAs(tenantInformation, operation, answer);
    const domain = [defaultDomainName ?? '', params['domain'] ?? ''].find(isDomainName);
    return { id: asTenantId(tenantId), name: displayName || domain || tenantId, domain: domain === undefined ? ('' as DomainName) : asDomainName(domain) };
  };

  const login = async (tenant: string): Promise<OpenIdConfiguration | undefined> => {
    const answer = await call('openIdConfiguration', { params: { tenant } });
    if (answer.status === 400 || answer.status === 404) return undefined;
    if (!isDone(answer)) throw unexpected('openIdConfiguration', answer);
    return readAs(openIdConfiguration, 'openIdConfiguration', answer);
  };

  const byId: TenantLookUp['byId'] = async (tenant, askedBy) => {
    const [found, configuration] = await Promise.all([look('tenantById', { tenant }, askedBy), login(tenant)]);
    return found && { cloud: cloudIn(configuration), ...found };
  };

  return {
    byId: async (tenant, askedBy) => {
      try {
        return await byId(tenant, askedBy);
      } catch (error) {
        if (error instanceof NoConsentError) return undefined;
        throw error;
      }
    },
    byDomain: async (domain, askedBy) => {
      const [found, configuration] = await Promise.all([look('tenantByDomain', { domain }, askedBy), login(domain)]);
      if (found) return { cloud: cloudIn(configuration), ...found };
      // Another cloud's tenant is not found by its domain there, but the login service knows it, and by its id it is found.
      const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(configuration?.issuer ?? '')?.[0];
      return id === undefined ? undefined : byId(asTenantId(id), askedBy);
    },
  };
};

/**
 * US Government says `USGov` (older: `USG`) with `DODCON` or `DOD` below it; `GCC` is a part of the commercial cloud.
 * Any other region belongs to the cloud that its instance names.
 */
const cloudIn = (configuration: OpenIdConfiguration | undefined): Known<Cloud> => {
  const { tenant_region_scope: region, tenant_region_sub_scope: part, cloud_instance_name: instance } = configuration ?? {};
  if (!region && !instance) return 'unknown';
  if (instance?.endsWith('.cn')) return 'china21Vianet';
  const isGovernment = instance?.endsWith('.us') || /^usg/i.test(region ?? '') || part === 'DOD' || part === 'DODCON' || region === 'DOD';
  return isGovernment ? 'usGov' : 'commercial';
};
