import type { Server } from 'restify';
import { createEventCheck } from '../../src/microsoft/event-signature.js';
import { mountConsentPage } from '../../src/pages/consent.js';
import { mountPartnersPage } from '../../src/pages/partners.js';
import { createRoleSignIns } from '../../src/pages/role-sign-in.js';
import type { ServerOptions } from '../../src/server/server.js';
import { FABRIKAM, LITWARE } from '../local/partner-center/a-sandbox.js';
import { NOON } from '../bot/channel/key-service.js';
import { openPageHouse } from '../pages/a-browser.js';

export type AnyRoute = { readonly method: 'GET' | 'POST'; readonly path: string; readonly type?: string };

const form = 'application/x-www-form-urlencoded';
const key = 'k'.repeat(43);
export const OPERATOR_TOKEN = 'correct-horse-battery-staple';

/** All that a service against the real Microsoft answers to. `test/server/headers.spec.ts` compares this with the server's own list. */
export const everyRoute: readonly AnyRoute[] = [
  { method: 'POST', path: '/api/messages', type: 'application/json' },
  { method: 'POST', path: '/api/partner-center/events', type: 'application/json' },
  ...['/healthz', '/readyz', '/metrics', `/files/${key}`, '/partners', '/partners/signed-in', `/consent?tenant=${LITWARE}`, '/consent/done', `/sign-in?tenant=${LITWARE}`, '/signed-in', '/signed-in/result']
    .map((path) => ({ method: 'GET', path }) as const),
  ...['/partners/enter', '/partners/leave', '/partners/sign-in', '/consent/go', '/sign-in/go'].map((path) => ({ method: 'POST', path, type: form }) as const),
];

/** The real server with everything on it that a live deployment has, and the sandbox as Microsoft. */
export const openEverything = (patienceMs: number | undefined, more: Partial<ServerOptions> = {}, publicUrl?: string, look: (server: Server) => void = () => undefined) => openPageHouse((server, { ground, signingIn, memory, sandbox }) => {
  const patient = { ...ground, ...(patienceMs !== undefined && { formPatienceMs: patienceMs }) };
  mountPartnersPage(server, { ...patient, operatorToken: OPERATOR_TOKEN, signIn: signingIn.partner, signIns: memory.signIns, partners: async () => [{ tenant: FABRIKAM, name: 'Fabrikam', access: 'user' }] });
  mountConsentPage(server, { ...patient, operator: { name: 'Relecloud' }, appId: sandbox.directoryApp.clientId, consent: signingIn.consent, lookMs: 0 });
  createRoleSignIns({ ...patient, signIn: signingIn.person }).mount(server);
  look(server);
}, publicUrl, {
  events: { checkEvent: createEventCheck({ certificateHosts: ['certificates.example'], allowSha1: false, machineNow: () => NOON }), hearEvent: async () => undefined },
  fileBehind: async (given) => (given === 'f'.repeat(43) ? { name: 'PR-AAA-CCC.csv', type: 'text/csv; charset=utf-8', text: 'a,b' } : undefined),
  ...(patienceMs !== undefined && { bodyPatienceMs: patienceMs }),
  ...more,
});

/** The first lines of a question, ready for a body. */
export const headOf = ({ method, path, type }: AnyRoute, ...lines: readonly string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: bot', ...(type === undefined ? [] : [`Content-Type: ${type}`]), ...lines, '', ''].join('\r\n');

/** Statuses of all answers in what was heard on one line. */
export const statusesIn = (heard: string): readonly number[] => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) (?!Continue)/g)].map(([, status]) => Number(status));
