import type { Language } from '../../commands/ports.js';

/** Dates and times as people of one language read them, in their own time zone. Numbers and dates never take a suffix. */
export type Dates = {
  /** 22 Nov 2026 / 22 Kasım 2026 */
  readonly day: (instant: string) => string;
  /** 22 Nov 2026, 10:42 / 22 Kasım 2026 10:42 */
  readonly moment: (instant: string) => string;
};

const isZone = (zone: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
};

const kept = new Map<string, Dates>();

export const datesFor = (language: Language, zone = 'UTC'): Dates => {
  const key = `${language}/${zone}`;
  const known = kept.get(key);
  if (known) return known;
  const timeZone = isZone(zone) ? zone : 'UTC';
  const locale = language === 'tr' ? 'tr-TR' : 'en-GB';
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: language === 'tr' ? 'long' : 'short', year: 'numeric', timeZone });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const suffix = timeZone === 'UTC' ? ' UTC' : '';
  const dates: Dates = {
    day: (instant) => day.format(new Date(instant)),
    moment: (instant) => `${day.format(new Date(instant))}${language === 'tr' ? ' ' : ', '}${time.format(new Date(instant))}${suffix}`,
  };
  // A handful of zones in practice; a stranger's made-up zones must not grow it without end.
  if (kept.size < 200) kept.set(key, dates);
  return dates;
};
