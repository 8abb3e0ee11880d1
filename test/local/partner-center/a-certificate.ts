import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length < 128 ? [content.length] : content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sha256WithRsa = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
const time = (at: Date): Buffer => der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));

/** A certificate that vouches for itself, with its private key. */
export const aCertificate = (validUntil = new Date('2030-01-01T00:00:00Z')): { readonly pem: string; readonly privateKey: KeyObject } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('sandbox test')))));
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const dates = der(0x30, time(new Date('2020-01-01T00:00:00Z')), time(validUntil));
  const body = der(0x30, der(0xa0, der(0x02, Buffer.from([2]))), serial, sha256WithRsa, name, dates, name, publicKey.export({ type: 'spki', format: 'der' }));
  const whole = der(0x30, body, sha256WithRsa, der(0x03, Buffer.from([0]), sign('sha256', body, privateKey)));
  return { pem: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`, privateKey };
};
