import { createHash, randomBytes, type JsonWebKey } from 'node:crypto';
import Database from 'libsql';
import type { PersonId, TenantId } from '../../domain/ids.js';
import type { Registration } from './credentials.js';

/** What a sign-in gave. A refresh token minted for a tenant without people has no `person`. */
export type SignIn = {
  readonly app: Registration['is'];
  readonly tenant: TenantId;
  readonly person?: PersonId;
  /** Whether a second factor was used. */
  readonly mfa: boolean;
  /** As it was asked for, words with blanks between them. */
  readonly scope: string;
};
/** `issued` in business time, ISO 8601. */
export type KeptSignIn = SignIn & { readonly issued: string };

export type Certificate = { readonly clientId: string; readonly pem: string };
export type Federated = { readonly clientId: string; readonly issuer: string; readonly subject: string; readonly key: JsonWebKey };
type Things = { refreshToken: KeptSignIn; certificate: Certificate; federated: Federated };

const mostRefreshTokens = 10_000;
const hashed = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** What the login service remembers over a restart, in the sandbox's own file: refresh tokens by their hash, and how apps prove themselves. */
export const openSignInStore = (file: string) => {
  const db = new Database(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  db.exec('CREATE TABLE IF NOT EXISTS sign_in (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))');
  const write = db.prepare('INSERT INTO sign_in (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body');
  const read = db.prepare('SELECT body FROM sign_in WHERE kind = ? AND id = ?');
  const list = db.prepare('SELECT body FROM sign_in WHERE kind = ?');
  const forgetOld = db.prepare("DELETE FROM sign_in WHERE kind = 'refreshToken' AND rowid <= ? - ?");

  const put = <Kind extends keyof Things>(kind: Kind, id: string, thing: Things[Kind]) => write.run(kind, id, JSON.stringify(thing));
  const all = <Kind extends keyof Things>(kind: Kind): readonly Things[Kind][] => (list.all(kind) as { body: string }[]).map(({ body }) => JSON.parse(body) as Things[Kind]);

  return {
    /** A new refresh token for what `signIn` says. */
    keep: (signIn: KeptSignIn): string => {
      const token = `1.${randomBytes(48).toString('base64url')}`;
      const { lastInsertRowid } = put('refreshToken', hashed(token), signIn);
      forgetOld.run(Number(lastInsertRowid), mostRefreshTokens);
      return token;
    },
    find: (token: string): KeptSignIn | undefined => {
      const row = read.get('refreshToken', hashed(token)) as { body: string } | undefined;
      return row && (JSON.parse(row.body) as KeptSignIn);
    },
    addCertificate: (certificate: Certificate, thumbprint: string): void => void put('certificate', `${certificate.clientId} ${thumbprint}`, certificate),
    certificates: (clientId: string): readonly Certificate[] => all('certificate').filter((one) => one.clientId === clientId),
    addFederated: (federated: Federated): void => void put('federated', `${federated.clientId} ${federated.issuer} ${federated.subject}`, federated),
    federated: (clientId: string): readonly Federated[] => all('federated').filter((one) => one.clientId === clientId),
    reset: (): void => void db.exec('DELETE FROM sign_in'),
    close: (): void => void db.close(),
  };
};

export type SignInStore = ReturnType<typeof openSignInStore>;
