import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { importX509, jwtVerify } from 'jose';
import { CertificateUnusableError, readCertificate } from '../../src/identity/certificate.js';
import { MachineClock } from '../local/partner-center/a-sandbox.js';
import { aPem } from './a-pem.js';

const APP = '11111111-2222-4333-8444-555555555555';
const ENDPOINT = 'https://login.microsoftonline.com/f0000000-0000-4000-8000-000000000000/oauth2/token';
const sha = (algorithm: string, certificate: string): string => createHash(algorithm).update(new X509Certificate(certificate).raw).digest('base64url');

describe('an app’s certificate', () => {
  let ours: Awaited<ReturnType<typeof aPem>>;
  let theirs: Awaited<ReturnType<typeof aPem>>;
  let machine: MachineClock;
  before(async () => { [ours, theirs] = await Promise.all([aPem(), aPem()]); });
  beforeEach(() => { machine = new MachineClock(); });

  const read = (pem: string, thumbprint?: string) => readCertificate(pem, machine.now, thumbprint);
  /** As the login service does it: only with what is public. */
  const verified = async (proof: string, certificate = ours.certificate) =>
    jwtVerify(proof, await importX509(certificate, 'PS256'), { algorithms: ['PS256'], audience: ENDPOINT, issuer: APP, subject: APP, currentDate: machine.now() });

  it('proves to one token endpoint, for five minutes, who the app is', async () => {
    const { proof } = await read(ours.key + ours.certificate);

    const { payload, protectedHeader } = await verified(await proof(APP, ENDPOINT));

    const now = machine.now().getTime() / 1000;
    assert.deepEqual(protectedHeader, { alg: 'PS256', typ: 'JWT', 'x5t#S256': sha('sha256', ours.certificate), x5t: sha('sha1', ours.certificate) });
    assert.match(payload.jti ?? '', /^[0-9a-f-]{36}$/);
    assert.deepEqual({ ...payload, jti: '' }, { iss: APP, sub: APP, aud: ENDPOINT, jti: '', iat: now, nbf: now - 60, exp: now + 300 });
  });

  it('proves it anew each time, and an old proof is worth nothing after five minutes', async () => {
    const { proof } = await read(ours.key + ours.certificate);
    const proofs = await Promise.all(Array.from({ length: 5 }, () => proof(APP, ENDPOINT)));
    assert.equal(new Set(await Promise.all(proofs.map(async (one) => (await verified(one)).payload.jti))).size, 5);

    machine.passes(299);
    await verified(proofs[0] ?? '');
    machine.passes(1);

    await assert.rejects(verified(proofs[0] ?? ''), { code: 'ERR_JWT_EXPIRED' });
    await verified(await proof(APP, ENDPOINT));
  });

  it('proves nothing to whoever knows another certificate', async () => {
    const { proof } = await read(ours.key + ours.certificate);

    await assert.rejects(verified(await proof(APP, ENDPOINT), theirs.certificate), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });

  it('says until when it is good', async () => {
    assert.deepEqual((await read(ours.key + ours.certificate)).validUntil, new Date('2028-11-23T08:00:00Z'));
  });

  for (const [what, written] of [
    ['with its lines written as \\n, as a variable of the environment has them', () => (ours.key + ours.certificate).replaceAll('\n', '\\n')],
    ['with the lines of Windows', () => (ours.key + ours.certificate).replaceAll('\n', '\r\n')],
    ['the certificate first', () => ours.certificate + ours.key],
    ['with notes of the program that made it', () => `Bag Attributes\n    friendlyName: bot\n${ours.key}subject=CN = fabrikam-bot\n${ours.certificate}`],
    ['with a whole chain, whatever its order', () => theirs.certificate + ours.certificate + ours.key],
  ] as const) {
    it(`is read ${what}`, async () => {
      const { proof } = await read(written());

      assert.equal((await verified(await proof(APP, ENDPOINT))).protectedHeader['x5t#S256'], sha('sha256', ours.certificate));
    });
  }

  it('may be named by its thumbprint alone, however that is written', async () => {
    const hex = new X509Certificate(ours.certificate).fingerprint;
    for (const thumbprint of [hex, hex.replaceAll(':', '').toLowerCase(), ` ${hex.replaceAll(':', ' ')} `]) {
      const { proof } = await read(ours.key, thumbprint);

      assert.deepEqual((await verified(await proof(APP, ENDPOINT))).protectedHeader, { alg: 'PS256', typ: 'JWT', x5t: sha('sha1', ours.certificate) });
    }
  });

  it('is named by itself, not by a thumbprint, where it is at hand', async () => {
    const { proof } = await read(ours.key + ours.certificate, 'ab'.repeat(20));

    assert.equal((await verified(await proof(APP, ENDPOINT))).protectedHeader['x5t'], sha('sha1', ours.certificate));
  });

  const middleOf = (pem: string): string => pem.slice(100, 160);
  const without = (pem: string): string => pem.replace(middleOf(pem), '');
  const ecKey = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const rsaKey = (type: 'pkcs1' | 'pkcs8', bits = 2048, passphrase?: string): string =>
    generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type, format: 'pem', ...(passphrase && { cipher: 'aes-256-cbc', passphrase }) }).toString();

  for (const [what, pem, missing] of [
    ['nothing at all', () => '', 'private key'],
    ['a password', () => 'correct horse battery staple', 'private key'],
    ['the certificate alone', () => ours.certificate, 'private key'],
    ['a key that was cut', () => without(ours.key) + ours.certificate, 'private key'],
    ['a key without its last line', () => ours.key.replace('-----END PRIVATE KEY-----', '') + ours.certificate, 'private key'],
    ['a key that is no base64', () => `-----BEGIN PRIVATE KEY-----\nsecret words\n-----END PRIVATE KEY-----\n${ours.certificate}`, 'private key'],
    ['an encrypted key', () => rsaKey('pkcs8', 2048, 'secret words') + ours.certificate, 'private key'],
    ['a key in the older form', () => rsaKey('pkcs1') + ours.certificate, 'private key'],
    ['a key of another kind', () => ecKey() + ours.certificate, 'private key'],
    ['a key that is too short to sign', () => rsaKey('pkcs8', 1024) + ours.certificate, 'private key'],
    ['the key alone', () => ours.key, 'certificate'],
    ['a certificate that was cut', () => ours.key + without(ours.certificate), 'certificate'],
    ['a certificate that is no base64', () => `${ours.key}-----BEGIN CERTIFICATE-----\nsecret words\n-----END CERTIFICATE-----\n`, 'certificate'],
    ['the certificate of another key', () => ours.key + theirs.certificate, 'certificate'],
  ] as const) {
    it(`that is ${what} is no certificate, in a sentence that quotes nothing of it`, async () => {
      const text = pem();
      const error = await read(text).then(() => undefined, (thrown: unknown) => thrown);

      assert(error instanceof CertificateUnusableError);
      assert.equal(error.message, `The PEM text holds no usable ${missing}.`);
      const said = inspect(error, { depth: 10 });
      assert.doesNotMatch(said, /secret words|correct horse/);
      for (const line of text.split('\n').filter((one) => one.length > 20 && !one.startsWith('-----'))) assert(!said.includes(line));
    });
  }

  it('cannot be named by a thumbprint of another kind', async () => {
    for (const thumbprint of ['', 'no thumbprint', 'ab'.repeat(32)]) await assert.rejects(read(ours.key, thumbprint), { name: 'CertificateUnusableError', message: /certificate/ });
  });
});
