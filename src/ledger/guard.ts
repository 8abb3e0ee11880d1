/** One file, one service: what keeps a second program from serving the same ledger. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'libsql';
import { LedgerUnavailableError } from '../commands/ports.js';
import { LedgerRefusedError } from './migrations.js';

/** File systems whose disk is another machine's. Others that speak through FUSE, of a container's layers say, are this machine's own. */
const ofAnotherMachine = /^(nfs4?|cifs|smb\w*|9p|afs|ceph|lustre|gpfs|beegfs|glusterfs|davfs2?|vboxsf|prl_fs|fuse\.(sshfs|cifs|davfs2?|s3fs|mount-s3|gcsfuse|goofys|blobfuse2?|rclone|juicefs|glusterfs|ceph|mfs))$/;

/** Linux's own list; elsewhere nobody can tell, and nothing is refused. */
const mountsNow = (): string => {
  try {
    return readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return '';
  }
};

const unescaped = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The kind of file system under a folder: the innermost mount, and of several on one point the last. */
const fileSystemUnder = (folder: string, mounts: string): string => {
  let [kind, longest] = ['', -1];
  for (const line of mounts.split('\n')) {
    const [, point = '', is = ''] = line.split(' ').map(unescaped);
    const isAbove = folder === point || folder.startsWith(point.endsWith('/') ? point : `${point}/`);
    if (point !== '' && isAbove && point.length >= longest) [kind, longest] = [is, point.length];
  }
  return kind;
};

/** Made readable for its owner only. @NOTE One that is there is never opened: closing it would let go of locks that this process holds on it. */
const make = (file: string): void => {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
};

const realPathOf = (file: string): string => {
  mkdirSync(dirname(file), { recursive: true });
  return existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), basename(file));
};

export type Guard = { leave(): void };

/**
 * Claims a database file for this program's life by a lock on a second, empty database beside it. The operating system frees it
 * with the process, however that ends; whoever only reads, copies or tries something goes around it.
 * @throws LedgerRefusedError when another program holds it, or when its locks would mean nothing; LedgerUnavailableError when
 * nothing can be written there
 */
export const standGuard = (file: string, mounts: () => string = mountsNow): Guard => {
  try {
    return claim(realPathOf(file), mounts());
  } catch (error) {
    throw error instanceof LedgerRefusedError ? error : new LedgerUnavailableError({ cause: error });
  }
};

const claim = (file: string, mounts: string): Guard => {
  const kind = fileSystemUnder(dirname(file), mounts);
  if (ofAnotherMachine.test(kind)) {
    throw new LedgerRefusedError(`${file} is on a network file system (${kind}), where SQLite's locks do not hold and data is lost. Let DATABASE_URL name a file on a disk of this machine, or a PostgreSQL server.`);
  }
  const beside = `${file}.guard`;
  make(beside);
  const db = new Database(beside, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!(error instanceof Database.SqliteError && String(error.code).startsWith('SQLITE_BUSY'))) throw error;
    throw new LedgerRefusedError(`Another running service holds ${file}. Stop that one first, let DATABASE_URL name another file, or use a PostgreSQL server, which several may share.`);
  }
  return { leave: () => db.close() };
};
