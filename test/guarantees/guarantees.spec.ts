/** The short form of every guarantee; `npm run test:long` has the numbers of the promise. */
import { deliveredOrDead } from './delivered-or-dead.js';
import { fullDisk } from './full-disk.js';
import { inTime } from './in-time.js';
import { oneDecision } from './one-decision.js';
import { oneEffect } from './one-effect.js';
import { oneTransaction } from './one-transaction.js';
import { redisAway } from './redis-away.js';
import { restore } from './restore.js';
import { stopUnderLoad } from './stop-under-load.js';
import { storageAway } from './storage-away.js';
import { survivesACrash } from './survives-a-crash.js';

oneDecision({ races: 100 });
survivesACrash({ kills: 5 });
oneTransaction({ crashes: 1, engines: ['SQLite'] });
stopUnderLoad({ stops: 1 });
storageAway({ times: 1 });
fullDisk({ times: 2 });
restore({ backups: 1 });
redisAway();
deliveredOrDead({ notices: 200 });
oneEffect({ rounds: 1, engines: ['SQLite'] });
inTime({ turns: 60, engines: ['SQLite'] });
