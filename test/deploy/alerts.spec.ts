import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

type Rule = { readonly alert: string; readonly expr: string; readonly annotations: { readonly summary: string } };

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { groups } = load(read('deploy/alerts.yaml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const metrics = read('src/server/metrics.ts');

describe('the alerts', () => {
  for (const { alert, expr, annotations } of rules) {
    it(`${alert} asks for figures that exist and for no label of a tenant, and says what is wrong`, () => {
      const asked = [...expr.matchAll(/\bbot_\w+/g)].map(([name]) => name);

      assert.notEqual(asked.length, 0);
      assert.deepEqual(asked.filter((name) => !new RegExp(`\\b${name}\\b`).test(metrics)), []);
      // A counter with labels begins with its first event, and a rise from nothing is none: the first would never be heard of.
      assert.doesNotMatch(expr, /increase\(/);
      assert.doesNotMatch(expr, /tenant|partner=|customer|person/);
      assert.match(annotations.summary, /\.$/);
    });
  }

  it('are the ones on the page that says what to do, in the same order', () => {
    const told = [...read('docs/alerts.md').matchAll(/^\| ([A-Z]\w+) \| .+ \| .+ \|$/gm)].map(([, name]) => name).filter((name) => name !== 'Alert');

    assert.deepEqual(rules.map(({ alert }) => alert), told);
  });
});
