/** What exists only so that one machine can run it all. Reached by one dynamic import. */
export { startSandbox } from './partner-center/sandbox.js';
export { createTeams } from './teams/teams.js';
export { mountConsole } from './console/console.js';
