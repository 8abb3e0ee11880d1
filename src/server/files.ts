import type restify from 'restify';
import { refuse } from './answers.js';

export type ServedFile = { readonly name: string; readonly type: string; readonly text: string };

/** Files that were handed out to one person for a few minutes; whoever has the address has the file. */
export type Files = {
  /** @param key the unguessable part of the address. `undefined`: there never was such a file, or its time is over. */
  readonly fileBehind?: (key: string) => Promise<ServedFile | undefined>;
};

export const addFiles = (server: restify.Server, { fileBehind }: Files): void => {
  if (!fileBehind) return;
  server.get('/files/:key', async (req: restify.Request, res: restify.Response) => {
    const key = String((req.params as Record<string, string>)['key'] ?? '');
    const file = /^[\w-]{43}$/.test(key) ? await fileBehind(key) : undefined;
    if (!file) return refuse(req, res, 404);
    // The name is ours: letters, digits and dashes of a reference.
    res.sendRaw(200, file.text, {
      'content-type': file.type, 'content-length': String(Buffer.byteLength(file.text)), 'content-disposition': `attachment; filename="${file.name}"`,
    });
  });
};
