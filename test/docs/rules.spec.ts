import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wordsIn } from '../../src/bot/words/index.js';
import * as rules from '../../src/domain/rules.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

const [kept = '', beyond = ''] = read('docs/rules.md').split('\n## What software cannot enforce\n');
const written = kept.split(/^### /m).slice(1).map((text) => [text.slice(0, text.indexOf('\n')), text.replace(/\n## [^]*$/, '')] as const);
const sections = new Map(written);
const notEnforced = [...beyond.matchAll(/^- ((?:MP|OWN)-\d\d): (\S.*) Words: (.+)$/gm)].map(([, id = '', why = '', said = '']) => ({ id, why, said: [...said.matchAll(/“([^”]+)”/g)].map(([, words = '']) => words) }));
const catalogue = Array.from({ length: 85 }, (_, before) => `MP-${String(before + 1).padStart(2, '0')}`);

type InTheBook = (typeof rules.ruleBook)[number];
const places: readonly (readonly [string, readonly { readonly id: string }[]])[] = [
  ['at the door', rules.doorRules], ['about a customer', rules.invitationRules], ['on an answer', rules.answerRules],
  ['when access is assigned', rules.assignRules], ['when access is removed', rules.removalRules], ['when the relationship is ended', rules.endRules],
];
const isInTheBook = (value: unknown): value is InTheBook => typeof value === 'object' && value !== null && 'source' in value;
const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** One sentence may be asked about two kinds of facts, and then has two names in the code. */
const everyOneOf = (rule: InTheBook): readonly (readonly [string, InTheBook])[] =>
  Object.entries(rules).flatMap(([name, value]): readonly (readonly [string, InTheBook])[] => (isInTheBook(value) && value.id === rule.id ? [[name, value]] : []));

/** What the page says about a rule, word for word; after it come the tests that show it. */
const asOnThePage = (rule: InTheBook): string => {
  const asked = places.filter(([, list]) => list.some(({ id }) => id === rule.id)).map(([place]) => place);
  const [place = '', ...why] = 'keptBy' in rule ? rule.keptBy.split(': ') : [];
  const codes = [...new Set(everyOneOf(rule).flatMap(([, { code }]) => (code ? [code] : [])))];
  return [
    rule.id, '', `> ${rule.source}`, '>', `> ${wordsIn('tr').rules[rule.id]}`, '',
    `- Origin: ${rule.origin}${codes.length > 0 ? ` · code: ${listed(codes)}` : ''} · in code: ${listed(everyOneOf(rule).map(([name]) => name))}`,
    'asks' in rule ? `- Asked: ${asked.join(', ')}` : `- Kept by: \`${place}\`${why.length > 0 ? ` (${why.join(': ')})` : ''}`,
  ].join('\n');
};

const testsShowing = (section: string): readonly (readonly [string, string])[] =>
  [...section.matchAll(/^- Shown by: \[(\S+)\]\(\.\.\/\1\), “(.+)”$/gm)].map(([, file = '', title = '']) => [file, title]);

describe('the page of rules', () => {
  for (const rule of rules.ruleBook) {
    it(`says of ${rule.id} what the code and the words say`, () => {
      const section = sections.get(rule.id) ?? '';

      assert.equal(section.slice(0, section.indexOf('\n- Shown by: ')), asOnThePage(rule));
      assert.equal(wordsIn('en').rules[rule.id], rule.source);
    });

    it(`names a test for ${rule.id} that is there`, () => {
      const tests = testsShowing(sections.get(rule.id) ?? '');

      assert(tests.length > 0);
      for (const [file, title] of tests) {
        const isThere = existsSync(join(root, file)) && ['it', 'describe'].some((word) => read(file).includes(`${word}('${title}'`));
        assert(isThere, `${file}: ${title}`);
      }
    });

    if ('keptBy' in rule) {
      it(`names a place for ${rule.id} that is there`, () => assert(existsSync(join(root, rule.keptBy.split(':')[0] ?? '')), rule.keptBy));
    }
  }

  it('has every rule of the catalogue and of the product, once, and keeps their order', () => {
    assert.deepEqual(written.map(([id]) => id), [...catalogue, 'OWN-01', 'OWN-02']);
    assert.deepEqual(rules.ruleBook.map(({ id }) => id), [...catalogue, 'OWN-01', 'OWN-02']);
  });

  it('names the words for what software cannot enforce', () => {
    const words = read('src/bot/words/en.ts') + read('src/bot/words/en-life.ts');

    for (const { id, why, said } of notEnforced) {
      assert(why.length > 40, id);
      assert(said.length > 0, id);
      for (const sentence of said) assert(words.includes(sentence), `${id}: ${sentence}`);
    }
  });

  it('says of every rule that only words keep, once and in order, that software cannot enforce it', () => {
    const ids = notEnforced.map(({ id }) => id);
    const keptByWords = rules.ruleBook.filter((rule) => 'keptBy' in rule && rule.keptBy.startsWith('src/bot/words')).map(({ id }) => id);

    assert.equal(ids.length, beyond.match(/^- /gm)?.length);
    assert.deepEqual(ids, [...new Set(ids)].sort());
    assert.deepEqual(keptByWords.filter((id) => !ids.includes(id)), []);
    assert.deepEqual(ids.filter((id) => !sections.has(id)), []);
  });
});
