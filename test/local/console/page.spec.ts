import { strict as assert } from 'node:assert';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { picture } from '../../helpers/pictures.js';
import { asAttachment, cardAnswer, sampleCard, sentenceAnswer } from './cards.js';
import { startDesk, until, type Desk } from './desk.js';
import { ids } from './stand-ins.js';

const isThere = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const chromiumPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name))).find(isThere);

/** WCAG 2 contrast of two of the theme's colours, as the browser computes them. */
const contrast = `const light = (name) => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'var(--' + name + ')';
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\\d.]+/g).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  probe.remove();
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [bright, dim] = [light(one), light(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}`;

describe('the console’s page', function () {
  this.timeout(60_000);
  if (!chromiumPath) {
    it('is looked at only where there is a Chromium on the PATH; here is none');
    return;
  }
  let browser: Browser;
  let desk: Desk;
  let complaints: string[];

  before(async () => { browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] }); });
  after(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    desk = await startDesk();
    desk.bot.answer = async ({ type, text, action, conversation }) => {
      if (action === 'add') await desk.bot.write(conversation.id, { type: 'message', text: 'Welcome', summary: 'Welcome' });
      if (text) await desk.bot.write(conversation.id, { type: 'message', summary: 'Ready to invite', attachments: [asAttachment(sampleCard())] });
      return type === 'invoke' ? { body: cardAnswer(sampleCard('Sent to Contoso')) } : undefined;
    };
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await desk.stop();
  });

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', reducedMotion: 'reduce', ...options })).newPage();
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(desk.url);
    await page.locator('.pane:visible .bubble').first().waitFor();
    return page;
  };
  const left = (page: Page, selector: string) => page.locator(`.pane.left ${selector}`);
  const focused = (page: Page): Promise<string> => page.evaluate(`document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''`);
  const tabTo = async (page: Page, label: string | RegExp): Promise<void> => {
    await until(`the keyboard to reach ${String(label)}; it is at ${await focused(page)}`, async () => {
      await page.keyboard.press('Tab');
      const words = await focused(page);
      return typeof label === 'string' ? words === label : label.test(words);
    });
  };
  const askForCard = async (page: Page): Promise<void> => {
    await left(page, 'textarea').fill('invite contoso.com because Azure backup');
    await left(page, 'textarea').press('Enter');
    await left(page, '.card').last().waitFor();
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits into 320, 420, 768 and 1280 pixels in the ${colorScheme} theme, without a complaint`, async () => {
      for (const [width, height] of [[320, 640], [420, 800], [768, 900], [1280, 800]] as const) {
        const page = await open({ viewport: { width, height }, colorScheme, locale: width === 420 ? 'tr-TR' : 'en-US' });
        await askForCard(page);
        await picture(page, `${colorScheme}-${width}`);
        assert(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${width} px wide`);
        assert(await left(page, '.talk').evaluate((talk) => talk.scrollWidth <= talk.clientWidth), `the chat in ${width} px`);
        await page.close();
      }
      assert.deepEqual(complaints, []);
    });
  }

  it('keeps every text at least 4.5 to 1 against its ground, light and dark', async () => {
    const grounds = ['surface', 'surface-2', 'surface-hover', 'card', 'brand-soft', 'good-soft', 'warning-soft', 'danger-soft', 'accent-soft', 'emphasis-soft'];
    const pairs = [
      ...grounds.flatMap((ground) => [['text', ground], ['text-2', ground]]), ...['surface', 'brand-soft', 'card'].map((ground) => ['brand-text', ground]),
      ...['brand', 'brand-hover', 'brand-pressed'].map((ground) => ['on-brand', ground]), ['danger', 'danger-soft'], ['danger', 'card'], ['good', 'card'], ['warning', 'surface'],
    ];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ colorScheme });
      const faint = await page.evaluate(`${contrast}; ${JSON.stringify(pairs)}.map(([text, ground]) => [text, ground, contrast(text, ground)]).filter(([, , ratio]) => ratio < 4.5)`);
      assert.deepEqual(faint, [], colorScheme);
      await page.close();
    }
  });

  it('can be used by keyboard alone: choose a person, install, write, press a card’s button', async () => {
    const page = await open();

    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to the message box');
    await tabTo(page, 'Who sits on the left');
    await page.keyboard.type('Murat');
    await left(page, '.absent').waitFor();
    await tabTo(page, 'Install the app');
    await page.keyboard.press('Enter');
    await left(page, '.bubble').waitFor();
    await until('the keyboard to be in the message box', async () => (await focused(page)) === 'Message as Murat Demir');
    await page.keyboard.type('davet');
    await page.keyboard.press('Enter');
    await left(page, '.card').waitFor();
    await page.keyboard.press('Shift+Tab');
    await until('the keyboard to reach the card', async () => {
      await page.keyboard.press('Shift+Tab');
      return (await focused(page)) === 'Send';
    });
    await page.keyboard.press('Enter');

    await left(page, '.card [role="heading"]').filter({ hasText: 'Sent to Contoso' }).waitFor();
    assert.equal(await focused(page), 'Send', 'the keyboard stays where it was in the card');
    assert.equal(await left(page, '.updated').innerText(), 'Updated');
    const { value } = desk.bot.heard.at(-1)?.activity ?? assert.fail();
    assert.deepEqual((value as { action: unknown }).action, { type: 'Action.Execute', verb: 'send-invitation', data: { verb: 'send-invitation', invitation: 'i-1', reason: 'Azure backup', kind: 'reseller' } });
    assert.deepEqual(complaints, []);
  });

  it('gives the two companies at the table different colours', async () => {
    const page = await open();

    const colours = await page.locator('.seat .avatar').evaluateAll((avatars) => avatars.map((avatar) => avatar.computedStyleMap().get('color')?.toString()));

    assert.equal(new Set(colours).size, 2);
  });

  it('opens a card’s further actions as a menu for arrows, Enter and Escape', async () => {
    const page = await open();
    await askForCard(page);
    const more = left(page, '.ac-pushButton[aria-label="More options"]');

    await more.focus();
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'Why these rules?');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(page), 'Open Microsoft’s page');
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), 'More options');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');

    await until('the bot to be asked', () => JSON.stringify(desk.bot.heard.at(-1)?.activity.value ?? '').includes('"verb":"why"'));
    assert.doesNotMatch(JSON.stringify(desk.bot.heard.at(-1)?.activity.value), /reason/, 'this button takes no fields along');
    assert.deepEqual(complaints, []);
  });

  it('does not send a card whose required field is empty', async () => {
    const page = await open();
    await askForCard(page);
    const before = desk.bot.heard.length;

    await left(page, '.card input[type="text"]').first().fill('');
    await left(page, '.ac-pushButton').filter({ hasText: /^Send$/ }).click();

    await page.getByText('Say why, in one line.').waitFor();
    assert.equal(desk.bot.heard.length, before);
  });

  it('says when the app cannot be reached, and tries again', async () => {
    const page = await open();
    await askForCard(page);
    const answer = desk.bot.answer;
    desk.bot.answer = () => ({ status: 502 });

    await left(page, '.ac-pushButton').filter({ hasText: /^Send$/ }).click();
    await left(page, '.failed').filter({ hasText: 'Unable to reach app.' }).waitFor();
    desk.bot.answer = answer;
    await left(page, '.failed button').click();

    await left(page, '.card [role="heading"]').filter({ hasText: 'Sent to Contoso' }).waitFor();
    assert.equal(await left(page, '.failed').count(), 0);
  });

  it('keeps the reader’s place, the keyboard’s place and the typed words when a card changes under them', async () => {
    const page = await open();
    await askForCard(page);
    for (let line = 0; line < 12; line += 1) await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: `Line ${line}` });
    await left(page, '.bubble').filter({ hasText: 'Line 11' }).waitFor();
    const card = desk.teams.chat(ids.elif).messages.find(({ attachments }) => attachments) ?? assert.fail();
    await left(page, '.card input[type="text"]').first().fill('My own words');
    const talk = left(page, '.talk');
    await talk.evaluate((one) => { one.scrollTop = 60; });
    const place = await talk.evaluate((one) => one.scrollTop);

    for (const title of ['Changed', 'Again']) {
      await bot(`conversations/a:${ids.elif}/activities/${card.id}`, { type: 'message', attachments: [asAttachment(sampleCard(title))] });

      await left(page, '.card [role="heading"]').filter({ hasText: title }).waitFor();
      assert.equal(await talk.evaluate((one) => one.scrollTop), place);
      assert.equal(await left(page, '.card input[type="text"]').first().inputValue(), 'My own words');
    }
    await page.keyboard.type('!');
    assert.equal(await left(page, '.card input[type="text"]').first().inputValue(), 'My own words!', 'the keyboard is still in the field');
  });
  const bot = (path: string, body: unknown) => desk.bot.call(path, body, 'PUT');

  it('leaves the form that is open and half written as it is when a button is answered with a sentence', async () => {
    const page = await open();
    const form = { type: 'Container', id: 'form', isVisible: false, items: [{ type: 'Input.Text', id: 'question', label: 'Your question', isMultiline: true }] };
    const actions = [{ type: 'Action.ToggleVisibility', title: 'Ask', targetElements: ['form'] }, { type: 'Action.Execute', title: 'Why', verb: 'why', associatedInputs: 'none' }];
    await desk.bot.write(`a:${ids.elif}`, { type: 'message', attachments: [asAttachment({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'ActionSet', actions }, form] })] });
    await left(page, '.ac-pushButton').filter({ hasText: 'Ask' }).click();
    await left(page, 'textarea.ac-input').fill('How long');

    for (const sentence of ['Because of a rule.', 'Because of another rule.']) {
      desk.bot.answer = () => ({ body: sentenceAnswer(sentence) });
      await left(page, '.ac-pushButton').filter({ hasText: 'Why' }).click();
      await left(page, '.note').filter({ hasText: sentence }).waitFor();
      assert.deepEqual([await left(page, 'textarea.ac-input').isVisible(), await left(page, 'textarea.ac-input').inputValue(), await left(page, '.note').count()], [true, 'How long', 1]);
    }
  });

  it('stays at the newest message when a card above it grows', async () => {
    const page = await open();
    const card = (lines: number) => ({ type: 'message', attachments: [asAttachment({ type: 'AdaptiveCard', version: '1.5', body: Array.from({ length: lines }, (_, at) => ({ type: 'TextBlock', text: `Line ${at}`, wrap: true })) })] });
    const id = await desk.bot.write(`a:${ids.elif}`, card(20));
    await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: 'The newest', summary: 'The newest' });
    const newest = left(page, '.bubble').filter({ hasText: 'The newest' });
    await newest.waitFor();
    await left(page, '.talk').evaluate((one) => { one.scrollTop = one.scrollHeight; });

    await bot(`conversations/a:${ids.elif}/activities/${id}`, card(30));
    await left(page, '.card').filter({ hasText: 'Line 29' }).waitFor();

    await until('the newest to be in sight', async () => {
      const [window, said] = [await left(page, '.talk').boundingBox(), await newest.boundingBox()];
      return window && said && said.y + said.height <= window.y + window.height;
    });
  });

  it('sends the admin to the sandbox’s page as the person who sits there, in the page’s language', async () => {
    const page = await open({ locale: 'tr-TR' });
    const link = { type: 'Action.OpenUrl', title: 'Open', url: `${desk.sandbox.url}/Adminportal/Home?partnerId=p#/BillingAccounts` };
    await desk.bot.write(`a:${ids.ayse}`, { type: 'message', attachments: [asAttachment({ type: 'AdaptiveCard', version: '1.5', body: [], actions: [link] })] });

    const opened = page.context().waitForEvent('page');
    await page.locator('.pane.right .ac-pushButton').click();

    assert.equal((await opened).url(), `${desk.sandbox.url}/Adminportal/Home?partnerId=p&signedInAs=${ids.ayse}&lang=tr#/BillingAccounts`);
  });

  it('shows a name that is markup as the letters it is made of', async () => {
    const page = await open();
    await left(page, 'select').selectOption(ids.alex);

    await left(page, '.absent h2').filter({ hasText: '<img src=x onerror=alert(1)> **Alex** has not installed the app' }).waitFor();
    await desk.teams.install({ tenant: ids.adatum, id: ids.alex, name: 'Alex', locale: 'en-US' });
    await desk.bot.write(`a:${ids.alex}`, { type: 'message', text: '<img src=x onerror=alert(2)> [x](javascript:alert(3))' });

    await left(page, '.bubble').filter({ hasText: '<img src=x onerror=alert(2)>' }).waitFor();
    assert.equal(await left(page, '.log img[src="x"], .log a').count(), 0);
    assert.deepEqual(complaints, []);
  });

  it('says of everybody in the list whether the app is there now, wherever it was installed', async () => {
    const page = await open();
    const alex = left(page, `select option[value="${ids.alex}"]`);
    assert.match(await alex.innerText(), /no app yet/);

    await desk.teams.install({ tenant: ids.adatum, id: ids.alex, name: 'Alex', locale: 'en-US' });
    await until('the list to know', async () => /app installed/.test(await alex.innerText()));
    await left(page, 'select').selectOption(ids.alex);
    await desk.teams.uninstall({ tenant: ids.adatum, id: ids.alex, name: 'Alex', locale: 'en-US' });

    await until('the list to know again', async () => /no app yet/.test(await alex.innerText()));
    assert.deepEqual(complaints, []);
  });

  it('brings what is folded out on a card into sight', async () => {
    const page = await open();
    const form = { type: 'Container', id: 'form', isVisible: false, items: [{ type: 'Input.Text', id: 'question', label: 'Your question', isMultiline: true }] };
    const filling = Array.from({ length: 20 }, (_, at) => ({ type: 'TextBlock', text: `Line ${at}`, wrap: true }));
    const actions = [{ type: 'Action.ToggleVisibility', title: 'Ask', targetElements: ['form'] }];
    await desk.bot.write(`a:${ids.elif}`, { type: 'message', attachments: [asAttachment({ type: 'AdaptiveCard', version: '1.5', body: [...filling, { type: 'ActionSet', actions }, form] })] });
    const ask = left(page, '.ac-pushButton').filter({ hasText: 'Ask' });
    await ask.click();

    const [talk, question] = [left(page, '.talk'), left(page, 'textarea.ac-input')];
    await until('the field to be in sight', async () => {
      const [window, field] = [await talk.boundingBox(), await question.boundingBox()];
      return window && field && field.y >= window.y && field.y + field.height <= window.y + window.height;
    });
  });

  it('offers its suggestions in the language in which the bot speaks to that person', async () => {
    const page = await open();
    const first = left(page, '.chip').first();
    assert.match(await first.innerText(), /^invite /);

    await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: 'Sizinle Türkçe konuşacağım.', locale: 'tr' });
    await until('Turkish suggestions', async () => /davet et/.test(await first.innerText()));
    await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: 'I’ll speak English with you.', locale: 'en' });

    await until('English suggestions', async () => /^invite /.test(await first.innerText()));
  });

  it('reads a message aloud without its Markdown', async () => {
    const page = await open();
    await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: 'Write **help**', summary: 'Write help' });

    await left(page, '.author .hidden').filter({ hasText: /^Write help$/ }).waitFor({ state: 'attached' });
  });

  it('speaks Turkish to a Turkish browser, English on demand, and remembers theme and language', async () => {
    const page = await open({ locale: 'tr-TR', colorScheme: 'light' });
    assert.equal(await page.locator('h1').innerText(), 'İş ortağı davetleri');

    await page.locator('#language').click();
    await page.locator('#theme').click();
    await page.reload();

    assert.equal(await page.locator('h1').innerText(), 'Partner invitations');
    assert.deepEqual(await page.evaluate('[document.documentElement.lang, getComputedStyle(document.documentElement).colorScheme]'), ['en', 'dark']);
  });

  it('shows the answer that comes while it still moves to the sentence before', async () => {
    const page = await open({ reducedMotion: 'no-preference' });
    for (let at = 0; at < 12; at += 1) await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: `Line ${at}` });
    const talk = left(page, '.talk');
    const toEnd = (): Promise<number> => talk.evaluate((one) => Math.round(one.scrollHeight - one.clientHeight - one.scrollTop));
    await until('the last line', async () => (await left(page, '.bubble').last().innerText()) === 'Line 11' && (await toEnd()) === 0);

    for (const text of ['A sentence', 'Its answer']) {
      await desk.bot.write(`a:${ids.elif}`, { type: 'message', text: `${text} of several lines. `.repeat(12) });
      await left(page, '.bubble').filter({ hasText: text }).waitFor();
    }

    await until('the end of the chat', async () => (await toEnd()) === 0);
  });

  it('comes to what one writes below a card that is taller than the window', async () => {
    const page = await open({ reducedMotion: 'no-preference' });
    desk.bot.answer = () => ({});
    await desk.bot.write(`a:${ids.elif}`, { type: 'message', attachments: [asAttachment({ type: 'AdaptiveCard', version: '1.5', body: Array.from({ length: 60 }, (_, at) => ({ type: 'TextBlock', text: `Line ${at}` })) })] });
    await left(page, '.card').filter({ hasText: 'Line 59' }).waitFor();
    const talk = left(page, '.talk');
    const toEnd = (): Promise<number> => talk.evaluate((one) => Math.round(one.scrollHeight - one.clientHeight - one.scrollTop));
    assert(await toEnd() > 200);

    await left(page, 'textarea').fill('My own words. '.repeat(20));
    await left(page, 'textarea').press('Enter');

    await left(page, '.bubble').filter({ hasText: 'My own words' }).waitFor();
    await until('what was written to be in sight', async () => (await toEnd()) === 0);
  });

  it('tells the other one at the table with a toast, and on a phone with a mark on the switch', async () => {
    const page = await open();
    await left(page, 'textarea').focus();
    await desk.bot.write(`a:${ids.ayse}`, { type: 'message', text: 'For you', summary: 'A request for you' });
    const toast = page.locator('.toast.right').filter({ hasText: 'A request for you' });
    await toast.waitFor();
    await page.evaluate('Promise.all(document.querySelector(".toast.right").getAnimations().map(({ finished }) => finished))');
    const [over, chat] = [await toast.boundingBox(), await page.locator('.pane.right .talk').boundingBox()];
    assert(over && chat && over.y >= 0 && over.y + over.height <= chat.y, 'it covers nothing that was said');

    await page.setViewportSize({ width: 390, height: 780 });
    await page.locator('#switcher button').nth(1).filter({ hasText: 'Ayşe Yılmaz' }).click();
    assert(await page.locator('.pane.right').isVisible() && !(await page.locator('.pane.left').isVisible()));
  });

  it('moves the business clock and starts over', async () => {
    const page = await open();
    await page.locator('#clock').click();
    await page.getByRole('button', { name: '+30 days' }).click();
    await page.locator('#now').filter({ hasText: '22 Dec 2026' }).waitFor();

    await page.locator('#reset').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start over' }).click();

    await page.locator('#now').filter({ hasText: '22 Nov 2026' }).waitFor();
    assert.equal(desk.resets(), 1);
  });

  it('plays the story until it is stopped', async () => {
    const page = await open();

    await page.locator('#play').click();
    await page.locator('#caption').filter({ hasText: 'Elif Kaya wants Contoso as a customer' }).waitFor({ timeout: 10_000 });
    await page.locator('#play').click();

    await page.locator('#caption').waitFor({ state: 'hidden' });
    assert.equal(await page.locator('#play').getAttribute('class'), 'button primary');
    assert.deepEqual(complaints, []);
  });
});
