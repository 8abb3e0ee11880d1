/** The short form of every guarantee; `npm run test:long` has the numbers of the promise. */
import { oneDecision } from './one-decision.js';
import { oneTransaction } from './one-transaction.js';
import { survivesACrash } from './survives-a-crash.js';

oneDecision({ races: 100 });
survivesACrash({ kills: 5 });
oneTransaction({ crashes: 1, engines: ['SQLite'] });
