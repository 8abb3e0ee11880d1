import assert from 'node:assert/strict';
import type { Rule } from '../../src/domain/rule.js';
import * as rules from '../../src/domain/rules.js';

describe('the rule book', () => {
  const asked: readonly Rule<never>[] = [
    ...rules.doorRules, ...rules.invitationRules, ...rules.answerRules, ...rules.assignRules, ...rules.removalRules, ...rules.endRules,
  ];

  it('names every rule once', () => {
    const ids = rules.ruleBook.map(({ id }) => id);

    assert.deepEqual([...new Set(ids)], ids);
  });

  it('has the whole catalogue, and two promises of its own', () => {
    const catalogue = Array.from({ length: 85 }, (_, before) => `MP-${String(before + 1).padStart(2, '0')}`);

    assert.deepEqual(rules.ruleBook.map(({ id }) => id), [...catalogue, 'OWN-01', 'OWN-02']);
  });

  it('stands in the order of the catalogue', () => {
    const ids = rules.ruleBook.map(({ id }) => id);

    assert.deepEqual(ids, [...ids].sort());
  });

  it('holds every rule that is asked anywhere', () => {
    const ids = new Set<string>(rules.ruleBook.map(({ id }) => id));

    assert.deepEqual(asked.filter(({ id }) => !ids.has(id)), []);
  });

  it('asks every rule of it that can refuse', () => {
    const ids = new Set(asked.map(({ id }) => id));

    assert.deepEqual(rules.ruleBook.filter((rule) => 'asks' in rule && !ids.has(rule.id)), []);
  });

  it('keeps a draft by every rule but the one about who sends it', () => {
    assert.deepEqual(rules.invitationRules.filter((rule) => !(rules.draftRules as readonly unknown[]).includes(rule)).map(({ id }) => id), ['MP-12']);
  });

  it('refuses under codes, never under words', () => {
    const codes = asked.map(({ code }) => code);

    assert(codes.every((code) => /^[A-Z][A-Z_]+$/.test(code)), codes.join(' '));
  });

  it('promises four things at the moment of consent', () => {
    assert.deepEqual(rules.promises.map(({ id }) => id), ['MP-01', 'MP-02', 'MP-03', 'MP-04']);
  });
});
