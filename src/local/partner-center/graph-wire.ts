import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { App, Login } from './login.js';
import { AnsweredEarly, parsed, type Answered, type Asked } from './route.js';
import type { State } from './state.js';
import type { Person, Tenant } from './world.js';

export const refusal = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Answered => {
  const id = randomUUID();
  return { status, body: { error: { code, message, innerError: { date: new Date().toISOString(), 'request-id': id, 'client-request-id': id } } }, headers };
};
export const notFound = refusal(404, 'Request_ResourceNotFound', 'The resource does not exist or one of its queried reference-property objects are not present.');
export const badRequest = (message: string): Answered => refusal(400, 'BadRequest', message);
export const conflict = (message: string): Answered => refusal(409, 'Conflict', message);

const selected = (item: object, url: URL): object => {
  const fields = url.searchParams.get('$select')?.split(',');
  return fields ? Object.fromEntries(Object.entries(item).filter(([name]) => name.startsWith('@') || fields.includes(name))) : item;
};

/** What every answer of Graph has in common. The token's tenant is the directory that is read. */
export const graphWire = (state: State, login: Login, graphUrl: () => string, pageSize: () => number) => {
  const caller = (asked: Asked): { readonly app: App; readonly tenant: Tenant } => {
    const token = login.tokenIn(asked, 'graph');
    const tenant = token && state.tenant(token.tenant);
    if (!tenant) throw new AnsweredEarly(refusal(401, 'InvalidAuthenticationToken', 'Access token is missing, invalid or expired.', { 'www-authenticate': 'Bearer error="invalid_token"' }));
    return { app: token.app, tenant };
  };
  const directoryOf = (asked: Asked): Tenant => caller(asked).tenant;
  /** Delegated administration is not among what the directory app was granted. */
  const partnerOf = (asked: Asked): Tenant => {
    const { app, tenant } = caller(asked);
    if (app !== 'partner') throw new AnsweredEarly(refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'));
    return tenant;
  };

  /** The person in the path, in the directory that is read. */
  const personIn = (asked: Asked): { readonly tenant: Tenant; readonly person: Person } => {
    const tenant = directoryOf(asked);
    const person = tenant.people.find(({ id }) => id === (asked.params['user'] ?? '').toLowerCase());
    if (!person) throw new AnsweredEarly(notFound);
    return { tenant, person };
  };

  const context = (type: string) => ({ '@odata.context': `${graphUrl()}/v1.0/$metadata#${type}` });
  const one = (type: string, fields: object, { url }: Asked): Answered => ({ status: 200, body: { ...context(type), ...selected(fields, url) } });
  /** @param path of the new thing, from the version on */
  const made = (type: string, fields: object, path: string): Answered =>
    ({ status: 201, body: { ...context(type), ...fields }, headers: { location: `${graphUrl()}/v1.0/${path}` } });
  /** Accepted; how it went is asked there, after so many seconds. */
  const begun = (path: string, seconds: number): Answered => ({ status: 202, headers: { location: `${graphUrl()}/v1.0/${path}`, 'retry-after': String(seconds) } });
  const many = (type: string, items: readonly object[], { url }: Asked): Answered => {
    const size = Math.min(Number(url.searchParams.get('$top')) || 100, 300, pageSize());
    const from = Number(url.searchParams.get('$skiptoken')) || 0;
    const following = new URL(`${graphUrl()}${url.pathname.replace(/^\/graph/, '')}${url.search}`);
    following.searchParams.set('$skiptoken', String(from + size));
    return {
      status: 200,
      body: {
        ...context(type),
        ...(items.length > from + size && { '@odata.nextLink': following.href }),
        value: items.slice(from, from + size).map((item) => selected(item, url)),
      },
    };
  };
  return { directoryOf, partnerOf, personIn, one, made, begun, many };
};

export type GraphWire = ReturnType<typeof graphWire>;

export const userBody = ({ id, name, mail, locale, guest, enabled }: Person) => ({
  id, displayName: name, mail: mail ?? null, userPrincipalName: mail ?? null, userType: guest ? 'Guest' : 'Member', accountEnabled: enabled, preferredLanguage: locale,
});

/** @throws AnsweredEarly 400 when the body has another shape */
export const bodyAs = <Shape extends z.ZodType>(shape: Shape, { body }: Asked): z.output<Shape> => {
  const read = shape.safeParse(parsed(body));
  if (!read.success) throw new AnsweredEarly(badRequest(`Invalid value for ${read.error.issues[0]?.path.join('.') || 'the body'}.`));
  return read.data;
};

/** `field eq 'value'`, joined by `and`, with a quote doubled; `undefined` for any other filter or field. */
export const equalitiesIn = (filter: string | null, fields: readonly string[]): readonly (readonly [field: string, value: string])[] | undefined => {
  if (filter === null) return [];
  const whole = /^\s*[\w/]+ eq '(?:[^']|'')*'(?:\s+and\s+[\w/]+ eq '(?:[^']|'')*')*\s*$/;
  if (!whole.test(filter)) return undefined;
  const found = [...filter.matchAll(/([\w/]+) eq '((?:[^']|'')*)'/g)].map(([, field = '', value = '']) => [field, value.replaceAll("''", "'")] as const);
  return found.every(([field]) => fields.includes(field)) ? found : undefined;
};
