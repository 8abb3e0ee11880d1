import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLedger } from '../../src/ledger/ledger.js';
import { openPostgres } from '../../src/ledger/postgres.js';
import { createSeal } from '../../src/ledger/seal.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { needs } from '../helpers/parts.js';
import { tenant } from './builders.js';
import { postgresPlace, type Place } from './engines.js';
import { refreshing, type Heard } from './processes/refreshing.js';

const refreshes = 1_000;
const kills = 8;
const partners = Array.from({ length: 6 }, (_, number) => tenant(number + 1));

const tokenOf = (partner: string, number: number): string => `M.R3_refresh-token ${partner} ${number}`;
const partsOf = (token: string): { readonly of: string | undefined; readonly number: number } => {
  const [, of, number] = token.split(' ');
  return { of, number: Number(number) };
};

/** A fault for every so many requests; the numbers share no factor, so that each meets each. */
const faultOf = (request: number): 'cutBefore' | 'cutAfter' | 'slow' | 'broken' | undefined =>
  request % 23 === 0 ? 'cutBefore' : request % 19 === 0 ? 'cutAfter' : request % 17 === 0 ? 'slow' : request % 29 === 0 ? 'broken' : undefined;

/** Gives a new refresh token for each one that it takes. As at Microsoft, the ones before it stay good. */
const aTokenEndpoint = async () => {
  const issued = new Map<string, number>(partners.map((partner) => [partner, 0]));
  const underWay = new Map<string, Set<ServerResponse>>(partners.map((partner) => [partner, new Set()]));
  const figures = { requests: 0, answered: 0, cutBefore: 0, cutAfter: 0, slow: 0, broken: 0, fatal: 0, refused: 0, overlaps: 0, furthestBehind: 0 };
  const plan = { isCalm: false, mayKill: (): boolean => false };

  const answer = async (partner: string, form: URLSearchParams, res: ServerResponse): Promise<void> => {
    const { of, number } = partsOf(form.get('refresh_token') ?? '');
    const newest = issued.get(partner) ?? 0;
    const fault = plan.isCalm ? undefined : faultOf(figures.requests += 1);
    if (fault) figures[fault] += 1;
    if (fault === 'cutBefore') return void res.destroy();
    if (fault === 'broken') return void res.writeHead(500).end('<html>');
    if (of !== partner || !(number <= newest)) {
      figures.refused += 1;
      return void res.writeHead(400).end(JSON.stringify({ error: 'invalid_grant', error_codes: [50173] }));
    }
    figures.furthestBehind = Math.max(figures.furthestBehind, newest - number);
    await new Promise((resolve) => setTimeout(resolve, fault === 'slow' ? 200 : 3));
    if (res.destroyed) return;
    issued.set(partner, newest + 1);
    if (fault === 'cutAfter') return void res.destroy();
    const isFatal = !plan.isCalm && plan.mayKill();
    figures[isFatal ? 'fatal' : 'answered'] += 1;
    res.end(JSON.stringify({ token_type: 'Bearer', access_token: `${isFatal ? 'fatal' : 'access'} ${newest + 1}`, expires_in: '1', refresh_token: tokenOf(partner, newest + 1) }));
  };

  const server = createServer((req, res) => {
    const partner = req.url?.split('/')[1] ?? '';
    const here = underWay.get(partner);
    // Whoever was killed, or gave up on a server that stood still, has hung up by now; that is heard a moment later where both came at once.
    const others = [...(here ?? [])];
    setTimeout(() => { if (others.some((one) => here?.has(one))) figures.overlaps += 1; }, 2);
    here?.add(res);
    res.once('close', () => here?.delete(res));
    let text = '';
    req.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => void answer(partner, new URLSearchParams(text), res).finally(() => here?.delete(res)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    figures, plan, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takes: (partner: string, token: string): boolean => partsOf(token).of === partner && partsOf(token).number <= (issued.get(partner) ?? 0),
    close: () => { server.closeAllConnections(); server.close(); },
  };
};

describe('a sign-in that two programs share', () => {
  const key = randomBytes(32);
  let at: Place | undefined;
  let programs: ChildProcess[] = [];
  let isOver = false;
  const closing: (() => unknown)[] = [];
  before(needs.postgres());
  before(async () => { at = await postgresPlace(); });
  after(async () => {
    isOver = true;
    for (const one of programs) one.kill('SIGKILL');
    // Also after a failure, or the run would not end.
    await Promise.all(closing.map((close) => close()));
    await at?.leave();
  });

  it(`outlives ${refreshes} refreshes, an endpoint in trouble, and programs killed between the answer and the keeping of it`, async function () {
    this.timeout(90_000);
    assert(at);
    const startedAt = performance.now();
    const endpoint = await aTokenEndpoint();
    const { figures, plan } = endpoint;
    const { signIns, close } = await openLedger({ url: at.url, machineNow: () => new Date(), sealKeys: [key] });
    const driver = openPostgres(at.url);
    closing.push(close, driver.close, endpoint.close);
    // Every token that was ever stored, in the order in which it was.
    await driver.write([
      { sql: 'CREATE TABLE stored (id BIGINT GENERATED ALWAYS AS IDENTITY, partner TEXT, sealed TEXT)', params: [] },
      { sql: 'CREATE FUNCTION remember() RETURNS trigger AS $$ BEGIN INSERT INTO stored (partner, sealed) VALUES (NEW.partner, NEW.sealed); RETURN NULL; END $$ LANGUAGE plpgsql', params: [] },
      { sql: 'CREATE TRIGGER remembered AFTER INSERT OR UPDATE OF sealed ON sign_in FOR EACH ROW EXECUTE FUNCTION remember()', params: [] },
    ]);
    for (const partner of partners) await signIns.keep(partner, tokenOf(partner, 0));

    const heard: Record<Heard, number> = { ready: 0, refreshed: 0, unanswered: 0, killMe: 0 };
    let fallen: string | undefined;
    // Its exit may be heard only after everything is over.
    const killed = new Set<ChildProcess>();
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => { end = resolve; });
    const start = (): void => {
      const one = fork(inJavaScript('test/ledger/processes/refresh.ts'), [at?.url ?? '', endpoint.url, key.toString('hex'), ...partners], { execArgv: [] });
      programs.push(one);
      one.on('message', (word: Heard) => {
        heard[word] += 1;
        if (word === 'killMe') {
          killed.add(one);
          one.kill('SIGKILL');
        }
        if ((heard.refreshed >= refreshes && heard.killMe >= kills) || figures.overlaps > 0) end();
      });
      one.once('exit', (code, signal) => {
        programs = programs.filter((other) => other !== one);
        if (killed.has(one)) return isOver ? undefined : start();
        if (code === 0) return;
        fallen = `A program ended with ${code ?? signal}.`;
        end();
      });
    };
    // One at a time, evenly over the whole way; an answer that reached nobody in time is given once more.
    let lastFatalAt = 0;
    plan.mayKill = () => {
      const isWanted = !isOver && heard.killMe < kills && heard.ready === heard.killMe + 2 && heard.refreshed >= (heard.killMe + 1) * (refreshes / (kills + 1)) && performance.now() - lastFatalAt > 2_000;
      if (isWanted) lastFatalAt = performance.now();
      return isWanted;
    };

    start();
    start();
    await over;
    isOver = true;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const ends = programs.map((one) => once(one, 'exit'));
    for (const one of programs) one.send('stop', () => undefined);
    await Promise.all(ends);
    const { overlaps } = figures;
    assert.equal(overlaps, 0, 'one redemption of a partner’s token at a time');

    plan.isCalm = true;
    const seal = createSeal([key]);
    const stored = (await driver.read({ sql: 'SELECT partner, sealed FROM stored ORDER BY id', params: [] })).map(({ partner, sealed }) => ({ partner: String(partner), token: seal.open(String(sealed), String(partner)) }));
    const older = partners.flatMap((partner) => {
      const numbers = stored.filter((one) => one.partner === partner).map(({ token }) => partsOf(token).number);
      return numbers.filter((number, index) => number <= (numbers[index - 1] ?? -1));
    });
    const last = await Promise.all(partners.map((partner) => signIns.redeem(partner, async (token) => ({ outcome: endpoint.takes(partner, token) }))));
    const client = refreshing(endpoint.url, signIns);
    const renewed = await Promise.all(partners.map((partner) => client.tokenOf(partner)));
    const seconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(
      `\n  ${partners.length} partners, 2 programs: ${heard.refreshed} refreshes in ${seconds.toFixed(1)} s, ${figures.requests} requests (${figures.cutBefore} cut before the issue, ${figures.cutAfter} cut after it, `
      + `${figures.slow} slow, ${figures.broken} with status 500, ${figures.refused} refused), ${heard.killMe} programs killed between answer and store, ${heard.unanswered} without an answer, `
      + `${stored.length} tokens stored, ${older.length} of them older than one before, ${overlaps} overlaps, a stored token at most ${figures.furthestBehind} behind the newest one\n`,
    );
    assert.equal(fallen, undefined);
    assert.deepEqual([older, figures.refused], [[], 0]);
    assert(heard.refreshed >= refreshes && heard.killMe >= kills, JSON.stringify(heard));
    for (const fault of ['cutBefore', 'cutAfter', 'slow', 'broken'] as const) assert(figures[fault] >= 10, `${fault}: ${figures[fault]}`);
    assert.deepEqual(last, partners.map(() => true));
    assert(renewed.every((token) => token.startsWith('access ')));
  });
});
