import type { Request, Response, Server } from 'restify';

const beatMs = 1000;

/**
 * Keeps the page told whose chat has changed (`""`: everybody's). The line ends by itself within a second when the
 * server stops taking new ones, so that it never holds up a stop; the browser comes back on its own.
 */
export const tellOfChanges = (server: Server, onChange: (listener: (person: string) => void) => () => void, req: Request, res: Response, headers: Readonly<Record<string, string>>): void => {
  res.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
  res.write('retry: 500\n\n');
  const stopListening = onChange((person) => res.write(`data: ${JSON.stringify({ person })}\n\n`));
  const beat = setInterval(() => (server.server.listening ? res.write(':\n\n') : res.end()), beatMs);
  req.once('close', () => {
    stopListening();
    clearInterval(beat);
  });
};
