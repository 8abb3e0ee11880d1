import type { IncomingMessage } from 'node:http';
import type { Request } from 'restify';

/** A JSON (or form) body of at most `longest` bytes; anything longer ends the connection. @throws when it is too long or no text. */
export const readBody = async (req: IncomingMessage, longest = 64 * 1024): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longest) {
      req.destroy();
      throw new Error('The body is too long.');
    }
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
};

/** `undefined` for a body that is empty or no JSON. */
export const readJson = async (req: IncomingMessage, longest?: number): Promise<unknown> => {
  try {
    return JSON.parse(await readBody(req, longest));
  } catch {
    return undefined;
  }
};

/** A part of the path, as the route names it. */
export const paramOf = (req: Request, name: string): string => String((req.params as Readonly<Record<string, unknown>>)[name]);
