import assert from 'node:assert/strict';
import type { Rule } from '../../src/domain/rule.js';
import * as rules from '../../src/domain/rules.js';

describe('the rule book', () => {
  const asked: readonly Rule<never>[] = [...rules.doorRules, ...rules.invitationRules, ...rules.answerRules];

  it('names every rule once', () => {
    const ids = rules.ruleBook.map(({ id }) => id);

    assert.deepEqual([...new Set(ids)], ids);
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

  it('promises four things at the moment of consent', () => {
    assert.deepEqual(rules.promises.map(({ id }) => id), ['MP-01', 'MP-02', 'MP-03', 'MP-04']);
  });
});
