import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { keepDuty, type Duty } from '../../src/commands/duty.js';

describe('what one replica does for all of them', () => {
  const duties: Duty[] = [];
  afterEach(() => Promise.all(duties.splice(0).map((duty) => duty.leave())));

  /** A ledger with one lease in it. */
  const aLedger = () => {
    const kept = { holder: '', until: 0, isAway: false };
    const of = (holder: string, leaseMs: number, elapsed?: () => number) => {
      const taken: string[] = [];
      const duty = keepDuty({
        leaseMs, ...(elapsed && { elapsed }),
        take: async (ms) => {
          if (kept.isAway) throw new Error('away');
          const isFree = kept.holder === holder || kept.until <= performance.now();
          if (isFree) [kept.holder, kept.until] = [holder, performance.now() + ms];
          return isFree;
        },
        leave: async () => void (kept.holder === holder && (kept.until = 0)),
      });
      duties.push(duty);
      duty.onTaken(() => taken.push(holder));
      return { duty, taken };
    };
    return { kept, of };
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    for (const end = performance.now() + 1500; !isSo();) {
      assert(performance.now() < end, 'waited in vain');
      await pause(2);
    }
  };

  it('is done by the first, heard once, and kept while it lives', async () => {
    const { of } = aLedger();
    const first = of('first', 90);
    await until(() => first.duty.isMine());
    const second = of('second', 90);

    await pause(300);

    assert.deepEqual([first.duty.isMine(), second.duty.isMine()], [true, false]);
    assert.deepEqual([first.taken, second.taken], [['first'], []]);
  });

  it('goes to the next when the first leaves', async () => {
    const { of } = aLedger();
    const first = of('first', 90);
    await until(() => first.duty.isMine());
    const second = of('second', 90);

    await first.duty.leave();

    assert.equal(first.duty.isMine(), false);
    await until(() => second.duty.isMine());
    assert.deepEqual(second.taken, ['second']);
  });

  it('counts as lost, where no answer comes, before anybody else can have it; and comes back by itself', async () => {
    let elapsed = 0;
    const { kept, of } = aLedger();
    const { duty, taken } = of('first', 90, () => elapsed);
    await until(() => duty.isMine());

    kept.isAway = true;
    await pause(100);
    elapsed = 89;
    assert.equal(duty.isMine(), true);
    elapsed = 90;
    assert.equal(duty.isMine(), false);

    kept.isAway = false;
    await until(() => duty.isMine());
    assert.deepEqual(taken, ['first', 'first']);
  });
});
