import { setTimeout as wait } from 'node:timers/promises';
import type { Server } from 'restify';
import { z } from 'zod';
import type { Language } from '../commands/ports.js';
import { asTenantId, isGuid, type TenantId } from '../domain/ids.js';
import { consentDrawing, resultDrawing, type Operator } from './consent-page.js';
import { createDoors, refusalIn, type Answered, type Asked, type Cookie } from './http.js';
import { createKept, createMinute, digestOf, randomText } from './kept.js';
import { tooManyDrawing } from './plain-page.js';
import type { ConsentAtMicrosoft, Ground } from './ports.js';

export type ConsentPageOptions = Ground & {
  /** Left out: a trial on one machine, in nobody's name. */
  readonly operator?: Operator | undefined;
  /** Client id of the app that reads directories, so that an administrator can compare it with Microsoft's page. */
  readonly appId: string;
  readonly consent: ConsentAtMicrosoft;
  /** How long a look takes at least, so that its duration tells nothing; 1000 ms when left out. */
  readonly lookMs?: number;
};

const minutes = 10;
const mostStartsAMinute = 120;

const stepShape = z.object({ browser: z.string(), tenant: z.string().refine(isGuid).transform(asTenantId).optional(), wasOpen: z.boolean().optional() });

/**
 * `/consent`: tells a customer's administrator who reads what, and why, before Microsoft asks. What the answer in the address says
 * is not believed. It says "yes" only when reading did not work before and works now, so that nobody can ask here which companies
 * are customers.
 */
export const mountConsentPage = (server: Server, { operator, appId, consent, lookMs = 1_000, ...ground }: ConsentPageOptions): void => {
  const { keyv: shelf, machineNow, publicUrl, log } = ground;
  const doors = createDoors(server, ground);
  const steps = createKept({ shelf, kind: 'consent', minutes, shape: stepShape, machineNow });
  const [starts, looks] = [createMinute(mostStartsAMinute, machineNow), createMinute(mostStartsAMinute, machineNow)];

  const redirectUri = `${publicUrl}/consent/done`;
  const address = (language: Language, tenant?: TenantId): string => `${publicUrl}/consent?${tenant ? `tenant=${tenant}&` : ''}lang=${language}`;
  const cookieOf = (value: string): Cookie => ({ name: 'asked', value, path: '/', seconds: minutes * 60 });
  const result = (status: number, { language }: Asked, is: Parameters<typeof resultDrawing>[1], more: Parameters<typeof resultDrawing>[2] = {}): Answered =>
    ({ status, drawing: resultDrawing(language, is, more) });

  /** `undefined`: nobody can tell now. */
  const isOpen = async (tenant: TenantId): Promise<boolean | undefined> =>
    consent.isGiven(tenant).catch((error: unknown) => {
      log.error({ error, part: 'consent' }, 'Whether a directory can be read could not be told.');
      return undefined;
    });

  const lookBefore = async (tenant: TenantId, keep: (wasOpen: boolean) => Promise<void>): Promise<void> => {
    const wasOpen = await isOpen(tenant);
    if (wasOpen === undefined) return;
    await keep(wasOpen).catch((error: unknown) => log.error({ error, part: 'consent' }, 'A look before a consent was lost.'));
  };

  doors.get('/consent', async ({ language, query }) => {
    const tenant = tenantIn(query);
    return { status: 200, formsTo: 'microsoft', drawing: consentDrawing(language, { publicUrl, operator, appId, tenant, other: address(language === 'en' ? 'tr' : 'en', tenant) }) };
  });

  doors.post('/consent/go', async ({ language, form, cookie }) => {
    if (starts.isFull()) return { status: 429, drawing: tooManyDrawing(language), retryAfterSeconds: 60 };
    starts.count();
    const tenant = tenantIn(form);
    const browser = cookie('asked') ?? randomText();
    const step = { browser: digestOf(browser), ...(tenant && { tenant }) };
    const state = await steps.put(step);
    // Nobody waits for it: how long it takes would tell how it was.
    if (tenant) void lookBefore(tenant, (wasOpen) => steps.putUnder(state, { ...step, wasOpen }));
    return { status: 303, goTo: consent.address(tenant, { state: `${state}.${language}`, redirectUri }), cookie: cookieOf(browser) };
  });

  doors.get('/consent/done', async (asked) => {
    const { query, cookie } = asked;
    const [state, carried] = (query.get('state') ?? '').split('.');
    const here: Asked = carried === 'en' || carried === 'tr' ? { ...asked, language: carried } : asked;
    const step = await steps.see(state);
    const browser = cookie('asked');
    if (!step || browser === undefined || step.browser !== digestOf(browser)) return result(400, here, 'tooOld', { again: address(here.language) });
    const refusal = refusalIn(query);
    const again = address(here.language, step.tenant);
    if (refusal) return result(200, here, 'declined', { code: refusal.code, again });
    const tenant = tenantIn(query);
    if (step.tenant && tenant && tenant !== step.tenant) return result(200, here, 'otherTenant', { again });
    if (looks.isFull()) return { status: 429, drawing: tooManyDrawing(here.language), retryAfterSeconds: 60 };
    looks.count();
    const [isOpenNow] = await Promise.all([step.tenant && isOpen(step.tenant), wait(lookMs)]);
    if (isOpenNow === true && step.wasOpen === false) return result(200, here, 'given');
    return result(200, here, 'moment', { look: `${publicUrl}/consent/done?state=${state}.${here.language}` });
  });
};

const tenantIn = (given: URLSearchParams): TenantId | undefined => {
  const text = given.get('tenant');
  return isGuid(text) ? asTenantId(text) : undefined;
};
