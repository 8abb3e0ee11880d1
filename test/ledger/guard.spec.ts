import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openLedger, type LedgerOptions } from '../../src/ledger/ledger.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { aDraft, drafting, NOON } from './builders.js';
import { sqlitePlace, type Place } from './engines.js';

describe('a service on a file', () => {
  let at: Place & { readonly file: string; readonly folder: string };
  const serve = (more: Partial<NonNullable<LedgerOptions['service']>> = {}) => openLedger({ url: at.url, machineNow: () => NOON, service: { onTight: () => undefined, ...more } });

  beforeEach(async () => {
    at = await sqlitePlace();
  });
  afterEach(() => {
    for (const one of others.splice(0)) one.kill('SIGKILL');
    return at.leave();
  });

  const others: ChildProcess[] = [];
  const anotherService = async () => {
    const child = spawn(process.execPath, [inJavaScript('test/ledger/processes/serve.ts'), at.url], { stdio: ['ignore', 'pipe', 'inherit'] });
    others.push(child);
    const exit = once(child, 'exit');
    const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { child, exit, said };
  };

  it('is the only one: a second is refused with a sentence, until the first is killed', async () => {
    const first = await anotherService();
    assert.equal(first.said, 'serving');

    await assert.rejects(serve(), { name: 'LedgerRefusedError', message: /^Another running service holds .*ledger\.sqlite\. Stop that one first, .* or use a PostgreSQL server/ });
    const second = await anotherService();
    assert.match(second.said, /^Another running service holds/);

    first.child.kill('SIGKILL');
    await first.exit;
    await (await serve()).close();
    await second.exit;
  });

  it('is the only one under whatever name the file goes', async () => {
    const service = await serve();
    const link = join(at.folder, 'link.sqlite');
    symlinkSync(at.file, link);

    await assert.rejects(openLedger({ url: `sqlite:${link}`, machineNow: () => NOON, service: { onTight: () => undefined } }), /Another running service/);
    await service.close();
  });

  it('is not in the way of a backup, a check or a race, nor they in its', async () => {
    const service = await serve();
    const tool = await openLedger({ url: at.url, machineNow: () => NOON });

    await tool.ledger.record(drafting(aDraft(1)));

    assert.deepEqual(await service.ledger.invitation(aDraft(1).id), aDraft(1));
    await tool.close();
    await assert.rejects(serve(), /Another running service/, 'the guard stands still');
    await service.close();
    await (await serve()).close();
  });

  it('starts with the errands of whoever was killed before it', async () => {
    const before = await openLedger({ url: at.url, machineNow: () => NOON });
    await before.errands.add([{ topic: 'tell', key: 'a', lane: 'a', body: {} }]);
    assert.equal((await before.errands.claim(NOON, 10, 60)).length, 1);
    await before.close();

    const service = await serve();

    assert.deepEqual((await service.errands.claim(NOON, 10, 60)).map(({ key, attempt }) => [key, attempt]), [['a', 2]]);
    await service.close();
  });

  it('guards by a file that only its owner reads', async () => {
    const service = await serve();

    assert.equal(statSync(`${at.file}.guard`).mode & 0o777, 0o600);
    await service.close();
  });

  describe('on a network file system', () => {
    const mounted = (kind: string, on = realpathSync(at.folder)) => (): string =>
      `/dev/vda / ext4 rw 0 0\n${on.replaceAll(' ', '\\040')} is not it\nserver:/share ${on.replaceAll(' ', '\\040')} ${kind} rw 0 0\ntmpfs ${on}-other tmpfs rw 0 0\n`;

    for (const kind of ['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'fuse.sshfs', 'fuse.blobfuse2', 'ceph', 'lustre']) {
      it(`is refused: ${kind}`, async () => {
        await assert.rejects(serve({ mounts: mounted(kind) }), { name: 'LedgerRefusedError', message: new RegExp(`is on a network file system \\(${kind.replace('.', '\\.')}\\).* a disk of this machine, or a PostgreSQL server`) });
      });
    }

    for (const kind of ['ext4', 'overlay', 'tmpfs', 'fuse.fuse-overlayfs', 'fuseblk']) {
      it(`is what ${kind} is not`, async () => {
        await (await serve({ mounts: mounted(kind) })).close();
      });
    }

    it('is not taken for one because of a mount beside it, above its own disk, or below an old one', async () => {
      const own = realpathSync(at.folder);
      const nearby = `/dev/vda / ext4 rw 0 0\nserver:/a ${own}x nfs rw 0 0\nserver:/b ${own.slice(0, own.lastIndexOf('/'))} nfs rw 0 0\n/dev/vdb ${own} ext4 rw 0 0\n`;
      await (await serve({ mounts: () => nearby })).close();
      await assert.rejects(serve({ mounts: () => `${nearby}server:/c ${own} nfs rw 0 0\n` }), /network file system/);
    });

    it('is not asked about where nobody can tell', async () => {
      await (await serve({ mounts: () => '' })).close();
    });
  });
});
