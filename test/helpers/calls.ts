import { callOf, everyOperation, isToMicrosoft, operationsOf } from './operations.js';
import type { Operation } from '../../src/microsoft/allowed-calls.js';

const pairOf = (operation: Operation): string => `${callOf(operation).method} ${callOf(operation).path}`;
const everyPair = [...new Set(everyOperation.map(pairOf))];

/**
 * What is wrong with the calls of a run, in plain sentences.
 * @param lines method and address of each
 * @param isWhole whether every test ran, so that every call of the table must have been made
 */
export const wrongWith = (lines: readonly string[], isWhole: boolean): readonly string[] => {
  const strangers = new Set<string>();
  const made = new Set<string>();
  for (const line of new Set(lines)) {
    const [method = '', address = ''] = line.split(' ');
    if (!isToMicrosoft(address)) continue;
    const named = operationsOf(method, address);
    if (named.length === 0) strangers.add(`${method} ${new URL(address).pathname}`);
    for (const { operation } of named) made.add(pairOf(operation));
  }
  return [
    ...[...strangers].map((call) => `Sent to Microsoft, and not in the table of allowed calls: ${call}`),
    ...(isWhole ? everyPair.filter((pair) => !made.has(pair)).map((pair) => `In the table of allowed calls, and never made in the whole run: ${pair}`) : []),
  ];
};
