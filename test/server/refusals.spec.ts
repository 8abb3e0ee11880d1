import { strangersLeaveNothing } from './strangers.js';

strangersLeaveNothing(800);
