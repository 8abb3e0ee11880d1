import type { TenantId } from '../../domain/ids.js';

/** `at` in machine time, ISO 8601; `partner` is the tenant of the token, if there was a good one. */
export type Call = { readonly at: string; readonly method: string; readonly path: string; readonly partner?: TenantId };
type Service = 'partnerCenter' | 'graph' | 'login' | 'other';
/** What one tenant asked of one service in one minute. */
export type Load = { readonly minute: string; readonly partner: TenantId | null; readonly service: Service; calls: number; throttled: number };

const mostCallsKept = 10_000;
const mostLoadsKept = 100_000;

const serviceOf = (path: string): Service => (path.startsWith('/partner-center/') ? 'partnerCenter' : path.startsWith('/graph/') ? 'graph' : path.startsWith('/login/') ? 'login' : 'other');

/** What was asked of the sandbox: the last calls one by one, and all of them counted by the minute. */
export const createTraffic = (machineNow: () => Date) => {
  let calls: Call[] = [];
  let loads = new Map<string, Load>();
  return {
    calls: (): readonly Call[] => calls.slice(-mostCallsKept),
    loads: (): readonly Load[] => [...loads.values()],
    add: (method: string, path: string, partner: TenantId | undefined, isThrottled: boolean): void => {
      const at = machineNow().toISOString();
      // Not one by one: moving thousands for each call would be felt.
      if (calls.push({ at, method, path, ...(partner !== undefined && { partner }) }) > 2 * mostCallsKept) calls = calls.slice(-mostCallsKept);
      const [minute, service] = [`${at.slice(0, 16)}:00.000Z`, serviceOf(path)];
      const key = `${minute} ${partner ?? ''} ${service}`;
      const load = loads.get(key) ?? { minute, partner: partner ?? null, service, calls: 0, throttled: 0 };
      load.calls += 1;
      if (isThrottled) load.throttled += 1;
      loads.set(key, load);
      if (loads.size > mostLoadsKept) loads = new Map([...loads].slice(mostLoadsKept / 2));
    },
    reset: (): void => {
      calls = [];
      loads = new Map();
    },
  };
};

export type Traffic = ReturnType<typeof createTraffic>;
