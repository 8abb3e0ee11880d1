/** The guarantees with the numbers of the promise. */
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
import { takeover } from './takeover.js';

oneDecision({ races: 5_000 });
survivesACrash({ kills: 200 });
oneTransaction({ crashes: 20 });
takeover();
stopUnderLoad({ stops: 10 });
storageAway({ times: 10 });
fullDisk({ times: 10 });
restore({ backups: 10 });
redisAway();
deliveredOrDead({ notices: 10_000 });
oneEffect({ rounds: 20 });
inTime({ turns: 2_000 });
