import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { bareEnvironment } from '../helpers/in-javascript.js';

/** Jiffies a second; Linux shows this number to programs whatever the kernel's own tick is. */
const ticksASecond = 100;

const statOf = (pid: number): { readonly parent: number; readonly ticks: number } | undefined => {
  try {
    // The name, in brackets, may hold blanks and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number);
    return { parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) };
  } catch {
    return undefined; // it has just ended
  }
};

const treeOf = (root: number): readonly number[] => {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(all.flatMap((pid) => { const stat = statOf(pid); return stat ? [[pid, stat.parent] as const] : []; }));
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  return all.filter(isBelow);
};

/** What its command line begins with; nothing when there is no such process. */
export const nameOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

/** Seconds of CPU that a process and all its children have used: utime and stime of /proc/<pid>/stat. */
export const cpuOf = (pids: readonly number[]): number => pids.flatMap(treeOf).reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0) / ticksASecond;

/** Resident memory in MB, of the process and its children. */
export const memoryOf = (pids: readonly number[]): number =>
  pids.flatMap(treeOf).reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0), 0) / 1024;

export type Running = { readonly pid: number; readonly log: string; readonly startedAt: number; readonly hasEnded: () => boolean; stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void> };

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts a program of its own with nothing but the given environment; what it says goes into a file. */
export const run = (args: readonly string[], environment: Readonly<Record<string, string>>, log: string): Running => {
  const output = openSync(log, 'a');
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { ...bareEnvironment(), NODE_ENV: 'production', ...environment }, stdio: ['ignore', output, output] });
  running.add(child);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => { running.delete(child); resolve(); }));
  return {
    pid: child.pid ?? 0, log, startedAt,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
    },
  };
};

/** Waits until it is so; a program that ended instead is an error with its last words. */
export const until = async (what: string, { log, hasEnded }: Running, isSo: () => Promise<boolean>, ms = 120_000, everyMs = 50): Promise<void> => {
  for (const end = performance.now() + ms; !(await isSo().catch(() => false)); await pause(everyMs)) {
    if (hasEnded() || performance.now() > end) throw new Error(`Waited in vain for ${what}. It said:\n${readFileSync(log, 'utf8').slice(-3000)}`);
  }
};

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
