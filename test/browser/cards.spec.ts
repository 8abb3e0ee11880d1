import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { pageFile, vendorFile, type PageFile } from '../../src/local/console/files.js';
import type { AdaptiveCard } from '../../src/bot/cards/card.js';
import type { Language } from '../../src/commands/ports.js';
import { chromiumPath, needs } from '../helpers/parts.js';
import { picture } from '../helpers/pictures.js';
import { everyCard, longestNames, plainNames, type Names } from '../helpers/views.js';

const address = 'http://cards.example/';
const widths = [320, 420];

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'more-contrast': { colorScheme: 'light', contrast: 'more' },
  'high-contrast': { colorScheme: 'dark', contrast: 'more', forcedColors: 'active' },
};

/** A bare wall on which the console's own scripts and styles hang the cards. */
const wall = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Cards</title>
${['theme', 'frame', 'card'].map((name) => `<link rel="stylesheet" href="/console/page/${name}.css">`).join('')}
<style>html, body { height: auto; display: block; } #wall { width: max-content; padding: 12px; column-gap: 16px; } figure { margin: 0 0 16px; break-inside: avoid; } figcaption { font-size: 12px; }</style>
<div id="wall"></div><script src="/console/vendor/markdown-it.js"></script><script src="/console/vendor/adaptivecards.js"></script><script type="module" src="/legible.js"></script>`;

const fileOf = async (path: string): Promise<PageFile | undefined> => {
  const [, folder = '', kind, name = ''] = path.split('/');
  if (kind) return kind === 'page' ? pageFile(name) : vendorFile(name);
  if (folder === 'legible.js') return { type: 'text/javascript', bytes: await readFile(new URL('legible.js', import.meta.url)) };
  return folder === '' ? { type: 'text/html', bytes: Buffer.from(wall) } : undefined;
};

/** Everything that a button would unfold, unfolded. */
const unfolded = (card: AdaptiveCard): unknown => JSON.parse(JSON.stringify(card, (key, value: unknown) => (key === 'isVisible' ? true : value)));

const inWords = (names: Names): Names => JSON.parse(JSON.stringify(names, (_, name: unknown) => (typeof name === 'string' ? name.replace(/(.{15})./gu, '$1 ') : name))) as Names;

describe('every card, drawn by a browser', function () {
  this.timeout(60_000);
  let browser: Browser;

  before(needs.chromium());
  before(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
  });
  after(async () => browser?.close());

  const atTheWall = async <Seen>(look: BrowserContextOptions | undefined, see: (page: Page) => Promise<Seen>): Promise<Seen> => {
    const context = await browser.newContext({ ...look, viewport: { width: 1800, height: 900 } });
    try {
      const page = await context.newPage();
      await page.route(`${address}**`, async (route) => {
        const file = await fileOf(new URL(route.request().url()).pathname);
        await (file ? route.fulfill({ contentType: file.type, body: file.bytes }) : route.fulfill({ status: 404 }));
      });
      await page.goto(address);
      await page.waitForFunction('globalThis.troublesOf');
      return await see(page);
    } finally {
      await context.close();
    }
  };

  /** What a reader could not read or name, at every width. */
  const troublesOf = (look: string, language: Language, names: Names = plainNames): Promise<readonly string[]> =>
    atTheWall(looks[look], async (page) => {
      const cards = everyCard(language, names).map(([name, { card }]) => [name, unfolded(card)]);
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(String(error)));
      for (const width of widths) {
        troubles.push(...(await page.evaluate<readonly string[]>(`troublesOf(${JSON.stringify(cards)}, ${width})`)));
        await picture(page, `cards-${names === plainNames ? language : `${language}-longest`}-${look}-${width}`, { fullPage: true });
      }
      return troubles;
    });

  for (const look of Object.keys(looks)) {
    for (const language of ['en', 'tr'] as const) {
      it(`is legible in ${language}, ${look}, on a telephone and in a chat: nothing cut, nothing pale, every button and field named`, async () => {
        assert.deepEqual(await troublesOf(look, language), []);
      });
    }
  }

  it('has room for the longest names that can be', async () => {
    assert.deepEqual(await troublesOf('light', 'tr', inWords(longestNames)), []);
  });

  it('would not pass this test with a line that is cut, a pale word or a nameless field', async () => {
    const poor = [
      { type: 'TextBlock', text: 'A heading', style: 'heading' },
      { type: 'TextBlock', text: 'A line that does not wrap and is much too long for its place, wherever that may be' },
      { type: 'Input.Text', id: 'nameless' },
      { type: 'ActionSet', actions: [{ type: 'Action.Execute', title: '' }] },
    ];

    const troubles = await atTheWall(looks['light'], async (page) => {
      await page.addStyleTag({ content: '[role="heading"] { color: #aaa !important; }' });
      return page.evaluate<readonly string[]>(`troublesOf(${JSON.stringify([['poor', { type: 'AdaptiveCard', version: '1.5', body: poor }]])}, 320)`);
    });

    for (const [at, found] of [/contrast of 2/, /is cut/, /field \(text\) has no name/, /button has no name/].entries()) assert(troubles.some((trouble) => found.test(trouble)), `${at}: ${troubles.join('\n')}`);
  });
});
