import { Agent, request } from 'undici';
import { CertificateUnavailableError, EventRefusedError } from './event-errors.js';

/** @throws CertificateUnavailableError, EventRefusedError */
export type FetchBytes = (url: string) => Promise<Buffer>;

const patienceMs = 3_000;
const agent = new Agent({ connect: { timeout: patienceMs }, maxResponseSize: 64 * 1024 });

/** A small public file, whole and within 3 s; no redirect is followed. What is not there, or is too large, is the fault of whoever named it. */
export const fetchBytes: FetchBytes = async (url) => {
  const { status, bytes } = await get(url).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw new EventRefusedError('certificate');
    throw new CertificateUnavailableError({ cause });
  });
  if (status === 200) return bytes;
  throw status >= 500 || status === 429 || status === 408 ? new CertificateUnavailableError() : new EventRefusedError('certificate');
};

const get = async (url: string): Promise<{ readonly status: number; readonly bytes: Buffer }> => {
  const { statusCode, body } = await request(url, { dispatcher: agent, signal: AbortSignal.timeout(patienceMs) });
  return { status: statusCode, bytes: Buffer.from(await body.arrayBuffer()) };
};
