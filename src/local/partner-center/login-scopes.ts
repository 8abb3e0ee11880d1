/** `openId` is what `openid` and `profile` alone give: who signed in, and nothing to read with. */
export type Resource = 'partnerCenter' | 'graph' | 'openId';

/** What is asked for in one resource; `address` as the caller wrote it. */
export type Wanted = { readonly resource: Resource | undefined; readonly address: string; readonly permissions: readonly string[] };

export type Scope = {
  readonly text: string;
  readonly wantsIdToken: boolean;
  readonly wantsRefreshToken: boolean;
  /** Without those that only say who somebody is. */
  readonly wanted: readonly Wanted[];
};

const aboutMe = ['openid', 'profile', 'email', 'offline_access', 'user.read'];

// By path, so that it does not matter under which host name the sandbox is reached.
export const resourceIn = (address: string): Resource | undefined => {
  if (!URL.canParse(address)) return undefined;
  const path = new URL(address).pathname.replace(/\/$/, '');
  return path === '/partner-center' ? 'partnerCenter' : path === '/graph' ? 'graph' : undefined;
};

/** `{resource}/{permission}`, or a permission of Graph by its bare name. */
export const partsOf = (word: string): { readonly address: string; readonly permission: string } => {
  const [, address = '', permission = word] = /^(https?:.*)\/([^/]+)$/.exec(word) ?? [];
  return { address: address.replace(/\/$/, ''), permission };
};

export const readScope = (text: string): Scope => {
  const words = text.split(' ').filter((word) => word !== '');
  const has = (name: string): boolean => words.some((word) => word.toLowerCase() === name);
  const wanted = new Map<string, Wanted>();
  for (const word of words) {
    const { address, permission } = partsOf(word);
    const resource = address === '' ? 'graph' : resourceIn(address);
    if (aboutMe.includes(permission.toLowerCase()) && resource === 'graph') continue;
    const name = resource ?? address;
    wanted.set(name, { resource, address, permissions: [...(wanted.get(name)?.permissions ?? []), permission] });
  }
  return { text: words.join(' '), wantsIdToken: has('openid'), wantsRefreshToken: has('offline_access'), wanted: [...wanted.values()] };
};
