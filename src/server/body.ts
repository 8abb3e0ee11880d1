import type { IncomingMessage } from 'node:http';
import { TurnedAwayError } from './turned-away.js';

export const bodyLimitBytes = 256 * 1024;

/** Asked before anything is read: JSON in UTF-8, not compressed, not too long. */
export const checkEnvelope = ({ headers }: IncomingMessage): void => {
  if (headers['content-encoding'] !== undefined) throw new TurnedAwayError(415);
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '')) throw new TurnedAwayError(415);
  if (Number(headers['content-length'] ?? 0) > bodyLimitBytes) throw new TurnedAwayError(413);
};

/** Reads no further than the limit, whatever the sender announced, and waits no longer than `patienceMs`. */
export const readBody = (req: IncomingMessage, patienceMs: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (how: () => void) => (): void => {
      clearTimeout(patience);
      req.off('data', keep);
      req.off('close', cut);
      how();
    };
    const turnAway = (status: number): (() => void) => settle(() => reject(new TurnedAwayError(status)));
    const cut = turnAway(400);
    const keep = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > bodyLimitBytes) turnAway(413)();
      else chunks.push(chunk);
    };
    const patience = setTimeout(turnAway(400), patienceMs);
    req.on('data', keep).once('end', settle(() => resolve(Buffer.concat(chunks)))).once('close', cut);
  });

/** JSON can spell what UTF-8 and PostgreSQL cannot keep: half of a character, and the character of nothing. */
export const isKeepable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text);
