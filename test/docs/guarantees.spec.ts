import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const rows = [...read('docs/guarantees.md').matchAll(/^\| (G\d+) \|.*\|(.*)\|$/gm)].map(([, id = '', where = '']) => ({ id, files: [...where.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file) }));

describe('the page of guarantees', () => {
  it('has a row for each of the seventeen', () => {
    assert.deepEqual(rows.map(({ id }) => id), Array.from({ length: 17 }, (_, at) => `G${at + 1}`));
  });

  it('names tests that say which guarantee they show', () => {
    const wrong = rows.flatMap(({ id, files }) => (files.length === 0 ? [id] : files.filter((file) => !new RegExp(`\\b${id}\\b`).test(read(file))).map((file) => `${id} ${file}`)));

    assert.deepEqual(wrong, []);
  });

  it('knows every test that shows one', () => {
    const tests = readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.startsWith('bench/'));
    const shown = tests.flatMap((name) => [...read(`test/${name}`).matchAll(/figure\('(G\d+)/g)].map(([, id = '']) => `${id} test/${name}`));
    const known = new Set(rows.flatMap(({ id, files }) => files.map((file) => `${id} ${file}`)));

    assert(shown.length > 5);
    assert.deepEqual([...new Set(shown)].filter((one) => !known.has(one)), []);
  });
});
