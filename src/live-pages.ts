import type Keyv from 'keyv';
import type { Server } from 'restify';
import type { Directory, Language, SignIns } from './commands/ports.js';
import type { TenantId } from './domain/ids.js';
import type { Log } from './log.js';
import type { MicrosoftOptions } from './microsoft/options.js';
import { createSigningIn } from './microsoft/sign-in.js';
import type { MicrosoftSide } from './microsoft-side.js';
import { mountConsentPage } from './pages/consent.js';
import { mountPartnersPage } from './pages/partners.js';
import type { Shelf } from './pages/ports.js';
import { createRoleSignIns } from './pages/role-sign-in.js';

export type LivePagesOptions = {
  readonly live: NonNullable<MicrosoftSide['live']>;
  readonly microsoft: MicrosoftOptions;
  readonly keyv: Keyv;
  readonly signIns: SignIns;
  readonly log: Log;
  readonly machineNow: () => Date;
};

/** The web pages of a deployment against the real Microsoft, and what they know that others ask for. */
export const createLivePages = ({ live, microsoft, keyv, signIns, log, machineNow }: LivePagesOptions) => {
  const signingIn = createSigningIn(microsoft);
  const shelf: Shelf = { get: (key) => keyv.get(key), set: (key, value, ttlMs) => keyv.set(key, value, ttlMs), delete: (key) => keyv.delete(key) };
  const ground = { keyv: shelf, publicUrl: live.publicUrl, machineNow, log };
  const roles = createRoleSignIns({ ...ground, signIn: signingIn.person });
  const names = new Map<TenantId, string>();

  return {
    rolesOf: roles.rolesOf,
    ownPages: (language: Language) => ({
      consent: (tenant: string) => `${live.publicUrl}/consent?tenant=${tenant}&lang=${language}`,
      signIn: (tenant: string) => roles.linkFor(tenant as TenantId, language),
    }),
    /** @param directory where partners' own names are read; without an answer the tenant's id stands for it */
    mount: (server: Server, directory: Pick<Directory, 'tenantById'>): void => {
      const partners = () => Promise.all(live.partners.map(async ({ tenant, access }) => {
        const name = names.get(tenant) ?? (await directory.tenantById(tenant, tenant).catch(() => undefined))?.name;
        if (name !== undefined) names.set(tenant, name);
        return { tenant, access, ...(name !== undefined && { name }) };
      }));
      roles.mount(server);
      mountConsentPage(server, { ...ground, operator: live.operator, appId: microsoft.directoryApp.clientId, consent: signingIn.consent });
      if (live.operator.token !== undefined) mountPartnersPage(server, { ...ground, operatorToken: live.operator.token, partners, signIns, signIn: signingIn.partner });
    },
  };
};
