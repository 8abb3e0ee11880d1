/** Another program on the same ledger: reads every invitation, waits for the sign, then answers all of them. */
import { openLedger } from '../../../src/ledger/ledger.js';
import { StaleLedgerError } from '../../../src/commands/ports.js';
import { isAnswerable } from '../../../src/domain/invitation.js';
import { approved, approving, invitationId, NOON, person } from '../builders.js';

const [url = '', count = '0', who = '1'] = process.argv.slice(2);
const { ledger, close } = await openLedger({ url, machineNow: () => NOON });
const read = await Promise.all(Array.from({ length: Number(count) }, (_, number) => ledger.invitation(invitationId(number + 1))));

const answerAll = async (): Promise<void> => {
  const won: string[] = [];
  let late = 0;
  for (const request of read) {
    if (!request || !isAnswerable(request)) throw new Error('Every invitation waits for an answer.');
    try {
      await ledger.record(approving(request, approved(request, person(Number(who)))));
      won.push(request.id);
    } catch (error) {
      if (!(error instanceof StaleLedgerError)) throw error;
      late += 1;
    }
  }
  await close();
  process.send?.({ won, late });
  process.disconnect?.();
};

process.once('message', () => void answerAll());
process.send?.('ready');
