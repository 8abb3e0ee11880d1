/** The guarantees with the numbers of the promise. */
import { oneDecision } from './one-decision.js';
import { oneTransaction } from './one-transaction.js';
import { survivesACrash } from './survives-a-crash.js';

oneDecision({ races: 5_000 });
survivesACrash({ kills: 200 });
oneTransaction({ crashes: 20 });
