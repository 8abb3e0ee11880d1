import assert from 'node:assert/strict';
import { createLog } from '../src/log.js';

const listen = (form: 'json' | 'plain', level: 'debug' | 'info' | 'warn' | 'error' = 'debug') => {
  const lines: string[] = [];
  return { lines, log: createLog({ level, form, to: { write: (line) => void lines.push(line) } }) };
};
const read = (line: string | undefined) => JSON.parse(line ?? '{}') as Record<string, unknown>;

describe('the log', () => {
  it('writes fields that are on its list and drops all others', () => {
    const { log, lines } = listen('json');

    log.info({ topic: 'send', attempt: 2, name: 'Elif Kaya', mail: 'elif@fabrikam.com', token: 'eyJ', body: { text: 'x' }, headers: {}, authorization: 'Bearer x' }, 'An errand is done.');

    const { level, time, msg, ...fields } = read(lines[0]);
    assert.deepEqual(fields, { topic: 'send', attempt: 2 });
    assert.equal(msg, 'An errand is done.');
    assert.ok(level !== undefined && time !== undefined);
  });

  it('says of each line which turn or errand it belongs to, and lets a line say otherwise', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', form: 'json', to: { write: (line) => void lines.push(line) }, under: () => ({ correlationId: 'of-the-turn', traceId: undefined, name: 'Elif' }) });

    log.info({ topic: 'send' }, 'x');
    log.info({ correlationId: 'of-the-call' }, 'x');

    assert.deepEqual(lines.map((line) => read(line)['correlationId']), ['of-the-turn', 'of-the-call']);
    assert.ok(!lines.join('').includes('Elif') && !lines.join('').includes('traceId'));
  });

  it('drops what is too long or no plain value, even under a good name', () => {
    const { log, lines } = listen('json');

    log.info({ reason: 'x'.repeat(500), status: { deep: 'Elif' }, rules: ['MP-06'] }, 'x');

    assert.deepEqual(read(lines[0]).rules, ['MP-06']);
    assert.doesNotMatch(lines[0] ?? '', /xxx|Elif/);
  });

  it('writes ids as digests that agree within one process and not beyond', () => {
    const tenant = 'c0000000-0000-0000-0000-000000000001';
    const [here, there] = [listen('json'), listen('json')];

    here.log.info({ tenant }, 'x');
    here.log.info({ tenant, person: tenant }, 'x');
    there.log.info({ tenant }, 'x');

    const [first, second, elsewhere] = [here.lines[0], here.lines[1], there.lines[0]].map((line) => read(line).tenant);
    assert.match(String(first), /^[0-9a-f]{12}$/);
    assert.equal(first, second);
    assert.notEqual(first, elsewhere);
    assert.ok(!here.lines.join('').includes(tenant));
  });

  it('writes of an error its kind and its place, never its message', () => {
    const { log, lines } = listen('json');
    const cause = Object.assign(new RangeError('elif@fabrikam.com'), { code: 'ECONNRESET' });

    log.error({ error: new TypeError('Elif said\n    at home (secret.ts:1:1)', { cause }) }, 'x');
    log.error({ error: 'Elif' }, 'x');

    const { error } = read(lines[0]) as { error: { kind: string; at: string[]; cause: { kind: string; code: string } } };
    assert.deepEqual([error.kind, error.cause.kind, error.cause.code], ['TypeError', 'RangeError', 'ECONNRESET']);
    assert.match(error.at.join(), /log\.spec\.ts/);
    assert.doesNotMatch(lines.join(''), /Elif|fabrikam|at home/);
  });

  it('keeps to its level, but always announces the start', () => {
    const { log, lines } = listen('json', 'error');

    log.info({}, 'no');
    log.warn({}, 'no');
    log.announce({ url: 'http://127.0.0.1:3978' }, 'Listening on');

    assert.deepEqual(lines.map((line) => read(line).msg), ['Listening on']);
  });

  it('in its plain form is a few lines for one person', () => {
    const { log, lines } = listen('plain');

    log.debug({}, 'no');
    log.info({ topic: 'send' }, 'no');
    log.announce({ url: 'http://127.0.0.1:3978' }, 'Open');
    log.warn({ part: 'ledger', error: new TypeError('Elif') }, 'The ledger is slow.');

    assert.deepEqual(lines, ['Open http://127.0.0.1:3978\n', 'The ledger is slow. part=ledger TypeError\n']);
  });
});
