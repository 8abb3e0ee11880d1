import { type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';
import { call, jsonIn, type Log } from './http.js';

/** The keys of the channel could not be read and none is kept. The token is neither good nor bad. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
  constructor(options?: ErrorOptions) {
    super('The signing keys of the channel cannot be read.', options);
  }
}

export type SigningKey = { readonly key: CryptoKey; readonly endorsements: readonly string[] };

export type SigningKeys = {
  /** `undefined`: the channel has no such key. @throws KeysUnavailableError */
  find(kid: string): Promise<SigningKey | undefined>;
  /** Reads the keys now; a failure is logged and tried again when a token needs them. */
  warm(): Promise<void>;
  isReady(): boolean;
  /** Since they were read; nothing before the first time. */
  ageSeconds(): number | undefined;
};

const metadataSchema = z.looseObject({ jwks_uri: z.url({ protocol: /^https?$/ }) });
const setSchema = z.looseObject({ keys: z.array(z.unknown()) });
const keySchema = z.looseObject({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string().min(1),
  e: z.string().min(1),
  endorsements: z.array(z.string()).default([]),
});

const freshForMs = 24 * 60 * 60_000;
const unknownKeyPauseMs = 60_000;
const failurePauseMs = 1_000;

/**
 * Keeps the channel's published keys. One read at a time; an unknown key asks again, at most once a minute; keys of a day
 * ago are renewed in the background and used for as long as the channel's host does not answer.
 */
export const createSigningKeys = (where: { readonly openIdMetadataUrl: string; readonly machineNow: () => Date; readonly log: Log }): SigningKeys => {
  let kept: ReadonlyMap<string, SigningKey> = new Map();
  let readAt = 0;
  let triedAt = 0;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    try {
      kept = await readKeys(where.openIdMetadataUrl);
      readAt = where.machineNow().getTime();
    } catch (error) {
      where.log.warn({ error }, 'The signing keys of the channel could not be read.');
    }
  };
  const warm = (): Promise<void> => {
    triedAt = where.machineNow().getTime();
    return (reading ??= read().finally(() => { reading = undefined; }));
  };
  const isLongSince = (at: number, ms: number): boolean => where.machineNow().getTime() - at >= ms;

  return {
    warm,
    isReady: () => kept.size > 0,
    ageSeconds: () => kept.size === 0 ? undefined : (where.machineNow().getTime() - readAt) / 1000,
    find: async (kid) => {
      if (kept.size === 0 && (reading || isLongSince(triedAt, failurePauseMs))) await warm();
      if (kept.size === 0) throw new KeysUnavailableError();

      const mayAskAgain = isLongSince(triedAt, unknownKeyPauseMs);
      if (!kept.has(kid) && (reading || mayAskAgain)) await warm();
      else if (isLongSince(readAt, freshForMs) && mayAskAgain) void warm();
      return kept.get(kid);
    },
  };
};

const readKeys = async (openIdMetadataUrl: string): Promise<ReadonlyMap<string, SigningKey>> => {
  const { jwks_uri } = metadataSchema.parse(await readJson(openIdMetadataUrl));
  const published = setSchema.parse(await readJson(jwks_uri)).keys.flatMap((key) => keySchema.safeParse(key).data ?? []);
  const keys = await Promise.all(published.map(async ({ kid, kty, n, e, endorsements }) => {
    const key = await importJWK({ kty, n, e }, 'RS256').catch(() => undefined);
    return key === undefined || key instanceof Uint8Array ? [] : [[kid, { key, endorsements }] as const];
  }));
  if (keys.flat().length === 0) throw new Error('The channel publishes no usable key.');
  return new Map(keys.flat());
};

const readJson = async (url: string): Promise<unknown> => {
  const { status, text } = await call(url, { method: 'GET' });
  if (status !== 200) throw new Error(`The channel's keys were answered with ${status}.`);
  return jsonIn(text);
};
