import type { Server } from 'restify';
import { z } from 'zod';
import type { Language } from '../commands/ports.js';
import { asTenantId, isGuid, type PersonId, type TenantId } from '../domain/ids.js';
import { createDoors, refusalIn, type Answered, type Asked, type Cookie } from './http.js';
import { createKept, createMinute, digestOf, randomText } from './kept.js';
import { tooManyDrawing } from './plain-page.js';
import type { Ground, PersonSignIn } from './ports.js';
import { askDrawing, outcomes, tooOldDrawing, toldDrawing, type Outcome } from './role-page.js';

export type RoleSignInOptions = Ground & { readonly signIn: PersonSignIn };

/** What somebody's own sign-in showed within the last ten minutes; `roles` are template ids. */
export type ShownRoles = { readonly roles: readonly string[]; readonly isGuest: boolean; readonly name: string };

export type RoleSignIns = {
  /** The address of a sign-in for whoever of that tenant opens it; it does not age, so it may stand on a card. */
  linkFor(tenant: TenantId, language?: Language): string;
  /** `undefined`: nothing was shown, or the sign-in did not speak of roles. */
  rolesOf(tenant: TenantId, person: PersonId): Promise<ShownRoles | undefined>;
  mount(server: Server): void;
};

const minutes = 10;
const mostStartsAMinute = 120;

const tenant = z.string().refine(isGuid).transform(asTenantId);
const language = z.enum(['en', 'tr']);
const stepShape = z.object({ browser: z.string(), tenant, nonce: z.string(), verifier: z.string(), language });
const saidShape = z.object({ is: z.enum(outcomes), code: z.string().optional(), name: z.string().optional(), tenant, language });
const rolesShape = z.object({ roles: z.array(z.string()), isGuest: z.boolean(), name: z.string() });

/** Where the directory may not be read, a person's own sign-in shows the role. Whose role it is says Microsoft's signature, not the address. */
export const createRoleSignIns = ({ signIn, ...ground }: RoleSignInOptions): RoleSignIns => {
  const { keyv: shelf, machineNow, publicUrl, log } = ground;
  const steps = createKept({ shelf, kind: 'role-sign-in', minutes, shape: stepShape, machineNow });
  const outcomesSaid = createKept({ shelf, kind: 'role-said', minutes, shape: saidShape, machineNow });
  const shown = createKept({ shelf, kind: 'role', minutes, shape: rolesShape, machineNow });
  const starts = createMinute(mostStartsAMinute, machineNow);

  const redirectUri = `${publicUrl}/signed-in`;
  const linkFor = (of: TenantId, in_?: Language): string => `${publicUrl}/sign-in?tenant=${of}${in_ ? `&lang=${in_}` : ''}`;
  const cookieOf = (value: string): Cookie => ({ name: 'asked', value, path: '/', seconds: minutes * 60 });
  const tooOld = ({ language: in_ }: Asked): Answered => ({ status: 400, drawing: tooOldDrawing(in_) });

  const finish = async (step: z.output<typeof stepShape>, query: URLSearchParams): Promise<Outcome> => {
    const { nonce, verifier } = step;
    const refusal = refusalIn(query);
    if (refusal) return refusal.isCancelled ? { is: 'cancelled' } : { is: 'refused', code: refusal.code };
    try {
      const found = await signIn.finish(step.tenant, { code: query.get('code') ?? '', nonce, verifier, redirectUri });
      if (found.is !== 'shown') return found;
      const { who } = found;
      if (who.tenant !== step.tenant) return { is: 'otherTenant' };
      // A sign-in that does not speak of roles is no "has none".
      if (!who.roles) return { is: 'unknown' };
      await shown.putUnder(`${who.tenant} ${who.person}`, { roles: [...who.roles], isGuest: who.isGuest, name: who.name });
      return { is: who.isGuest ? 'isGuest' : 'shown', name: who.name };
    } catch (error) {
      log.error({ error, tenant: step.tenant, part: 'sign-in' }, 'Microsoft gave no usable answer to a sign-in.');
      return { is: 'unreachable' };
    }
  };

  const mount = (server: Server): void => {
    const doors = createDoors(server, ground);

    doors.get('/sign-in', async (asked) => {
      const wanted = asked.query.get('tenant');
      if (!isGuid(wanted)) return tooOld(asked);
      const of = asTenantId(wanted);
      const other = linkFor(of, asked.language === 'en' ? 'tr' : 'en');
      return { status: 200, formsTo: 'microsoft', drawing: askDrawing(asked.language, { publicUrl, tenant: of, other }) };
    });

    doors.post('/sign-in/go', async (asked) => {
      if (starts.isFull()) return { status: 429, drawing: tooManyDrawing(asked.language), retryAfterSeconds: 60 };
      starts.count();
      const wanted = asked.form.get('tenant');
      if (!isGuid(wanted)) return tooOld(asked);
      const of = asTenantId(wanted);
      const browser = asked.cookie('asked') ?? randomText();
      const [nonce, verifier] = [randomText(), randomText()];
      const state = await steps.put({ browser: digestOf(browser), tenant: of, nonce, verifier, language: asked.language });
      return { status: 303, goTo: signIn.address(of, { state, nonce, verifier, redirectUri }), cookie: cookieOf(browser) };
    });

    doors.get('/signed-in', async (asked) => {
      const [browser, state] = [asked.cookie('asked'), asked.query.get('state')];
      const begun = await steps.see(state);
      if (browser === undefined || begun?.browser !== digestOf(browser)) return tooOld(asked);
      const step = await steps.take(state);
      if (!step) return tooOld(asked);
      const outcome = await finish(step, asked.query);
      log.info({ outcome: outcome.is, serviceCode: outcome.code, tenant: step.tenant, part: 'sign-in' }, 'Somebody signed in to show a role, or tried to.');
      await outcomesSaid.putUnder(browser, { ...outcome, tenant: step.tenant, language: step.language });
      return { status: 303, goTo: `${publicUrl}/signed-in/result?lang=${step.language}` };
    });

    doors.get('/signed-in/result', async (asked) => {
      const outcome = await outcomesSaid.see(asked.cookie('asked'));
      if (!outcome) return tooOld(asked);
      return { status: 200, drawing: toldDrawing(asked.language, outcome, linkFor(outcome.tenant, asked.language)) };
    });
  };

  return {
    mount,
    linkFor,
    rolesOf: (of, whom) => shown.see(`${of} ${whom}`),
  };
};
