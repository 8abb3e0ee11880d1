import { cpus, loadavg, totalmem } from 'node:os';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { median } from './load.js';

/** One measured thing: a value for each round. With `pass` and `aim` it has a verdict; `isMore`: more is better. */
export type Figure = {
  readonly name: string; readonly unit: string; readonly rounds: readonly number[];
  readonly pass?: number; readonly aim?: number; readonly isMore?: boolean;
  /** Why it counts for nothing. */
  readonly isVoid?: string | undefined;
};

const middle = ({ rounds }: Figure): { min: number; median: number; max: number } => ({ min: Math.min(...rounds), median: median(rounds), max: Math.max(...rounds) });

export const verdictOf = (figure: Figure): string => {
  const { pass, aim, isMore = false, isVoid } = figure;
  if (isVoid !== undefined) return `VOID: ${isVoid}`;
  if (pass === undefined || aim === undefined) return '';
  const reaches = (mark: number): boolean => (isMore ? middle(figure).median >= mark : middle(figure).median <= mark);
  return reaches(aim) ? 'aim' : reaches(pass) ? 'pass' : 'MISSED';
};

const short = (value: number): string => (!Number.isFinite(value) ? '-' : Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2));

export const lineOf = (figure: Figure): string => {
  const { min, median: mid, max } = middle(figure);
  const marks = figure.pass === undefined ? '' : `${figure.isMore ? '>=' : '<='} ${figure.pass} / ${figure.aim}`;
  return [figure.name.padEnd(64), figure.unit.padEnd(8), ...[min, mid, max].map((value) => short(value).padStart(8)), `  ${marks.padEnd(14)}`, verdictOf(figure)].join(' ').trimEnd();
};
export const heading = [' '.repeat(64), ' '.repeat(8), ...['min', 'median', 'max'].map((word) => word.padStart(8)), '  pass / aim'].join(' ');

export const asJson = (figure: Figure) => ({ ...figure, ...middle(figure), verdict: verdictOf(figure) });

const versionOf = (name: string): string => (JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')) as { version: string }).version;

/** Where it ran. The load average before anything was started says how quiet the machine was. */
export const machine = () => ({
  at: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), loadBefore: loadavg().map((one) => Number(one.toFixed(2))),
  commit: commit(), ...Object.fromEntries(['botbuilder', 'restify', 'undici', 'libsql', 'pg'].map((name) => [name, versionOf(name)])),
});

const commit = (): string => {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};
