/** Another program on the same ledger: reads every invitation, then answers each one at the sign for it, as approved or as declined. */
import { openLedger } from '../../../src/ledger/ledger.js';
import { StaleLedgerError } from '../../../src/commands/ports.js';
import { isAnswerable, type Invitation } from '../../../src/domain/invitation.js';
import { anErrand, approved, approving, declined, declining, invitationId, NOON, person } from '../../ledger/builders.js';

/** When it began, when it was over, on the clock that all programs of a machine share, and whether it was the one that counts. */
export type Attempt = readonly [from: number, to: number, won: boolean];

const [url = '', count = '0', who = '1'] = process.argv.slice(2);
const { ledger, close } = await openLedger({ url, machineNow: () => NOON });
const read: (Invitation | undefined)[] = [];
for (let number = 1; number <= Number(count); number += 1) read.push(await ledger.invitation(invitationId(number)));

const clock = (): number => Number(process.hrtime.bigint() / 1000n);

const answer = async (request: Invitation | undefined): Promise<Attempt> => {
  if (!request || !isAnswerable(request)) throw new Error('Every invitation waits for an answer.');
  const entry = Number(who) % 2 === 0 ? declining(request, declined(request)) : approving(request, approved(request, person(Number(who))));
  const from = clock();
  try {
    await ledger.record({ ...entry, errands: [anErrand(`tell/${request.id}/${who}`, { invitation: request.id })] });
    return [from, clock(), true];
  } catch (error) {
    if (!(error instanceof StaleLedgerError)) throw error;
    return [from, clock(), false];
  }
};

process.on('message', (race: number | 'end') => {
  if (race !== 'end') return void answer(read[race]).then((attempt) => process.send?.(attempt));
  void close().then(() => process.disconnect?.());
});
process.send?.('ready');
