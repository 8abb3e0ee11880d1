import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openLedger } from '../../src/ledger/ledger.js';
import { aDraft, drafting, NOON, sent, toCustomer } from '../ledger/builders.js';
import { inJavaScript } from '../helpers/in-javascript.js';
import { figure } from './figure.js';
import { onBothEngines } from './places.js';
import type { Attempt } from './programs/answer-all.js';
import { rowsAt } from './rows.js';

/** Whether somebody else was at the same invitation at the same moment. */
const collided = ([from, to]: Attempt, others: readonly Attempt[]): boolean => others.some(([began, ended]) => began < to && from < ended);

export const oneDecision = ({ races }: { readonly races: number }): void => {
  describe('G1: an invitation has at most one decision, forever', () => {
    onBothEngines((at, engine) => {
      for (const programs of [2, 4]) {
        it(`however often ${programs} programs answer at once`, async () => {
          const { url } = at();
          const { ledger, close } = await openLedger({ url, machineNow: () => NOON });
          for (let number = 1; number <= races; number += 1) await ledger.record(drafting(sent(aDraft(number, toCustomer(number + 100)))));
          await close();

          const running = Array.from({ length: programs }, (_, who) => fork(inJavaScript('test/guarantees/programs/answer-all.ts'), [url, String(races), String(who + 1)], { execArgv: [] }));
          await Promise.all(running.map((one) => once(one, 'message')));
          const perRace: (readonly Attempt[])[] = [];
          for (let race = 0; race < races; race += 1) {
            const answers = running.map(async (one) => (await once(one, 'message'))[0] as Attempt);
            for (const one of running) one.send(race);
            perRace.push(await Promise.all(answers));
          }
          for (const one of running) one.send('end');

          const collisions = perRace.flatMap((attempts) => attempts.filter((one) => collided(one, attempts.filter((other) => other !== one)))).length;
          figure('G1', `${engine}, ${programs} programs: ${races} races, ${races * programs} attempts, ${collisions} collided (${Math.round((100 * collisions) / races / programs)} %), 0 second decisions`);
          assert.deepEqual(perRace.filter((attempts) => attempts.filter(([, , won]) => won).length !== 1), [], 'exactly one answer of each race counts');
          const rows = await rowsAt(url);
          assert.equal(Number((await rows('SELECT COUNT(DISTINCT invitation) AS many FROM decision'))[0]?.['many']), races);
          for (const [table, invitation, where] of [['decision', 'invitation', ''], ['audit', 'chain', `WHERE event IN ('InvitationApproved', 'InvitationDeclined')`], ['errand', 'invitation', '']]) {
            assert.deepEqual(await rows(`SELECT ${invitation} FROM ${table} ${where} GROUP BY ${invitation} HAVING COUNT(*) <> 1`), [], `one row of ${table} each`);
            assert.equal(Number((await rows(`SELECT COUNT(*) AS many FROM ${table} ${where}`))[0]?.['many']), races, table);
          }
          await rows.close();
          assert(collisions >= (races * programs) / 3, 'a third of the attempts truly collided');
        });
      }
    });
  });
};
