import { strict as assert } from 'node:assert';
import type { Turn } from '../../src/bot/house.js';
import { lookNow } from '../../src/bot/look-now.js';
import { en } from '../../src/bot/words/en.js';
import type { RequestView } from '../../src/commands/views.js';
import { everyView, penOf } from '../helpers/views.js';

describe('a look at Microsoft’s side that somebody asked for', () => {
  const view = (name: string): RequestView => {
    const found = everyView()[name];
    return found?.view === 'request' ? found : assert.fail(name);
  };
  const [approved, established] = ['request approved', 'request established'].map(view);
  const look = (looked: 'looked' | 'late', after = approved) =>
    lookNow({ commands: { lookNow: () => Promise.resolve(looked), byId: () => Promise.resolve(after) }, speaker: {}, pen: penOf('en') } as unknown as Turn, approved ?? assert.fail());

  it('says that nothing shows there yet, or that Microsoft has not answered: never one for the other', async () => {
    assert.equal((await look('looked')).nothing, en.answers.notYet);
    assert.equal((await look('late')).nothing, en.answers.microsoftIsSlow);
  });

  it('shows what has come of it, and says nothing beside it', async () => {
    for (const looked of ['looked', 'late'] as const) assert.deepEqual(await look(looked, established), { view: established });
  });
});
