import { signerName, type Pki } from './pki.js';
import type { Route } from './route.js';

/** The certificate under which events are signed, where `X-MS-Certificate-Url` says; and the root it hangs from, to be trusted in a try-out. */
export const certificateRoutes = (pki: Pki): readonly Route[] => [
  { method: 'get', path: `/cert/${signerName}.cer`, answer: async () => ({ status: 200, body: await pki.leafDer(), headers: { 'content-type': 'application/pkix-cert' } }) },
  { method: 'get', path: '/cert/root.pem', answer: async () => ({ status: 200, body: await pki.rootPem(), headers: { 'content-type': 'application/x-pem-file' } }) },
];
