import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inJavaScript } from '../helpers/in-javascript.js';
import { leaveOut } from '../helpers/parts.js';
import { Bench } from './bench.js';
import { rows } from './rows/all.js';

describe('the bench, in its smallest size', function () {
  this.timeout(60_000);
  const said: string[] = [];
  let bench: Bench;

  before(async () => {
    bench = await Bench.open({ rounds: 1, isQuick: true, customers: 500, built: dirname(inJavaScript('src/main.ts')), say: (line) => void said.push(line) });
  });
  after(() => bench.close());

  for (const [name, row] of Object.entries(rows)) {
    it(`runs the row ${name}: as many rows in the ledger as good answers, and figures`, async function () {
      const figures = await row(bench);

      assert.equal(bench.takeSpoiled(), undefined, said.join('\n'));
      if (figures.length === 0 && said.some((line) => line.includes('PostgreSQL is left out'))) leaveOut(this, 'no PostgreSQL answers; set TEST_DATABASE_URL.');
      assert(figures.length > 0);
      // A ratio to so few turns may be one to no measurable time.
      assert.deepEqual(figures.filter(({ rounds, unit }) => rounds.length === 0 || (!unit.startsWith('x') && !rounds.every(Number.isFinite))), []);
    });
  }

  it('is described row by row', () => {
    const described = [...readFileSync(new URL('../../docs/bench.md', import.meta.url), 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

    assert.deepEqual(described, Object.keys(rows));
  });
});
