import type { IncomingHttpHeaders } from 'node:http';
import { createEventCheck, type EventCheckOptions } from '../../src/microsoft/event-signature.js';
import { aParty, derOf, issue, NOON, openCertificateHost, type Party, pemOf, signed } from './a-pki.js';

export const body = Buffer.from('{"EventName":"test-created","ResourceUri":"http://localhost/ş","AuditUri":null}');
export const leafPath = '/cert/pcnotifications-dispatch.microsoft.com.cer';

/** A root, an authority under it that lies where the certificate says, and Partner Center's certificate. */
export const openWorld = async () => {
  const host = await openCertificateHost();
  const [root, authority, signer] = await Promise.all([aParty('Test Root', 'Test Trust'), aParty('Microsoft Test TLS CA'), aParty('pcnotifications-dispatch.microsoft.com')]);
  const rootCertificate = await issue({ to: root, by: root, isAuthority: true });
  const authorityCertificate = await issue({ to: authority, by: root, isAuthority: true, pathLength: 0 });
  const leaf = await issue({ to: signer, by: authority, issuerUrl: host.url('/ca.crt') });
  host.put('/ca.crt', derOf(authorityCertificate));
  host.put(leafPath, derOf(leaf));

  const clock = { now: NOON };
  const check = (changes: Partial<EventCheckOptions> = {}) => {
    const ready = createEventCheck({ certificateHosts: [host.host], trustedRoots: pemOf(rootCertificate), allowSha1: false, machineNow: () => clock.now, ...changes });
    return async (headers: IncomingHttpHeaders, bytes = body): Promise<void> => ready(headers)(bytes);
  };
  const headers = (changes: IncomingHttpHeaders = {}, by: Party = signer, hash = 'sha256'): IncomingHttpHeaders => ({
    authorization: `Signature ${signed(body, by, hash)}`, 'x-ms-certificate-url': host.url(leafPath), 'x-ms-signature-algorithm': `rsa-${hash}`, ...changes,
  });
  return { host, root, authority, signer, rootCertificate, authorityCertificate, leaf, clock, check, headers };
};

export const refused = (why: string, status: 400 | 401 = 401) => ({ name: 'EventRefusedError', why, status });

export type World = Awaited<ReturnType<typeof openWorld>>;
