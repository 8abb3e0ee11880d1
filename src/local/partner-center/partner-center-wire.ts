import type { Login, Token } from './login.js';
import { AnsweredEarly, type Answered, type Asked } from './route.js';
import type { State } from './state.js';
import type { Tenant } from './world.js';

export const attributes = (objectType: string) => ({ attributes: { objectType } });
export const link = (uri: string, headers: readonly object[] = []) => ({ uri, method: 'GET', headers });
export const self = (uri: string) => ({ links: { self: link(uri) } });

/** Samples show the code as a number, the documentation calls it text: both are sent, so both must be understood. */
export const refusal = (status: number, code: number | string, description: string, headers: Readonly<Record<string, string>> = {}): Answered => ({
  status, body: { code, description, data: [], source: 'PartnerApiServiceCore' }, headers,
});

const notOurs = refusal(403, 20002, 'Access denied: there is no relationship between the partner and the customer.');

export const collection = (items: readonly object[], uri: string): Answered => ({
  status: 200, body: { totalCount: items.length, items, ...self(uri), ...attributes('Collection') },
});

/** What every answer of Partner Center has in common: who asks, and whose customer it is about. */
export const partnerCenterWire = (state: State, login: Login) => {
  const caller = (asked: Asked): { readonly token: Token; readonly partner: Tenant } => {
    const token = login.tokenIn(asked, 'partnerCenter');
    const partner = token && state.tenant(token.tenant);
    if (!token || !partner) {
      throw new AnsweredEarly(refusal(401, 800001, 'The access token is missing, invalid or expired.', { 'www-authenticate': 'Bearer error="invalid_token"' }));
    }
    return { token, partner };
  };
  /** For calls that need a person behind the app, who signed in with a second factor. */
  const callerWithUser = (asked: Asked): Tenant => {
    const { token, partner } = caller(asked);
    if (!token.hasUser) {
      throw new AnsweredEarly(refusal(401, 400, 'App+User authentication is required.', { 'www-authenticate': 'Bearer error="invalid_token"' }));
    }
    return partner;
  };
  /** The customer in the path, when it is one of the caller's own. Anybody else's and nobody's look alike. */
  const ownCustomer = (asked: Asked, partner: Tenant): Tenant => {
    const customer = state.tenant(asked.params['customer'] ?? '');
    if (!customer || !state.resellerGrant(partner.id, customer.id)) throw new AnsweredEarly(notOurs);
    return customer;
  };
  return { caller, callerWithUser, ownCustomer };
};

export type PartnerCenterWire = ReturnType<typeof partnerCenterWire>;
