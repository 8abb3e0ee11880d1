import { createHmac, randomBytes } from 'node:crypto';
import { type DestinationStream, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Messages are fixed sentences; what varies goes into fields, and only fields on the list below are written. */
export type Log = Readonly<Record<LogLevel, LogLine>> & {
  /** For the person at the keyboard: the address after the start. Written at every level and in both forms. */
  readonly announce: LogLine;
};

/** Short plain values that name no person, no company and no secret. */
const plainFields = new Set([
  'reference', 'invitationReference', 'rule', 'rules', 'event', 'type', 'verb', 'topic', 'lane', 'attempt', 'outcome', 'reason', 'operation',
  'status', 'serviceCode', 'correlationId', 'traceId', 'retryAfterSeconds', 'durationMs', 'count', 'waiting', 'dead', 'oldestDueSeconds',
  'part', 'mode', 'signal', 'version', 'url', 'host', 'port',
]);
/** Written as a digest that is the same all through one process and means nothing outside it. */
const hashedFields = new Set(['tenant', 'partner', 'customer', 'person', 'invitation', 'conversation', 'errand']);

const longest = 200;

/**
 * @param under what every line of JSON belongs to, such as the errand and the trace; a line's own word goes before it
 * @param form `json` for machines, one line each; `plain` for one person at a terminal, who sees announcements and what is wrong
 */
export const createLog = ({ level, form, to = process.stdout, under = () => ({}) }: { level: LogLevel; form: 'json' | 'plain'; to?: DestinationStream; under?: () => Readonly<Record<string, unknown>> }): Log => {
  const key = randomBytes(32);
  const digest = (id: unknown): string => createHmac('sha256', key).update(String(id)).digest('hex').slice(0, 12);

  const allowed = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
      if (name === 'error') return [[name, outlineOf(value)]];
      if (value === undefined || value === null) return [];
      if (hashedFields.has(name)) return [[name, digest(value)]];
      return plainFields.has(name) && isShort(value) ? [[name, value]] : [];
    }));

  const json = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, to);
  const write = (at: LogLevel): LogLine => form === 'json'
    ? (fields, message) => { if (json.isLevelEnabled(at)) json[at](allowed({ ...under(), ...fields }), message); }
    : (fields, message) => (at === 'warn' || at === 'error') && to.write(plain(message, allowed(fields)));
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    announce: (fields, message) => form === 'plain'
      ? to.write(plain(message, allowed(fields)))
      : json.child({}, { level: 'info' }).info(allowed(fields), message),
  };
};

const isShort = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= longest) ||
  (Array.isArray(value) && value.length <= 20 && value.every((one) => typeof one === 'string' && one.length <= longest));

/** Where it happened and of what kind; never the message, which may quote anything. */
const outlineOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { code } = error as { readonly code?: unknown };
  const frames = (error.stack ?? '').replace(error.message, '').split('\n').filter((line) => /^ +at .+:\d+:\d+\)?$/.test(line));
  const at = frames.slice(0, 6).map((line) => line.trim().slice(0, longest));
  const shortCode = typeof code === 'string' && isShort(code) ? { code } : {};
  return { kind: error.name, ...shortCode, ...(error.cause !== undefined && { cause: outlineOf(error.cause) }), at };
};

const plain = (message: string, fields: Record<string, unknown>): string => {
  const { error, ...rest } = fields;
  const kinds = error === undefined ? [] : [String((error as { kind: unknown }).kind)];
  const details = [...Object.entries(rest).map(([name, value]) => name === 'url' ? String(value) : `${name}=${String(value)}`), ...kinds];
  return `${[message, ...details].join(' ')}\n`;
};
