import type { TrustedKey } from './certificate-chain.js';
import { CertificateUnavailableError } from './event-errors.js';
import type { FetchBytes } from './fetch-bytes.js';

export type EventCertificatesOptions = {
  readonly readChain: (bytes: Buffer) => Promise<TrustedKey>;
  readonly fetchBytes: FetchBytes;
  readonly machineNow: () => Date;
};

/** `at`: when it was fetched, in milliseconds. */
export type KeptKey = TrustedKey & { readonly at: number };

const keptForMs = 24 * 60 * 60_000;
const failureForMs = 5_000;
const renewAfterMs = 60_000;
const mostKept = 16;
const mostFailures = 256;
const mostNewPlacesAMinute = 60;

/** The keys behind certificate addresses, each fetched once a day or when it no longer fits. Machine time. */
export const createEventCertificates = ({ readChain, fetchBytes, machineNow }: EventCertificatesOptions) => {
  const kept = new Map<string, KeptKey>();
  const failures = new Map<string, { readonly error: Error; readonly at: number }>();
  const underWay = new Map<string, Promise<KeptKey>>();
  const mayLookAtNewPlace = createQuota(mostNewPlacesAMinute, machineNow);
  const now = (): number => machineNow().getTime();

  const fetchKey = async (url: string): Promise<KeptKey> => {
    try {
      const key = { ...(await readChain(await fetchBytes(url))), at: now() };
      failures.delete(url);
      put(kept, url, key, mostKept);
      return key;
    } catch (error) {
      if (error instanceof Error) put(failures, url, { error, at: now() }, mostFailures);
      throw error;
    }
  };

  const load = (url: string): Promise<KeptKey> => {
    const waiting = underWay.get(url);
    if (waiting) return waiting;
    const failure = failures.get(url);
    if (failure && isWithin(now() - failure.at, failureForMs)) return Promise.reject(failure.error);
    // Any path on a listed host costs a fetch; a stranger who invents paths must not make this bot a nuisance there.
    if (!kept.has(url) && !mayLookAtNewPlace()) return Promise.reject(new CertificateUnavailableError());
    const loading = fetchKey(url).finally(() => underWay.delete(url));
    underWay.set(url, loading);
    return loading;
  };

  return {
    /** @throws EventRefusedError, CertificateUnavailableError */
    find: (url: string): Promise<KeptKey> => {
      const found = kept.get(url);
      return found && isWithin(now() - found.at, keptForMs) && found.from <= now() && now() <= found.until ? Promise.resolve(found) : load(url);
    },
    /**
     * What lies at the address today: a certificate is renewed in its place, under the same address. At most once a minute.
     * @returns nothing where `old` has only just been fetched
     * @throws EventRefusedError, CertificateUnavailableError
     */
    renewed: async (url: string, old: KeptKey): Promise<KeptKey | undefined> => {
      const current = kept.get(url) ?? old;
      if (current.at !== old.at) return current;
      return isWithin(now() - old.at, renewAfterMs) ? undefined : load(url);
    },
  };
};

/** A clock that was set back proves nothing about age. */
const isWithin = (ageMs: number, mostMs: number): boolean => ageMs >= 0 && ageMs < mostMs;

const put = <Value>(map: Map<string, Value>, key: string, value: Value, most: number): void => {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
};

const createQuota = (perMinute: number, machineNow: () => Date): (() => boolean) => {
  let [minute, used] = [-1, 0];
  return () => {
    const current = Math.floor(machineNow().getTime() / 60_000);
    if (current !== minute) [minute, used] = [current, 0];
    used += 1;
    return used <= perMinute;
  };
};
