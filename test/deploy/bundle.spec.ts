import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inJavaScript } from '../helpers/in-javascript.js';

describe('the bundle', () => {
  const place = dirname(dirname(inJavaScript('src/main.ts')));
  const files = ['src/main.js', ...readdirSync(join(place, 'chunks')).map((name) => `chunks/${name}`)].map((name) => readFileSync(join(place, name), 'utf8'));
  const modulesOfSdk = files.flatMap((text) => text.split(/^(?=\/\/ (?:src|node_modules)\/)/m)).filter((text) => text.startsWith('// node_modules/botbuilder'));

  it("has the SDK's async functions as such: as generators they would keep each turn from the quick collections", () => {
    assert(modulesOfSdk.length > 50);
    assert.deepEqual(modulesOfSdk.filter((text) => /__awaiter\(|\byield\b/.test(text.replace(/(?:var|const) __awaiter = [^]*?\n    \};/, ''))).map((text) => text.split('\n')[0]), []);
  });

  it("leaves out the SDK's connector, which nothing here uses", () => {
    assert.deepEqual(files.flatMap((text) => text.match(/^\/\/ node_modules\/(?:botframework-connector|@azure|@typespec|axios)\b.*/gm) ?? []), []);
  });

  it('is ASCII: one other character would make a file take twice the memory', () => {
    assert.deepEqual(files.filter((text) => /[^\0-\x7f]/.test(text)).length, 0);
  });
});
