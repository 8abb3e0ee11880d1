/** What the pages need from the world, and know no more of it. */
import type { PersonId, TenantId } from '../domain/ids.js';

/** Keyv, or anything that keeps values for some milliseconds. `delete` is true for exactly one of those who ask at once. */
export interface Shelf {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<boolean>;
}

/** What one sign-in is asked with, and the page to which Microsoft answers. */
export type Question = { readonly state: string; readonly nonce: string; readonly verifier: string; readonly redirectUri: string };
export type Reply = Omit<Question, 'state'> & { readonly code: string };

/** Why a sign-in does not count. `code` may be shown: it holds nothing of the person, the code or a token. */
export type NotSignedIn = {
  readonly is: 'otherTenant' | 'guest' | 'noSecondFactor' | 'notAllowed' | 'tooOld' | 'untrusted' | 'refused';
  readonly code?: string;
};

/** A partner's own user at Microsoft. `finish` keeps the sign-in by itself once it has been tried; both reject when Microsoft cannot be reached. */
export type PartnerSignIn = {
  address(partner: TenantId, question: Question): string;
  finish(partner: TenantId, reply: Reply): Promise<{ readonly is: 'kept' } | NotSignedIn>;
};

/** Somebody who only shows who they are. Without `roles` the sign-in did not speak of roles. */
export type PersonSignIn = {
  address(tenant: TenantId, question: Question): string;
  finish(tenant: TenantId, reply: Reply): Promise<NotSignedIn | {
    readonly is: 'shown';
    readonly who: { readonly tenant: TenantId; readonly person: PersonId; readonly name: string; readonly isGuest: boolean; readonly roles?: readonly string[] };
  }>;
};

/** Microsoft's page for administrators, and whether reading works in that tenant now. Rejects when that cannot be told. */
export type ConsentAtMicrosoft = {
  address(tenant: TenantId | undefined, question: Pick<Question, 'state' | 'redirectUri'>): string;
  isGiven(tenant: TenantId): Promise<boolean>;
};

/** What is not on the log's list of fields is dropped there. */
export type PageLog = Readonly<Record<'info' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>>;

/** What all pages stand on. */
export type Ground = {
  readonly keyv: Shelf;
  /** Base of the addresses under which people and Microsoft reach this server, without a slash at the end. */
  readonly publicUrl: string;
  readonly machineNow: () => Date;
  readonly log: PageLog;
  /** How long a form may take to arrive; 10 s when left out. */
  readonly formPatienceMs?: number;
};
