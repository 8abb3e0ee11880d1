import { setTimeout as pause } from 'node:timers/promises';
import type { Turn } from './channel.js';

export type Load = { readonly turns: readonly Turn[]; readonly good: number; readonly seconds: number };

const loadOf = (turns: readonly Turn[], startedAt: number): Load => ({ turns, good: turns.filter(({ isGood }) => isGood).length, seconds: (performance.now() - startedAt) / 1000 });

/** So many, `atOnce` of them under way at any time. */
export const manyOf = async <One>(many: number, atOnce: number, make: (at: number) => Promise<One>): Promise<readonly One[]> => {
  const made: One[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < many) {
      const at = next++;
      made[at] = await make(at);
    }
  }));
  return made;
};

export const closedLoop = async (many: number, atOnce: number, turn: (at: number) => Promise<Turn>): Promise<Load> => {
  const startedAt = performance.now();
  return loadOf(await manyOf(many, atOnce, turn), startedAt);
};

/** So many turns a second, begun on time whether or not the earlier ones are done. */
export const openLoop = async (aSecond: number, seconds: number, turn: (at: number) => Promise<Turn>): Promise<Load> => {
  const startedAt = performance.now();
  const turns: Promise<Turn>[] = [];
  while (turns.length < aSecond * seconds) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * aSecond) + 1;
    while (turns.length < Math.min(due, aSecond * seconds)) turns.push(turn(turns.length));
    await pause(1);
  }
  return loadOf(await Promise.all(turns), startedAt);
};

export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
};
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
};
