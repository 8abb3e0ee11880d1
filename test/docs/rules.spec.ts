import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wordsIn } from '../../src/bot/words/index.js';
import * as rules from '../../src/domain/rules.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

const [kept = '', later = ''] = read('docs/rules.md').split('\n## Not in this version\n');
const sections = new Map(kept.split(/^### /m).slice(1).map((text) => [text.slice(0, 5), text.replace(/\n## [^]*$/, '')] as const));
const idsLater = [...later.matchAll(/^- (MP-\d\d): \S/gm)].map(([, id = '']) => id);
const catalogue = Array.from({ length: 85 }, (_, before) => `MP-${String(before + 1).padStart(2, '0')}`);

type InTheBook = (typeof rules.ruleBook)[number];
const places: readonly (readonly [string, readonly { readonly id: string }[]])[] = [
  ['at the door', rules.doorRules], ['about a customer', rules.invitationRules], ['on an answer', rules.answerRules],
];
const nameOf = (rule: InTheBook): string => Object.entries(rules).find(([, value]) => value === rule)?.[0] ?? '';

/** What the page says about a rule, word for word; after it come the tests that show it. */
const asOnThePage = (rule: InTheBook): string => {
  const asked = places.filter(([, list]) => list.some(({ id }) => id === rule.id)).map(([place]) => place);
  const [place = '', ...why] = 'keptBy' in rule ? rule.keptBy.split(': ') : [];
  return [
    rule.id, '', `> ${rule.source}`, '>', `> ${wordsIn('tr').rules[rule.id]}`, '',
    `- Origin: ${rule.origin}${rule.code ? ` · code: \`${rule.code}\`` : ''} · in code: \`${nameOf(rule)}\``,
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

  it('has no rule that is not in the code, and keeps their order', () => {
    assert.deepEqual([...sections.keys()], rules.ruleBook.map(({ id }) => id));
  });

  it('says of every other rule of the catalogue, once, that it is not in this version', () => {
    assert.deepEqual([...idsLater].sort(), catalogue.filter((id) => !sections.has(id)));
  });
});
