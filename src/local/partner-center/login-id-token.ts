import { createHash } from 'node:crypto';
import { asDomainName, isDomainName, type TenantId } from '../../domain/ids.js';
import type { Registration } from './credentials.js';
import { roleTemplates } from './graph.js';
import type { Claims } from './login-keys.js';
import { rolesHeld } from './roles-held.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

const lifetimeSeconds = 3600;

export type About = {
  readonly app: Registration;
  readonly tenant: Tenant;
  readonly person: Person;
  readonly nonce?: string;
  readonly now: Date;
  readonly loginUrl: string;
};

/**
 * What version 2 says of who signed in. `wids`, the template ids of the roles active now, only for the app that asks for them
 * in its registration.
 * @see Microsoft identity platform docs, "ID token claims reference"
 */
export const idTokenClaims = (state: State, { app, tenant, person, nonce, now, loginUrl }: About): Claims => {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    aud: app.clientId, iss: `${loginUrl}/${tenant.id}/v2.0`, iat: seconds, nbf: seconds, exp: seconds + lifetimeSeconds,
    ...(person.guest && { idp: homeOf(state, person) }), acct: person.guest ? 1 : 0,
    name: person.name, ...(nonce !== undefined && { nonce }), oid: person.id, preferred_username: person.mail ?? `${person.id}@${tenant.domains[0]}`,
    sub: pairwise(person.id, app.clientId), tid: tenant.id, ver: '2.0',
    ...(app.is === 'directory' && { wids: activeTemplatesOf(person) }),
  };
};

const activeTemplatesOf = (person: Person): readonly string[] =>
  rolesHeld(person).flatMap((role) => (role in roleTemplates ? roleTemplates[role as keyof typeof roleTemplates].id : []));

/** Another one for each app, so that two apps cannot compare notes. */
const pairwise = (person: string, clientId: string): string => createHash('sha256').update(`${person} ${clientId}`).digest('base64url');

/** Where a guest's own account is: a tenant of this world, or a code sent by mail. */
const homeOf = (state: State, { mail = '' }: Person): string => {
  const domain = mail.split('@')[1] ?? '';
  const home: TenantId | undefined = isDomainName(domain) ? state.tenantByDomain(asDomainName(domain))?.id : undefined;
  return home ? `https://sts.windows.net/${home}/` : 'mail';
};
