import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recognise } from '../../src/bot/recogniser.js';
import { envSample } from '../../src/settings.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];
const readme = read('README.md');

const linksIn = (text: string): string[] => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^(https?:|mailto:|#)/.test(link));
const rows = (text: string, columns: number): string[][] =>
  text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim())).filter((row) => row.length === columns);
const plain = (cell: string): string => cell.replaceAll('`', '');

describe('the documents', () => {
  it('give the two commands', () => {
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) assert(readme.split('\n').includes(command), command);
  });

  for (const document of documents) {
    it(`lead only to what is there, in ${document}`, () => {
      const missing = linksIn(read(document)).filter((link) => !existsSync(join(root, dirname(document), link.replace(/#.*$/, ''))));

      assert.deepEqual(missing, []);
    });

    it(`name no place of one machine, in ${document}`, () => {
      assert.doesNotMatch(read(document), /(?<![\w.])\/(home|root|Users|work|tmp|mnt|opt)\//);
    });
  }

  it('explain every setting as env.sample does, in the same order', () => {
    const inSample = [...envSample().matchAll(/^# (.*)\. Default: (.*)\.\n#(\w+)=/gm)].map(([, meaning = '', otherwise = '', name = '']) => [name, otherwise, meaning]);

    const inReadme = rows(readme.split('## Configuration')[1] ?? '', 3).slice(1).map((row) => row.map(plain));

    assert(inSample.length > 20);
    assert.deepEqual(inReadme, inSample);
    assert.equal(read('env.sample'), envSample());
  });

  it('suggest only sentences that the bot understands', () => {
    const table = rows(readme.split('## Try it')[1]?.split('\n## ')[0] ?? '', 4).slice(1);

    assert(table.length >= 8);
    for (const sentence of table.flatMap(([, english = '', turkish = '']) => [english, turkish])) {
      assert.notEqual(recognise(plain(sentence)).intent, 'unknown', sentence);
    }
  });

  it('tell what changed in this version', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };

    assert(read('CHANGELOG.md').includes(`\n## ${version} (`));
  });

  it('lead from the README to every one of them', () => {
    const reachable = linksIn(readme);

    for (const document of documents.filter((name) => name !== 'README.md')) {
      assert(reachable.some((link) => link === document || (link.endsWith('/') && document.startsWith(link))), document);
    }
  });

  it('are numbered without a gap where they are decisions', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).sort().map((name) => Number(name.slice(0, 4)));

    assert.deepEqual(numbers, numbers.map((_, at) => at + 1));
  });
});
