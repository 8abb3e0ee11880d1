import { timingSafeEqual } from 'node:crypto';
import type { Server } from 'restify';
import { z } from 'zod';
import type { Language, SignIns } from '../commands/ports.js';
import { asTenantId, isGuid, type TenantId } from '../domain/ids.js';
import { createDoors, refusalIn, type Answered, type Asked, type Cookie } from './http.js';
import { createKept, createMinute, digestOf, randomText } from './kept.js';
import { enterDrawing, outcomes, partnersDrawing, type Outcome, type PartnerLine } from './partners-page.js';
import type { Ground, PartnerSignIn } from './ports.js';

export type PartnersPageOptions = Ground & {
  /** What the operator types; 16 characters or more. */
  readonly operatorToken: string;
  /** The partners of this deployment in the order in which they are shown. */
  readonly partners: () => Promise<readonly Partner[]>;
  readonly signIns: Pick<SignIns, 'all'>;
  readonly signIn: PartnerSignIn;
};
/** Without a name the tenant's id stands for it. */
export type Partner = { readonly tenant: TenantId; readonly name?: string | undefined; readonly access: 'user' | 'app' };

const sessionMinutes = 30;
const stepMinutes = 10;
const mostWrongTries = 10;

const language = z.enum(['en', 'tr']);
const tenant = z.string().refine(isGuid).transform(asTenantId);
const sessionShape = z.object({ csrf: z.string() });
/** `session` is a digest: whoever reads the store cannot enter with it. */
const stepShape = z.object({ session: z.string(), partner: tenant, nonce: z.string(), verifier: z.string(), language });
const saidShape = z.object({ is: z.enum(outcomes), partner: tenant, code: z.string().optional() });

/**
 * `/partners`: the operator sees how each partner's sign-in stands, and has an Admin agent sign in. The refresh token never comes
 * into this room, and Microsoft's answer leaves the address bar at once.
 */
export const mountPartnersPage = (server: Server, options: PartnersPageOptions): void => {
  const { keyv: shelf, machineNow, publicUrl, operatorToken, partners, signIns, signIn, log } = options;
  const doors = createDoors(server, options);
  const sessions = createKept({ shelf, kind: 'operator', minutes: sessionMinutes, shape: sessionShape, machineNow });
  const steps = createKept({ shelf, kind: 'partner-sign-in', minutes: stepMinutes, shape: stepShape, machineNow });
  const outcomesSaid = createKept({ shelf, kind: 'partner-said', minutes: stepMinutes, shape: saidShape, machineNow });
  const wrongTries = createMinute(mostWrongTries, machineNow);

  const redirectUri = `${publicUrl}/partners/signed-in`;
  const home = (in_: Language): string => `${publicUrl}/partners?lang=${in_}`;
  const cookieOf = (value: string, seconds = sessionMinutes * 60): Cookie => ({ name: 'operator', value, path: '/partners', seconds });
  const sessionOf = async ({ cookie }: Asked): Promise<{ readonly text: string; readonly csrf: string } | undefined> => {
    const text = cookie('operator');
    const session = await sessions.see(text);
    return text !== undefined && session ? { text, ...session } : undefined;
  };
  const door = (status: number, asked: Asked, why?: 'wrong' | 'tooManyTries' | 'noSession'): Answered =>
    ({ status, drawing: enterDrawing(asked.language, publicUrl, why), ...(why === 'tooManyTries' && { retryAfterSeconds: 60 }) });

  const linesNow = async (): Promise<readonly PartnerLine[]> => {
    const [known, all] = await Promise.all([partners(), signIns.all()]);
    return known.map(({ tenant: id, name, access }) => ({ tenant: id, name: name ?? id, access, signIn: all.find(({ partner }) => partner === id) }));
  };

  doors.get('/partners', async (asked) => {
    const session = await sessionOf(asked);
    if (!session) return door(200, asked);
    const outcome = await outcomesSaid.take(session.text);
    return { status: 200, formsTo: 'microsoft', drawing: partnersDrawing(asked.language, { publicUrl, lines: await linesNow(), csrf: session.csrf, now: machineNow(), outcome }) };
  });

  doors.post('/partners/enter', async (asked) => {
    // While it is full even the right token waits; otherwise guessing could go on.
    if (wrongTries.isFull()) return door(429, asked, 'tooManyTries');
    if (!isSame(asked.form.get('token') ?? '', operatorToken)) {
      wrongTries.count();
      log.info({ outcome: 'wrong', part: 'partners' }, 'Somebody tried to open the page for partners.');
      return door(401, asked, 'wrong');
    }
    return { status: 303, goTo: home(asked.language), cookie: cookieOf(await sessions.put({ csrf: randomText() })) };
  });

  const withForm = (answer: (asked: Asked, session: { readonly text: string }) => Promise<Answered>) => async (asked: Asked): Promise<Answered> => {
    const session = await sessionOf(asked);
    return session && isSame(asked.form.get('csrf') ?? '', session.csrf) ? answer(asked, session) : door(403, asked, 'noSession');
  };

  doors.post('/partners/leave', withForm(async (asked, { text }) => {
    await sessions.take(text);
    return { status: 303, goTo: home(asked.language), cookie: cookieOf('', 0) };
  }));

  doors.post('/partners/sign-in', withForm(async (asked, { text }) => {
    const wanted = asked.form.get('partner') ?? '';
    const partner = (await partners()).find((one) => one.tenant === wanted && one.access === 'user');
    if (!partner) return door(403, asked, 'noSession');
    const [nonce, verifier] = [randomText(), randomText()];
    const state = await steps.put({ session: digestOf(text), partner: partner.tenant, nonce, verifier, language: asked.language });
    return { status: 303, goTo: signIn.address(partner.tenant, { state, nonce, verifier, redirectUri }) };
  }));

  doors.get('/partners/signed-in', async (asked) => {
    const session = await sessionOf(asked);
    const state = asked.query.get('state');
    const begun = await steps.see(state);
    // Another session cannot use up this one's question.
    if (!session || begun?.session !== digestOf(session.text)) return door(400, asked, 'noSession');
    const step = await steps.take(state);
    if (!step) return door(400, asked, 'noSession');
    const outcome = await finish(step, asked.query);
    log.info({ outcome: outcome.is, serviceCode: outcome.code, partner: step.partner, part: 'partners' }, 'Somebody signed in for a partner, or tried to.');
    await outcomesSaid.putUnder(session.text, { ...outcome, partner: step.partner });
    return { status: 303, goTo: home(step.language) };
  });

  const finish = async ({ partner, nonce, verifier }: z.output<typeof stepShape>, query: URLSearchParams): Promise<Outcome> => {
    const refusal = refusalIn(query);
    if (refusal) return refusal.isCancelled ? { is: 'cancelled' } : { is: 'refused', code: refusal.code };
    try {
      return await signIn.finish(partner, { code: query.get('code') ?? '', nonce, verifier, redirectUri });
    } catch (error) {
      log.error({ error, partner, part: 'partners' }, 'Microsoft gave no usable answer to a sign-in.');
      return { is: 'unreachable' };
    }
  };
};

/** In the same time for every guess. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(Buffer.from(digestOf(given)), Buffer.from(digestOf(expected)));
