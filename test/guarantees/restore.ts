import { strict as assert } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import Database from 'libsql';
import { verifyChain } from '../../src/ledger/audit.js';
import { asInvitationId } from '../../src/domain/ids.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { leaveOut } from '../helpers/parts.js';
import { anErrand, NOON } from '../ledger/builders.js';
import { inSchema, postgresPlace, postgresServer, sqlitePlace, type Place } from '../ledger/engines.js';
import { figure } from './figure.js';
import { onBothEngines, type Engine } from './places.js';
import { rowsAt } from './rows.js';

/** As docs/operate.md says it; into a place of its own. @returns nothing where the tools of the server are not here */
const backUp = async (url: string, engine: Engine): Promise<Place | undefined> => {
  if (engine === 'SQLite') {
    const to = await sqlitePlace();
    await (await openLedger({ url: to.url, machineNow: () => NOON })).close();
    execFileSync('rm', ['-f', to.file, `${to.file}-wal`, `${to.file}-shm`]);
    new Database(url.slice('sqlite:'.length)).exec(`VACUUM INTO '${to.file}'`);
    return to;
  }
  const to = await postgresPlace();
  const from = /search_path=(\w+)/.exec(new URL(url).searchParams.get('options') ?? '')?.[1] ?? '';
  if (!to) return undefined;
  const dump = execFileSync('pg_dump', ['--schema', from, '--no-owner', `--dbname=${postgresServer}`], { maxBuffer: 2 ** 29 }).toString();
  await to.leave();
  // The copy lives beside its original, under another name.
  execFileSync('psql', ['--quiet', '--single-transaction', '--set', 'ON_ERROR_STOP=1', `--dbname=${postgresServer}`], { input: dump.replaceAll(from, to.schema), stdio: ['pipe', 'ignore', 'inherit'] });
  return { ...to, url: inSchema(postgresServer, to.schema) };
};

export const restore = ({ backups }: { readonly backups: number }): void => {
  describe('G17: what is restored from a backup holds together', function () {
    this.timeout(60_000 + backups * 20_000);

    onBothEngines((at, engine) => {
      it(`${backups} times, taken while entries are written and errands marked as done; what was marked is not done again`, async function () {
        const { url } = at();
        const service = await openLedger({ url, machineNow: () => NOON });
        await service.errands.add([anErrand('seed')]);
        const writer = spawn(process.execPath, [inJavaScript('test/guarantees/programs/write.ts'), url, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
        const acknowledged: string[] = [];
        createInterface({ input: writer.stdout }).on('line', (line) => line.startsWith('+') || acknowledged.push(line));
        const marked = new Set<string>();
        let isOver = false;
        const working = (async () => {
          while (!isOver) {
            for (const errand of await service.errands.claim(NOON, 5, 60)) {
              await service.errands.done(errand);
              marked.add(errand.key);
            }
          }
        })();
        let [stored, done] = [0, 0];

        for (let backup = 1; backup <= backups; backup += 1) {
          for (const enough = acknowledged.length + 40; acknowledged.length < enough;) await new Promise((resolve) => setTimeout(resolve, 5));
          const [before, markedBefore] = [[...acknowledged], [...marked]];
          const copy = await backUp(url, engine).catch((error: unknown) => {
            if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
            throw error;
          });
          if (!copy) leaveOut(this, 'there is no pg_dump, or no PostgreSQL.');

          const restored = await openLedger({ url: copy!.url, machineNow: () => NOON });
          const rows = await rowsAt(copy!.url);
          const ids = async (sql: string) => (await rows(sql)).map(({ id }) => String(id)).sort();
          const kept = await ids('SELECT id FROM invitation');
          assert.deepEqual(before.filter((id) => !kept.includes(id)), [], 'what was acknowledged before the backup is in it');
          assert.deepEqual(await ids('SELECT chain AS id FROM audit'), kept, 'an audit row each');
          assert.deepEqual(await ids('SELECT invitation AS id FROM errand WHERE invitation IS NOT NULL'), kept, 'an errand each');
          for (const id of kept.slice(-20)) assert.equal(verifyChain(await restored.ledger.history(asInvitationId(id))).is, 'whole');
          if (engine === 'SQLite') assert.deepEqual(await rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
          const again: string[] = [];
          for (let claimed = await restored.errands.claim(new Date(NOON.getTime() + 120_000), 500, 60); claimed.length > 0;) {
            again.push(...claimed.map(({ key }) => key));
            for (const errand of claimed) await restored.errands.done(errand);
            claimed = await restored.errands.claim(new Date(NOON.getTime() + 120_000), 500, 60);
          }
          assert.deepEqual(markedBefore.filter((key) => again.includes(key)), [], 'what was marked as done before the backup is not done again');
          [stored, done] = [stored + kept.length, done + markedBefore.length];
          await rows.close();
          await restored.close();
          await copy!.leave();
        }

        isOver = true;
        await working;
        const exit = once(writer, 'exit');
        writer.kill('SIGKILL');
        await exit;
        await service.close();
        assert(done > 0);
        figure('G17', `${engine}: ${backups} backups while writing, ${stored} invitations in them, each with its audit row and errand; ${done} errands marked as done before, 0 done again`);
      });
    });
  });
};
