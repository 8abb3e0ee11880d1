import assert from 'node:assert/strict';
import fc from 'fast-check';
import { asSubscriptionId } from '../../src/domain/ids.js';
import { fieldsOf, promisedFields, whatChanged, type Held } from '../../src/domain/what-changed.js';
import { FABRIKAM, aSubscription, guid } from '../helpers/builders.js';
import type { Subscription } from '../../src/domain/facts.js';

const held = (subscription: Subscription): Held => ({ id: subscription.id, fields: fieldsOf(subscription) });
const numbered = (number: number, over: Partial<Subscription> = {}): Held => held(aSubscription({ id: asSubscriptionId(guid(number)), ...over }));
const nothing = { same: 0, changed: [], gone: 0, added: 0 };

describe('the proof that nothing changed', () => {
  it('says that all is the same when all is the same', () => {
    assert.deepEqual(whatChanged([numbered(1), numbered(2)], [numbered(2), numbered(1)]), { ...nothing, same: 2 });
  });

  it('has nothing to say where nothing was held', () => {
    assert.deepEqual(whatChanged([], []), nothing);
  });

  const changes: readonly [keyof typeof promisedFields, string, Partial<Subscription>][] = [
    ['offer', 'MP-01', { offer: 'Office 365 E5' }],
    ['quantity', 'MP-01', { quantity: 121 }],
    ['status', 'MP-01', { status: 'suspended' }],
    ['autoRenew', 'MP-01', { autoRenew: 'no' }],
    ['soldBy', 'MP-02', { soldBy: FABRIKAM }],
    ['termEnds', 'MP-03', { termEnds: '2028-03-31T00:00:00Z' }],
    ['partnerOfRecord', 'MP-04', { partnerOfRecord: FABRIKAM }],
  ];
  for (const [field, promise, over] of changes) {
    it(`names ${field} when it differs, which ${promise} promises`, () => {
      assert.deepEqual(whatChanged([numbered(1), numbered(2)], [numbered(1, over), numbered(2)]), { ...nothing, same: 1, changed: [{ id: guid(1), fields: [field] }] });
      assert.equal(promisedFields[field], promise);
    });
  }

  it('looks at every field that a promise is about', () => {
    assert.deepEqual(Object.keys(fieldsOf(aSubscription())).sort(), changes.map(([field]) => field).sort());
  });

  it('does not pass off what is gone as the same', () => {
    assert.deepEqual(whatChanged([numbered(1), numbered(2)], [numbered(1)]), { ...nothing, same: 1, gone: 1 });
  });

  it('takes what is new for no change of what existed', () => {
    assert.deepEqual(whatChanged([numbered(1)], [numbered(1), numbered(2)]), { ...nothing, same: 1, added: 1 });
  });

  it('notices a subscription that was replaced by an equal one', () => {
    assert.deepEqual(whatChanged([numbered(1)], [numbered(2)]), { ...nothing, gone: 1, added: 1 });
  });

  it('takes a field that can no longer be read for a difference, never for the same', () => {
    assert.deepEqual(whatChanged([{ id: 'a', fields: { status: 'active' } }], [{ id: 'a', fields: {} }]).changed, [{ id: 'a', fields: ['status'] }]);
  });

  describe('for any two readings', () => {
    const reading = fc.uniqueArray(fc.record({ id: fc.constantFrom(...'abcdefgh'), fields: fc.record({ status: fc.constantFrom('x', 'y'), soldBy: fc.constantFrom('x', 'y') }) }), { selector: ({ id }) => id });
    const runs = { seed: 1, numRuns: 500 };

    it('counts every subscription of the first one exactly once, and every one of the second', () => {
      fc.assert(fc.property(reading, reading, (before, after) => {
        const { same, changed, gone, added } = whatChanged(before, after);

        assert.equal(same + changed.length + gone, before.length);
        assert.equal(same + changed.length + added, after.length);
      }), runs);
    });

    it('does not depend on the order in which Microsoft lists them', () => {
      fc.assert(fc.property(reading, reading, (before, after) => {
        const sorted = ({ changed, ...counts }: ReturnType<typeof whatChanged>) => ({ ...counts, changed: [...changed].sort((one, other) => one.id.localeCompare(other.id)) });

        assert.deepEqual(sorted(whatChanged([...before].reverse(), [...after].reverse())), sorted(whatChanged(before, after)));
      }), runs);
    });

    it('says "the same" of a reading and itself, and of no other pair', () => {
      fc.assert(fc.property(reading, reading, (before, after) => {
        const { same, changed, gone, added } = whatChanged(before, after);
        const byId = (one: Held, other: Held): number => one.id.localeCompare(other.id);

        assert.deepEqual(whatChanged(before, before), { ...nothing, same: before.length });
        assert.equal(
          changed.length === 0 && gone === 0 && added === 0,
          JSON.stringify([...before].sort(byId)) === JSON.stringify([...after].sort(byId)) && same === before.length,
        );
      }), runs);
    });

    it('turns around: what was added one way is gone the other way', () => {
      fc.assert(fc.property(reading, reading, (before, after) => {
        const [there, back] = [whatChanged(before, after), whatChanged(after, before)];

        assert.deepEqual([there.gone, there.added, there.same], [back.added, back.gone, back.same]);
      }), runs);
    });
  });
});
