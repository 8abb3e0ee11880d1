import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export type HeardEvent = { readonly headers: IncomingHttpHeaders; readonly raw: Buffer; readonly body: { readonly EventName: string; readonly ResourceUri: string | null; readonly ResourceName: string; readonly AuditUri: string | null; readonly ResourceChangeUtcDate: string } };

/** Somebody who registered for events; answers with the statuses in `answers`, then with 200. */
export const openListener = async () => {
  const heard: HeardEvent[] = [];
  const answers: number[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const raw = Buffer.concat(parts);
      heard.push({ headers: req.headers, raw, body: JSON.parse(raw.toString()) as HeardEvent['body'] });
      res.statusCode = answers.shift() ?? 200;
      res.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    heard, answers,
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/events`,
    names: (): string[] => heard.map(({ body }) => body.EventName),
    /** Waits until so many events were heard, at most two seconds. */
    hears: async (count: number): Promise<HeardEvent[]> => {
      for (let left = 200; heard.length < count && left > 0; left -= 1) await wait(10);
      return heard;
    },
    close: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
};

export type Listener = Awaited<ReturnType<typeof openListener>>;
