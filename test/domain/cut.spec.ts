import { strict as assert } from 'node:assert';
import { cut } from '../../src/domain/cut.js';

describe('a text that is too long', () => {
  it('is cut between letters, and any URL can carry it', () => {
    const text = 'Contoso 🏢🏢';

    for (let longest = 0; longest <= text.length; longest += 1) {
      const kept = cut(text, longest);
      assert(text.startsWith(kept) && kept.length <= longest && kept.length >= longest - 1);
      assert.doesNotThrow(() => encodeURIComponent(kept), `${longest}`);
    }
    assert.equal(cut(text, 100), text);
  });
});
