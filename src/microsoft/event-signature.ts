import { constants, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { readCertificateUrl } from './certificate-address.js';
import { createChains } from './certificate-chain.js';
import { createEventCertificates, type KeptKey } from './event-certificates.js';
import { EventRefusedError } from './event-errors.js';
import { fetchBytes as fetchFromNetwork, type FetchBytes } from './fetch-bytes.js';

export { CertificateUnavailableError, EventRefusedError, TrustedRootsUnusableError } from './event-errors.js';

export type EventCheckOptions = {
  /** Where the signing certificate may lie: `host` or `host:port`, lower case. Plain HTTP only on this machine. */
  readonly certificateHosts: readonly string[];
  /** PEM text with the roots its chain must end in, and perhaps intermediates. Left out: those that come with Node. */
  readonly trustedRoots?: string | undefined;
  readonly allowSha1: boolean;
  readonly machineNow: () => Date;
  readonly fetchBytes?: FetchBytes;
};

/**
 * Looks at the headers at once, and at the body as soon as it is there, byte for byte as it came.
 * @throws EventRefusedError, from both steps
 * @throws CertificateUnavailableError, from the second: let the sender come again
 */
export type EventCheck = (headers: IncomingHttpHeaders) => (body: Buffer) => Promise<void>;

type Signed = { readonly signature: Buffer; readonly hash: string; readonly url: string };

// RSA of 2048 to 8192 bits.
const base64 = /^[A-Za-z0-9+/]{340,1368}={0,2}$/;
const hashes: Readonly<Record<string, string>> = { 'rsa-sha256': 'sha256', 'rsa-sha384': 'sha384', 'rsa-sha512': 'sha512' };

/**
 * Whether Partner Center sent an event. The same event once more is genuine once more; who has heard it already is another question.
 * @throws TrustedRootsUnusableError
 * @see Partner Center docs, "Partner Center webhooks", "How to authenticate the callback"
 */
export const createEventCheck = ({ certificateHosts, trustedRoots, allowSha1, machineNow, fetchBytes = fetchFromNetwork }: EventCheckOptions): EventCheck => {
  const certificates = createEventCertificates({ readChain: createChains({ certificateHosts, trustedRoots, machineNow, fetchBytes }), fetchBytes, machineNow });
  const known = allowSha1 ? { ...hashes, 'rsa-sha1': 'sha1' } : hashes;

  return (headers) => {
    const { signature, hash, url } = readHeaders(headers, known, certificateHosts);
    const fits = (body: Buffer, { key }: KeptKey): boolean => verify(hash, body, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return async (body) => {
      const found = await certificates.find(url);
      if (fits(body, found)) return;
      const renewed = await certificates.renewed(url, found);
      if (!renewed || !fits(body, renewed)) throw new EventRefusedError('signature');
    };
  };
};

const readHeaders = (headers: IncomingHttpHeaders, known: Readonly<Record<string, string>>, hosts: readonly string[]): Signed => {
  const signature = signatureIn(headers);
  if (signature === undefined) throw new EventRefusedError('unsigned');
  const [algorithm, url] = [textOf(headers['x-ms-signature-algorithm']).toLowerCase(), textOf(headers['x-ms-certificate-url'])];
  if (!/^[a-z0-9]+-[a-z0-9]+$/.test(algorithm) || url === '') throw new EventRefusedError('malformed');
  const hash = Object.hasOwn(known, algorithm) ? known[algorithm] : undefined;
  if (hash === undefined) throw new EventRefusedError('algorithm');
  return { signature, hash, url: readCertificateUrl(url, hosts) };
};

/** A registration may ask for the second header, because gateways want the first for themselves. */
const signatureIn = (headers: IncomingHttpHeaders): Buffer | undefined => {
  const usual = /^Signature +(.+)$/i.exec(textOf(headers.authorization))?.[1];
  const other = textOf(headers['x-ms-signature']).replace(/^Signature +/i, '');
  const text = usual ?? other;
  return base64.test(text) ? Buffer.from(text, 'base64') : undefined;
};

const textOf = (header: string | readonly string[] | undefined): string => (typeof header === 'string' ? header.trim() : '');
