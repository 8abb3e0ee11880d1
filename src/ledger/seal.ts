import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** No key of this program opens it: it was sealed with another one, for something else, or was changed. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
  constructor(options?: ErrorOptions) {
    super('A sealed value cannot be opened with the keys at hand.', options);
  }
}

export type Seal = {
  /** @param about what it belongs to; sealed for one thing, it opens for no other */
  close(text: string, about: string): string;
  /** @throws SealBrokenError */
  open(sealed: string, about: string): string;
};

const algorithm = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];
const nameOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64url').slice(0, 8);

/** @param keys of 32 bytes each: the first closes, all open, so that a key can be changed without anybody signing in again */
export const createSeal = (keys: readonly Buffer[]): Seal => ({
  close: (text, about) => {
    const [key] = keys;
    if (!key) throw new SealBrokenError();
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(about));
    const closed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]);
    return `1.${nameOf(key)}.${Buffer.concat([closed, cipher.getAuthTag()]).toString('base64url')}`;
  },
  open: (sealed, about) => {
    const [, name, text = ''] = sealed.split('.');
    const key = keys.find((one) => nameOf(one) === name);
    if (!key) throw new SealBrokenError();
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes }).setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SealBrokenError({ cause });
    }
  },
});
