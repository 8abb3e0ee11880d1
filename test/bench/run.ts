import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench } from './bench.js';
import { asJson, heading, lineOf, machine, type Figure } from './report.js';
import { rows } from './rows/all.js';

const usage = `Measures the product against Microsoft's bare echo bot, and prints ratios.

  npm run bench -- [options]

  --only ROWS      some of ${Object.keys(rows).join(', ')}
  --rounds N       interleaved rounds                       (5)
  --json FILE      writes the figures there, too
  --customers N    customers of the sandbox's world         (80000)
  --quick          a smoke run: every row once, next to nothing measured

What each row means is in docs/bench.md. PostgreSQL is the server that TEST_DATABASE_URL names, or the usual one of this machine.
`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string' }, json: { type: 'string' }, customers: { type: 'string' }, quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const chosen = values.only?.split(',') ?? Object.keys(rows);
const unknown = chosen.filter((name) => !(name in rows));
if (values.help || unknown.length > 0) {
  process.stdout.write(`${unknown.length > 0 ? `There is no row ${unknown.join(', ')}.\n\n` : ''}${usage}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const where = machine();
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const bench = await Bench.open({
  rounds: Number(values.rounds ?? (values.quick ? 1 : 5)), isQuick: values.quick, customers: Number(values.customers ?? (values.quick ? 500 : 80_000)),
  built: fileURLToPath(new URL('../../dist', import.meta.url)), say,
});
const figures: Figure[] = [];
try {
  for (const name of chosen) {
    say(`${new Date().toISOString().slice(11, 19)} ${name}`);
    const found = (await rows[name]?.(bench)) ?? [];
    const isVoid = bench.takeSpoiled();
    figures.push(...found.map((figure) => ({ ...figure, isVoid })));
  }
} finally {
  await bench.close();
}
process.stdout.write(`${JSON.stringify(where)}\n\n${[heading, ...figures.map(lineOf)].join('\n')}\n`);
if (values.json) writeFileSync(values.json, JSON.stringify({ machine: where, figures: figures.map(asJson) }, undefined, 2));
if (figures.some(({ isVoid }) => isVoid !== undefined)) process.exitCode = 1;
