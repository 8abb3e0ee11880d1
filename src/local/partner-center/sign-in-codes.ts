import { randomBytes } from 'node:crypto';
import type { SignIn } from './sign-in-store.js';

/** What a code stands for. `challenge` is the S256 challenge it was asked with. */
export type CodeFor = SignIn & { readonly redirectUri: string; readonly challenge?: string; readonly nonce?: string };
export type KeptCode = CodeFor & { readonly until: number; isRedeemed: boolean };

const minutes = 10;
const most = 1_000;

/** Authorization codes: ten minutes of machine time, and once only. */
export const createCodes = (machineNow: () => Date) => {
  const kept = new Map<string, KeptCode>();
  return {
    give: (about: CodeFor): string => {
      const code = `1.${randomBytes(32).toString('base64url')}`;
      const [oldest] = kept.keys();
      if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
      kept.set(code, { ...about, until: machineNow().getTime() + minutes * 60_000, isRedeemed: false });
      return code;
    },
    find: (code: string): KeptCode | undefined => kept.get(code),
    reset: (): void => kept.clear(),
  };
};

export type Codes = ReturnType<typeof createCodes>;
