import { strict as assert } from 'node:assert';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedger } from '../../src/ledger/ledger.js';
import { leaveOut } from '../helpers/parts.js';
import { NOON } from '../ledger/builders.js';
import { sqlitePlace } from '../ledger/engines.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { chanceFrom } from './chance.js';
import { figure } from './figure.js';
import { onBothEngines } from './places.js';
import { rowsAt } from './rows.js';

const writer = inJavaScript('test/guarantees/programs/write.ts');

const writes = 160;

export const survivesACrash = ({ kills }: { readonly kills: number }): void => {
  describe('G2: what was answered with success survives a crash', () => {
    onBothEngines((at, engine) => {
      it(`${kills} times kill -9, each after an acknowledged write, one in five again during the start that follows`, async () => {
        const { url } = at();
        await (await openLedger({ url, machineNow: () => NOON })).close();
        const chance = chanceFrom(20261128);
        const acknowledged: string[] = [];
        let duringStart = 0;
        const start = (from: number) => spawn(process.execPath, [writer, url, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });

        for (let kill = 1; kill <= kills; kill += 1) {
          const running = start(kill * 100_000);
          const exit = once(running, 'exit');
          const last = 1 + Math.floor(chance() * 40);
          let heard = 0;
          for await (const line of createInterface({ input: running.stdout })) {
            if (line.startsWith('+')) continue;
            acknowledged.push(line);
            heard += 1;
            // A moment later: in the middle of what comes next.
            if (heard === last) setTimeout(() => running.kill('SIGKILL'), chance() * 3);
          }
          assert.deepEqual(await exit, [null, 'SIGKILL']);
          assert(heard >= last);
          if (kill % 5 !== 0) continue;
          const starting = start(kill * 100_000 + 50_000);
          const gone = once(starting, 'exit');
          for await (const line of createInterface({ input: starting.stdout })) {
            // Its own first words: the ledger is being opened now, or the first entry written.
            if (line !== '+open') continue;
            await pause(chance() * 20);
            starting.kill('SIGKILL');
          }
          assert.deepEqual(await gone, [null, 'SIGKILL']);
          duringStart += 1;
        }

        const rows = await rowsAt(url);
        const idsIn = async (sql: string) => (await rows(sql)).map(({ id }) => String(id)).sort();
        const kept = await idsIn('SELECT id FROM invitation');
        const stored = new Set(kept);
        const lost = acknowledged.filter((id) => !stored.has(id));
        figure('G2', `${engine}: ${kills} kills after an acknowledged write and ${duringStart} during a start, ${acknowledged.length} acknowledged, ${kept.length} stored, ${lost.length} lost, 0 torn`);
        assert.deepEqual(lost, [], 'what was acknowledged is stored');
        assert.deepEqual(await idsIn('SELECT chain AS id FROM audit'), kept, 'an audit row each');
        assert.deepEqual(await idsIn('SELECT invitation AS id FROM errand'), kept, 'an errand each');
        if (engine === 'SQLite') assert.deepEqual(await rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
        // PostgreSQL flushes in its own process: what its sessions are told is what can be seen from here.
        else assert.deepEqual([await rows('SHOW synchronous_commit'), await rows('SHOW fsync')], [[{ synchronous_commit: 'on' }], [{ fsync: 'on' }]]);
        await rows.close();
      });
    });

    describe('and a power cut, on SQLite', () => {
      const strace = '/usr/bin/strace';
      before(function () {
        if (!existsSync(strace) || spawnSync(strace, ['-o', '/dev/null', 'true']).status !== 0) leaveOut(this, 'there is no strace that may look.');
      });

      for (const atOnce of [1, 16]) {
        it(`at most one flush for each acknowledged write, and no acknowledgement before its flush: ${atOnce} at a time`, async () => {
          const at = await sqlitePlace();
          const folder = mkdtempSync(join(tmpdir(), 'trace-'));
          const trace = join(folder, 'trace');
          await (await openLedger({ url: at.url, machineNow: () => NOON })).close();

          execFileSync(strace, ['-f', '-y', '-e', 'trace=write,fsync,fdatasync', '-s', '64', '-o', trace, process.execPath, writer, at.url, '1', String(atOnce), String(writes)], { stdio: 'ignore' });

          const { flushes, checkpoints, holding, early, acknowledged } = readTrace(readFileSync(trace, 'utf8'));
          figure('G2', `SQLite, ${atOnce} at a time: ${flushes} flushes for ${acknowledged} acknowledged writes and ${checkpoints} checkpoints, ${early.length} acknowledged before a flush`);
          assert.equal(acknowledged, writes);
          assert.deepEqual(early, [], 'nothing is acknowledged before its flush');
          // Once the journal and its folder when they are made; at a checkpoint journal, file, and the journal that begins anew.
          assert(flushes <= acknowledged + 2 + 3 * checkpoints, 'at most one flush each');
          assert(holding <= 2 + 3 * checkpoints, 'the event loop waits for none of the others');
          rmSync(folder, { recursive: true });
          await at.leave();
        });
      }

      it('a flush that fails is an outage, and what it was to keep is not acknowledged', async () => {
        const at = await sqlitePlace();
        await (await openLedger({ url: at.url, machineNow: () => NOON })).close();

        // strace counts in each thread.
        const failing = ['-f', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=3'];
        const { status, stdout, stderr } = spawnSync(strace, [...failing, process.execPath, writer, at.url, '1', '1', '5'], { encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '1' } });

        assert.notEqual(status, 0);
        assert.match(stderr, /LedgerUnavailableError/);
        const begun = [...stdout.matchAll(/^\+([0-9a-f-]{36})$/gm)].map(([, id]) => id);
        const acknowledged = [...stdout.matchAll(/^[0-9a-f-]{36}$/gm)].map(([id]) => id);
        assert(acknowledged.length > 0, 'those before it are');
        assert.deepEqual(begun.slice(0, -1), acknowledged);
        await at.leave();
      });
    });
  });
};

/** From the first entry to the last: what it began, what it flushed, what it acknowledged. */
const readTrace = (trace: string) => {
  const begun = new Map<string, number>();
  const early: string[] = [];
  let [flushes, checkpoints, holding, acknowledged] = [0, 0, 0, 0];
  const [main = ''] = trace.split(' ', 1);
  for (const line of trace.split('\n')) {
    if (begun.size > 0 && acknowledged < writes && /f(data)?sync(\(| resumed).* = 0/.test(line)) {
      flushes += 1;
      if (line.startsWith(`${main} `)) holding += 1;
      if (/\.sqlite>/.test(line)) checkpoints += 1;
    }
    const [, begins] = /write\(1<[^>]*>, "\+([0-9a-f-]{36})/.exec(line) ?? [];
    if (begins) begun.set(begins, flushes);
    const [, acknowledges] = /write\(1<[^>]*>, "([0-9a-f-]{36})/.exec(line) ?? [];
    if (!acknowledges) continue;
    acknowledged += 1;
    if ((begun.get(acknowledges) ?? Infinity) >= flushes) early.push(acknowledges);
  }
  return { flushes, checkpoints, holding, early, acknowledged };
};
