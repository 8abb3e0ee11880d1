import assert from 'node:assert/strict';
import { AuthorityUnavailableError } from '../../src/commands/ports.js';
import type { MicrosoftOptions } from '../../src/microsoft/microsoft.js';
import { createTrace } from '../../src/microsoft/trace.js';
import { figure } from '../guarantees/figure.js';
import { CONTOSO, FABRIKAM, LITWARE } from '../local/partner-center/a-sandbox.js';
import { recorded, ScriptedMicrosoft, unavailable, type Line } from './a-client.js';

const aGuid = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const errand = 'endRelationship/00000000-0000-4000-8000-0000000000aa';

describe('what is asked of Microsoft for one errand', () => {
  const microsoft = new ScriptedMicrosoft();
  before(() => microsoft.open());
  after(() => microsoft.close());

  /** A process: its own client, its own trace. */
  const aProcess = (...lines: readonly Line[]) => {
    microsoft.says(...lines);
    const trace = createTrace();
    const { calls, onCall } = recorded();
    const more: Partial<MicrosoftOptions> = { trace, onCall };
    return { ...microsoft.client(more), trace, calls };
  };
  const ids = (name: 'ms-requestid' | 'ms-correlationid', method?: string): readonly string[] =>
    microsoft.asked.filter((heard) => heard.url.startsWith('/pc') && (method === undefined || heard.method === method)).map(({ headers }) => String(headers[name]));
  const once = (values: readonly string[]): readonly string[] => [...new Set(values)];

  it('writes with one request id, try after try, until Microsoft gives a definite answer', async () => {
    const { authority, trace } = aProcess({ status: 500 }, { cut: true }, { status: 502, body: '<html>' }, { status: 400, body: { code: 20010 } }, { status: 500 });
    const tries = () => trace.during(errand, async () => {
      for (let count = 1; count <= 3; count += 1) await assert.rejects(authority.removeRelationship(FABRIKAM, CONTOSO), unavailable());
      assert('refused' in Object(await authority.removeRelationship(FABRIKAM, CONTOSO)));
      await assert.rejects(authority.removeRelationship(FABRIKAM, CONTOSO), unavailable());
    });

    await tries();

    const [first, second, third, fourth, afterAnswer] = ids('ms-requestid', 'PATCH');
    figure('G7', `four tries of one write carried ${once([first, second, third, fourth].map(String)).length} request id, the write after the definite answer ${afterAnswer === first ? 'the same' : 'another'}`);
    assert.match(first ?? '', aGuid);
    assert.deepEqual([second, third, fourth], [first, first, first]);
    assert.match(afterAnswer ?? '', aGuid);
    assert.notEqual(afterAnswer, first);
  });

  it('writes with the same ids when another process tries the errand again', async () => {
    const one = aProcess({ status: 500 });
    await one.trace.during(errand, () => assert.rejects(one.authority.removeRelationship(FABRIKAM, CONTOSO), unavailable()));
    const before = [ids('ms-requestid', 'PATCH'), ids('ms-correlationid', 'PATCH')];

    const other = aProcess({ status: 500 });
    await other.trace.during(errand, () => assert.rejects(other.authority.removeRelationship(FABRIKAM, CONTOSO), unavailable()));

    assert.deepEqual([ids('ms-requestid', 'PATCH'), ids('ms-correlationid', 'PATCH')], before);
  });

  it('writes with an id of its own for every customer, and for every errand', async () => {
    const { authority, trace } = aProcess({ status: 500 });
    const removes = (name: string, ...customers: readonly (typeof CONTOSO)[]) => trace.during(name, async () => {
      for (const customer of customers) await assert.rejects(authority.removeRelationship(FABRIKAM, customer), unavailable());
    });

    await removes(errand, CONTOSO, LITWARE);
    await removes('another errand', CONTOSO);

    const requests = ids('ms-requestid', 'PATCH');
    assert.equal(once(requests).length, 3);
    assert.equal(once(ids('ms-correlationid', 'PATCH')).length, 2);
  });

  it('reads with a fresh request id every time, and with the correlation id of the errand', async () => {
    const { authority, trace } = aProcess({ status: 500 }, { status: 404 });

    await trace.during(errand, async () => {
      await authority.observe(FABRIKAM, CONTOSO);
      await authority.observe(FABRIKAM, CONTOSO);
    });
    await trace.during(errand, () => authority.observe(FABRIKAM, CONTOSO));

    const reads = ids('ms-requestid', 'GET');
    // A read that is tried again inside one call is one call.
    assert.deepEqual([reads.length, once(reads).length], [4, 3]);
    assert.equal(once(ids('ms-correlationid')).length, 1);
  });

  it('shares one correlation id, with Graph and the login service too', async () => {
    const { authority, trace, calls } = aProcess({ status: 404 });
    microsoft.script = ({ url }) => (url.endsWith('/token') ? undefined : url.startsWith('/graph') ? { body: { value: [] } } : { status: 404 });

    await trace.during(errand, async () => {
      await Promise.all([authority.observe(FABRIKAM, CONTOSO), authority.listSecurityGroups(FABRIKAM)]);
    });

    const [id = ''] = once(calls.map(({ correlationId }) => correlationId));
    assert.match(id, aGuid);
    assert.deepEqual(once(microsoft.heard.map(({ headers }) => String(headers['ms-correlationid'] ?? headers['client-request-id']))), [id]);
    assert.deepEqual(once(calls.map(({ operation }) => operation)).length, 3);
  });

  it('says its correlation id in an outage and in a refusal', async () => {
    const { authority, trace } = aProcess({ status: 500 }, { status: 400, body: { code: 20010 } });

    const [outage, refusal] = await trace.during(errand, async () => [
      await authority.removeRelationship(FABRIKAM, CONTOSO).catch((thrown: unknown) => thrown), await authority.removeRelationship(FABRIKAM, CONTOSO),
    ] as const);

    const [id, ...others] = once(ids('ms-correlationid'));
    assert.deepEqual(others, []);
    assert(outage instanceof AuthorityUnavailableError);
    assert.equal(outage.about.correlationId, id);
    assert(typeof refusal === 'object');
    assert.equal(refusal.refused.correlationId, id);
  });

  it('says it too when the token was refused, or when the lane is closed', async () => {
    const { authority, trace } = aProcess({ status: 429, headers: { 'retry-after': '60' } });
    const idOf = (error: unknown) => (error instanceof AuthorityUnavailableError ? error.about.correlationId : String(error));
    const [throttled, closed] = await trace.during(errand, async () => [
      await authority.observe(FABRIKAM, CONTOSO).catch(idOf), await authority.observe(FABRIKAM, CONTOSO).catch(idOf),
    ]);
    const other = aProcess();
    microsoft.script = () => ({ status: 401, body: { error: 'invalid_client', error_codes: [7000222] } });

    const without = await other.trace.during(errand, () => other.authority.observe(FABRIKAM, CONTOSO).catch(idOf));

    assert.match(String(throttled), aGuid);
    assert.deepEqual([closed, without], [throttled, throttled]);
  });

  it('keeps two errands apart that run at the same time', async () => {
    const { authority, trace } = aProcess({ status: 404 });
    const names = Array.from({ length: 10 }, (_, number) => `errand ${number}`);

    await Promise.all(names.map((name) => trace.during(name, async () => {
      await authority.observe(FABRIKAM, CONTOSO);
      await authority.observe(FABRIKAM, LITWARE);
    })));

    const each = new Map<string, number>();
    for (const id of ids('ms-correlationid')) each.set(id, (each.get(id) ?? 0) + 1);
    assert.deepEqual([...each.values()], names.map(() => 2));
  });

  it('stands for itself, call by call, when it is no errand’s', async () => {
    const { authority } = aProcess({ status: 500 });
    for (let count = 1; count <= 2; count += 1) await assert.rejects(authority.removeRelationship(FABRIKAM, CONTOSO), unavailable());

    assert.equal(once(ids('ms-requestid')).length, ids('ms-requestid').length);
    assert.equal(once(ids('ms-correlationid')).length, ids('ms-correlationid').length);
  });

  it('keeps its ids while another errand beside it comes to its end, and leaves none behind', async () => {
    const trace = createTrace();
    const ids: (string | undefined)[] = [];
    let end = (): void => undefined;
    const long = trace.during('long', async () => {
      ids.push(trace.correlationId());
      await new Promise<void>((resolve) => { end = resolve; });
      ids.push(trace.correlationId());
    });

    await trace.during('short', async () => undefined);
    end();
    await long;
    ids.push(trace.correlationId());
    await trace.during('long', async () => void ids.push(trace.correlationId()));

    assert.match(ids[0] ?? '', aGuid);
    assert.deepEqual(ids, [ids[0], ids[0], undefined, ids[0]]);
  });

  it('makes no promise dearer while no errand runs', async () => {
    const { spy } = await import('sinon');
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const disabling = spy(AsyncLocalStorage.prototype, 'disable');
    try {
      const trace = createTrace();
      const both = [trace.during('one', async () => undefined), trace.during('two', async () => { await new Promise((resolve) => setImmediate(resolve)); })];
      await both[0];
      assert.equal(disabling.callCount, 0);
      await both[1];
      assert.equal(disabling.callCount, 1);
    } finally {
      disabling.restore();
    }
  });
});
