import assert from 'node:assert/strict';
import { changedSince, printOf, tellRuleChanges } from '../../src/commands/tell-rule-changes.js';
import { ruleBook } from '../../src/domain/rules.js';
import { can, deniz, elif, openHouse, type House } from './house.js';

const reworded = ruleBook.map((rule) => (rule.id === 'MP-06' ? { ...rule, source: 'A CSP partner may resell to every second CSP partner.' } : rule));

describe('a rule book that changed with an update', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
    await house.meets(elif, deniz, can);
    house.is(can, { roles: ['user'] });
  });
  afterEach(() => house.leave());

  const rulesTold = (who: typeof elif) => house.sentTo(who).flatMap((view) => (view.view === 'rulesChanged' ? view.rules : []));

  it('is no news the first time', async () => {
    assert.deepEqual(await tellRuleChanges(house.ports)(), []);
    await house.runsErrands();

    assert.deepEqual(rulesTold(elif), []);
  });

  it('is told once, with the rules that changed, to those who may invite or decide', async () => {
    await tellRuleChanges(house.ports)();

    assert.deepEqual(await tellRuleChanges(house.ports, reworded)(), ['MP-06']);
    assert.deepEqual(await tellRuleChanges(house.ports, reworded)(), []);
    await house.runsErrands();

    assert.deepEqual([rulesTold(elif), rulesTold(deniz), rulesTold(can)], [['MP-06'], ['MP-06'], []]);
  });

  it('is told once even when the service died before it could note that', async () => {
    await tellRuleChanges(house.ports)();
    const before = await house.ledger.mark('rule book');
    await tellRuleChanges(house.ports, reworded)();
    await house.ledger.keepMark('rule book', before ?? '');

    await tellRuleChanges(house.ports, reworded)();
    await house.runsErrands();

    assert.deepEqual(rulesTold(elif), ['MP-06']);
  });

  it('names what is new and what is gone', () => {
    const before = printOf(ruleBook);

    assert.deepEqual(changedSince(before, printOf(ruleBook.slice(1))), ['MP-01']);
    assert.deepEqual(changedSince(printOf(ruleBook.slice(1)), before), ['MP-01']);
  });
});
