import { leaveOut } from '../helpers/parts.js';
import { postgresPlace, sqlitePlace, type Place } from '../ledger/engines.js';

export type Engine = 'SQLite' | 'PostgreSQL';
export type At = () => Place;

/** The same promise on a file and on a server; each time in a fresh, empty place. */
export const onBothEngines = (hold: (at: At, engine: Engine) => void, engines: readonly Engine[] = ['SQLite', 'PostgreSQL']): void => {
  for (const engine of engines) {
    describe(`on ${engine}`, () => {
      let place: Place | undefined;
      beforeEach(async function () {
        place = await (engine === 'SQLite' ? sqlitePlace() : postgresPlace());
        if (!place) leaveOut(this, 'no PostgreSQL answers; set TEST_DATABASE_URL.');
      });
      afterEach(() => place?.leave());

      hold(() => {
        if (!place) throw new Error('No place yet.');
        return place;
      }, engine);
    });
  }
};
