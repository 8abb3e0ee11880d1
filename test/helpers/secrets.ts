/** What opens something somewhere in these tests, and so must never be readable in a log or a database. */
export const fixtureSecrets: Readonly<Record<string, string>> = {
  'the bot’s client secret': 'story-secret',
  'the partner app’s client secret': 'sandbox-only-partner-secret',
  'the directory app’s client secret': 'sandbox-only-directory-secret',
  'a refresh token': 'sandbox-only-refresh-token',
  'a refresh token of the ledger’s own tests': 'M.R3_refresh-token',
  'a bearer token': 'Bearer ey',
  'a private key': '-----BEGIN PRIVATE KEY-----',
};

/** As it looks inside longer text in base64, wherever in it the secret begins: only what does not depend on its neighbours. */
const inBase64 = (secret: string, alphabet: 'base64' | 'base64url'): readonly string[] => [0, 1, 2].map((before) => {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  return bytes.toString(alphabet).slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3));
});

/** Names of the secrets that can be read in a text, also in base64, in hexadecimal and as part of an address. */
export const secretsIn = (text: string, more: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.entries({ ...fixtureSecrets, ...more }).filter(([, secret]) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...inBase64(secret, 'base64'), ...inBase64(secret, 'base64url')].some((form) => text.includes(form))).map(([name]) => name);
