import { strangersLeaveNothing } from './strangers.js';

strangersLeaveNothing(4_000);
