import { createEventCheck, type EventCheckOptions } from '../../src/microsoft/event-signature.js';
import type { PartnerCenterEvent } from '../../src/server/event.js';
import type { Events } from '../../src/server/events.js';
import type { ServerOptions } from '../../src/server/server.js';
import { aParty, derOf, issue, openCertificateHost, pemOf, signed } from '../microsoft/a-pki.js';
import { openHouse } from './house.js';

export const address = '/api/partner-center/events';
export const certificatePath = '/cert/pcnotifications-dispatch.microsoft.com.cer';
export const aBody = (changes: Readonly<Record<string, unknown>> = {}): string => JSON.stringify({
  EventName: 'granular-admin-relationship-approved',
  ResourceUri: 'https://partner.microsoft.com/granularAdminRelationships/1',
  ResourceName: 'granularAdminRelationship',
  AuditUri: 'https://api.partnercenter.microsoft.com/auditactivity/v1/auditrecords/1',
  ResourceChangeUtcDate: '2026-03-02T11:59:58.1234567+00:00',
  ...changes,
});

/** Partner Center's certificate, and where it lies. For all tests of a file: keys and certificates take their time. */
export const openSigner = async () => {
  const certificates = await openCertificateHost();
  const [top, authority, signer] = await Promise.all([aParty('Test Root', 'Test Trust'), aParty('Microsoft Test TLS CA'), aParty('pcnotifications-dispatch.microsoft.com')]);
  certificates.put('/ca.crt', derOf(await issue({ to: authority, by: top, isAuthority: true })));
  certificates.put(certificatePath, derOf(await issue({ to: signer, by: authority, issuerUrl: certificates.url('/ca.crt') })));
  return { certificates, signer, root: pemOf(await issue({ to: top, by: top, isAuthority: true })) };
};

/** The real server with the real signature check; what is genuine lands in `heard`. */
export const openEventHouse = async ({ certificates, signer, root }: Awaited<ReturnType<typeof openSigner>>, changes: Partial<Events> = {}, options: Partial<ServerOptions> = {}, checking: Partial<EventCheckOptions> = {}) => {
  const heard: PartnerCenterEvent[] = [];
  const checkEvent = createEventCheck({ certificateHosts: [certificates.host], trustedRoots: root, allowSha1: false, machineNow: () => new Date('2026-03-02T12:00:00Z'), ...checking });
  const house = await openHouse({ events: { checkEvent, hearEvent: async (event) => void heard.push(event), ...changes }, ...options });

  const headersFor = (body: string | Uint8Array): Record<string, string> => ({
    'content-type': 'application/json; charset=utf-8', authorization: `Signature ${signed(Buffer.from(body), signer)}`,
    'x-ms-certificate-url': certificates.url(certificatePath), 'x-ms-signature-algorithm': 'rsa-sha256',
  });
  const tell = async (body: string | Uint8Array = aBody(), headers: Readonly<Record<string, string | undefined>> = {}, path = address) => {
    const given = Object.entries({ ...headersFor(body), ...headers }).filter((one): one is [string, string] => one[1] !== undefined);
    const answer = await fetch(`${house.server.url}${path}`, { method: 'POST', headers: Object.fromEntries(given), body: body as string });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const counted = async (outcome: string): Promise<number> => {
    const metrics = await (await fetch(`${house.server.url}/metrics`)).text();
    return Number(new RegExp(`^bot_events_total\\{outcome="${outcome}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
  };
  const head = (lines: readonly string[], body = aBody()): string =>
    [`POST ${address} HTTP/1.1`, 'Host: bot', ...Object.entries(headersFor(body)).map(([name, value]) => `${name}: ${value}`), ...lines, '', ''].join('\r\n');
  return { ...house, heard, tell, headersFor, counted, head };
};
