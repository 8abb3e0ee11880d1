import type { IncomingMessage } from 'node:http';

const isLoopbackName = (name: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name);

const hostIn = (address: string): string | undefined => (URL.canParse(address) ? new URL(address).host : undefined);

/**
 * The console acts for everybody in it, so it opens to its own page alone: under a name of this machine (a stranger's
 * name that points here is DNS rebinding), and a change only when the browser says that this page asked for it.
 */
export const mayEnter = ({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean => {
  const host = hostIn(`http://${headers.host ?? ''}`);
  if (host === undefined || !isLoopbackName(host.replace(/:\d+$/, ''))) return false;
  if (method === 'GET') return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin === undefined ? site === 'same-origin' : hostIn(headers.origin) === host;
};
