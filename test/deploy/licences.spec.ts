import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isAllowed, licenceList, ownLock, partsIn } from '../../deploy/licences.js';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('what the service is made of', () => {
  const parts = partsIn(ownLock());

  it('may all be used and passed on', () => {
    assert(parts.length > 200);
    assert.deepEqual(parts.filter(({ licence }) => !isAllowed(licence)), []);
  });

  it('is told by licence, each part once', () => {
    const list = licenceList(parts);

    for (const { name, version } of parts) assert.equal(list.split(`  ${name} ${version}\n`).length, 2, name);
    assert.match(list, /^MIT\n(  .+\n)*  restify 12\.0\.0\n/m);
  });

  for (const licence of ['GPL-3.0-only', 'AGPL-3.0', 'unknown', 'MIT AND GPL-2.0', 'SEE LICENSE IN LICENSE', 'BUSL-1.1', 'UNLICENSED', '']) {
    it(`would not be, with ${licence || 'nothing'}`, () => assert.equal(isAllowed(licence), false));
  }

  it('would tell a part whose licence nobody has read', () => {
    const [part] = partsIn({ packages: { '': {}, 'node_modules/new': { version: '1.0.0' }, 'node_modules/test-only': { version: '1.0.0', dev: true } } });

    assert.deepEqual(part, { name: 'new', version: '1.0.0', licence: 'unknown', hasInstallScript: false });
  });

  it('runs nothing when it is installed: two would, and neither needs to', () => {
    assert.deepEqual(parts.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name), ['botbuilder-dialogs', 'dtrace-provider']);
    assert.match(read('.npmrc'), /^ignore-scripts=true$/m);
    for (const file of ['Dockerfile', '.ci/run', 'package.json']) assert.doesNotMatch(read(file), /ignore-scripts[= ]false|npm rebuild/, file);
    assert.match(read('Dockerfile'), /COPY package\.json package-lock\.json \.npmrc/);
  });
});
