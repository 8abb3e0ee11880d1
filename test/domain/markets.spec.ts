import assert from 'node:assert/strict';
import { marketOf, markets } from '../../src/domain/markets.js';

describe('the CSP markets', () => {
  for (const [country, market] of [
    ['TR', 'middleEastCentralEasternEurope'], ['AE', 'middleEastCentralEasternEurope'], ['DE', 'europe'], ['CH', 'europe'], ['GB', 'europe'], ['US', 'unitedStates'],
    ['PR', 'latinAmericaCaribbean'], ['MX', 'latinAmericaCaribbean'], ['SG', 'asiaPacific'], ['NG', 'africa'], ['ZA', 'middleEastCentralEasternEurope'], ['AU', 'australia'],
  ] as const) {
    it(`put ${country} into ${market}`, () => assert.equal(marketOf(country), market));
  }

  for (const [country, market] of [['BR', 'brazil'], ['IN', 'india'], ['JP', 'japan'], ['KR', 'korea'], ['TW', 'taiwan'], ['CN', 'china']] as const) {
    it(`leave ${market} to ${country} alone`, () => {
      const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
      const countries = letters.flatMap((one) => letters.map((other) => one + other));

      assert.deepEqual(countries.filter((each) => marketOf(each) === market), [country]);
    });
  }

  it('are fifteen', () => assert.equal(markets.length, 15));

  it('know a country in lower case', () => assert.equal(marketOf('tr'), marketOf('TR')));

  for (const nowhere of ['KP', 'CU', 'ZZ', '', 'unknown']) {
    it(`hold no place for "${nowhere}"`, () => assert.equal(marketOf(nowhere), undefined));
  }
});
