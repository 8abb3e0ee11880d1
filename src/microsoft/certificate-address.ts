import { EventRefusedError } from './event-errors.js';

/**
 * Where the certificate authorities under which Azure's certificates stand publish their own.
 * @see Azure docs, "Azure Certificate Authority details", host names for AIA
 */
const authorityHosts = ['www.microsoft.com', 'cacerts.digicert.com', 'caissuers.microsoft.com'];

// No user, query, fragment or backslash: two readers of the same text must not see two places.
const plain = /^https?:\/\/[a-z0-9.:[\]-]+\/[\w.~%/-]*$/i;
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const longest = 1_024;

/**
 * The address in `X-MS-Certificate-Url`, which anybody may have written.
 * @param hosts exactly these, lower case; with a port only where the entry names it (`host:port`)
 * @throws EventRefusedError
 */
export const readCertificateUrl = (text: string, hosts: readonly string[]): string => {
  if (text.length > longest || !URL.canParse(text)) throw new EventRefusedError('malformed');
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || loopback.test(url.hostname);
  if (!plain.test(text) || !isSafe || !isListed(url, hosts)) throw new EventRefusedError('address', url.host);
  return url.href;
};

/** Whether a certificate may be followed to its issuer there. Plain HTTP is the custom, and what comes is believed for its signature alone. */
export const isIssuerUrl = (text: string, hosts: readonly string[]): boolean =>
  text.length <= longest && plain.test(text) && URL.canParse(text) && isListed(new URL(text), [...authorityHosts, ...hosts]);

const isListed = ({ host, hostname, port, protocol }: URL, hosts: readonly string[]): boolean =>
  hosts.includes(host) || hosts.includes(`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`);
