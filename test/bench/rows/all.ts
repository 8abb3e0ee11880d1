import type { Bench } from '../bench.js';
import type { Figure } from '../report.js';
import { approve } from './approve.js';
import { cards } from './cards.js';
import { memory, start } from './fresh.js';
import { latency } from './latency.js';
import { message } from './message.js';
import { noisy } from './noisy.js';
import { notices } from './notices.js';
import { profile } from './profile.js';
import { replicas } from './replicas.js';
import { customers, million } from './stored.js';

/** What each row means is in `docs/bench.md`. */
export const rows: Readonly<Record<string, (bench: Bench) => Promise<readonly Figure[]>>> = { message, approve, latency, memory, start, million, customers, noisy, notices, replicas, cards, profile };
