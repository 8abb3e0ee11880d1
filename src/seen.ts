import type { Errands, Ledger, SignIns } from './commands/ports.js';
import type { Figures } from './server/metrics.js';

export type Shown = {
  readonly ledger: Pick<Ledger, 'isReachable'>;
  readonly errands: Pick<Errands, 'depth'>;
  readonly signIns: Pick<SignIns, 'all'>;
  readonly appTokenAgeSeconds: () => number | undefined;
  readonly signingKeysAgeSeconds: () => number | undefined;
  readonly machineNow: () => Date;
  /** What the ledger's errands are due by. */
  readonly steadyNow: () => Date;
};

const known = <Found>(asked: Promise<Found>): Promise<Found | undefined> => asked.catch(() => undefined);

/** How the house stands, for whoever reads `/metrics`; what cannot be read at the moment is left out. */
export const figuresOf = ({ ledger, errands, signIns, appTokenAgeSeconds, signingKeysAgeSeconds, machineNow, steadyNow }: Shown) => async (): Promise<Figures> => {
  const [isUp, depth, kept] = await Promise.all([known(ledger.isReachable()), known(errands.depth(steadyNow())), known(signIns.all())]);
  const renewed = kept?.map(({ renewedAt }) => Date.parse(renewedAt)) ?? [];
  const { user, system } = process.cpuUsage();
  return {
    bot_ledger_up: isUp ? 1 : 0,
    bot_errands_waiting: depth?.waiting,
    bot_errands_due: depth?.due,
    bot_errands_oldest_due_seconds: depth?.oldestDueSeconds,
    bot_errands_dead: depth?.dead,
    bot_partner_sign_in_oldest_seconds: renewed.length === 0 ? undefined : (machineNow().getTime() - Math.min(...renewed)) / 1000,
    bot_app_token_age_seconds: appTokenAgeSeconds(),
    bot_signing_keys_age_seconds: signingKeysAgeSeconds(),
    process_start_time_seconds: (machineNow().getTime() / 1000) - process.uptime(),
    process_cpu_seconds_total: (user + system) / 1e6,
    process_resident_memory_bytes: process.memoryUsage.rss(),
  };
};
