import { element, pause } from './element.js';
import { keep } from './kept.js';
import { place } from './overflow-menu.js';
import { createPane } from './pane.js';
import * as server from './server.js';
import { play } from './story.js';
import { toast } from './toasts.js';
import { inWords, languageTag, speak, speakMarkup, words } from './words.js';

const byId = (id) => document.getElementById(id);
const sides = ['left', 'right'];
const news = { left: 0, right: 0 };
let world = { people: [], now: '', sandboxUrl: '', defaults: {} };
let readAt = Date.now();
let acting = '';

// ---- the two panes ----

const stage = byId('stage');
const switches = Object.fromEntries(sides.map((side) => {
  const button = element('button', { type: 'button' }, element('strong'), element('span'));
  button.addEventListener('click', () => act(side));
  return [side, button];
}));
byId('switcher').append(...Object.values(switches));

const panes = Object.fromEntries(sides.map((side) => [side, createPane(side, {
  people: () => world.people,
  inviteDomain,
  sandboxUrl: () => world.sandboxUrl,
  refresh,
  onAct: () => act(side),
  onSeat: drawSwitcher,
  onInstalled: (id, isInstalled) => {
    for (const one of [...world.people, ...sides.map((each) => panes[each].person())]) if (one?.id === id) one.installed = isInstalled;
    for (const each of sides) panes[each].relabel();
  },
  onNews: (messages) => {
    news[side] += messages.length;
    const { summary, text } = messages.at(-1);
    if (acting && side !== acting) toast(side, panes[side], summary ?? text ?? words().newMessage, () => act(side));
    if (stage.dataset.show !== side) switches[side].classList.add('has-news');
  },
})]));
stage.append(...sides.map((side) => panes[side].root));
for (const side of sides) panes[side].root.addEventListener('focusin', () => { acting = side; });

/** Whoever acts is looked at: on a phone there is room for one. */
function act(side) {
  acting = side ?? '';
  if (side) stage.dataset.show = side;
  document.querySelector(`.toast.${side}`)?.remove();
  drawSwitcher();
}

function inviteDomain() {
  return world.people.find(({ id }) => id === world.defaults.right)?.tenant.domain ?? 'contoso.com';
}

function drawSwitcher() {
  for (const side of sides) {
    const [button, person] = [switches[side], panes[side].person()];
    const isShown = side === stage.dataset.show;
    button.setAttribute('aria-pressed', String(isShown));
    if (isShown) button.classList.remove('has-news');
    button.firstElementChild.textContent = person?.name ?? '';
    button.lastElementChild.textContent = person?.tenant.name ?? '';
  }
}

// ---- the world ----

async function refresh() {
  const read = await server.state().catch(() => undefined);
  if (!read) return;
  [world, readAt] = [read, Date.now()];
  showNow();
  for (const side of sides) {
    const pane = panes[side];
    const known = world.people.find(({ id }) => id === pane.person()?.id);
    if (known) {
      pane.relabel();
      await pane.refresh();
    } else {
      const first = world.people.find(({ id }) => id === world.defaults[side]) ?? world.people[side === 'left' ? 0 : world.people.length - 1];
      if (first) await pane.sit(first);
    }
  }
}

const seatDefaults = async () => {
  for (const side of sides) {
    const person = world.people.find(({ id }) => id === world.defaults[side]);
    if (person) await panes[side].sit(person);
  }
};

server.listen(
  (person) => {
    if (person === '') return void refresh();
    for (const side of sides) if (panes[side].person()?.id === person) void panes[side].refresh();
    // Whoever is written to has the app by now, wherever it was installed.
    if (world.people.some(({ id, installed }) => id === person && !installed)) void refresh();
  },
  (isThere) => { byId('offline').hidden = isThere; },
);

// ---- time ----

const showNow = () => {
  if (!world.now) return;
  const now = new Date(Date.parse(world.now) + Date.now() - readAt);
  byId('now').dateTime = now.toISOString();
  byId('now').textContent = new Intl.DateTimeFormat(words().locale, { dateStyle: 'medium', timeStyle: 'short' }).format(now);
};
setInterval(showNow, 10_000);
byId('clock-menu').addEventListener('toggle', ({ newState }) => newState === 'open' && place(byId('clock-menu'), byId('clock').getBoundingClientRect()));
for (const button of byId('clock-menu').querySelectorAll('[data-advance]')) {
  button.addEventListener('click', async () => {
    await server.advance(Number(button.dataset.advance)).catch(() => undefined);
    await refresh();
  });
}

// ---- look and language ----

byId('language').addEventListener('click', () => speak(words().otherLanguageTag));
byId('theme').addEventListener('click', () => {
  const isDark = (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
  keep('theme', document.documentElement.dataset.theme);
});

// ---- starting over, and the story ----

const ask = (title, text, yes) => {
  const dialog = byId('ask');
  const go = dialog.querySelector('[value="yes"]');
  byId('ask-title').textContent = title;
  byId('ask-text').textContent = text;
  go.textContent = yes;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
};
for (const button of byId('ask').querySelectorAll('button')) button.addEventListener('click', () => byId('ask').close(button.value));

const startOver = async () => {
  await server.reset().catch(() => undefined);
  await refresh();
  await seatDefaults();
};
byId('reset').addEventListener('click', async () => {
  const said = words();
  if (await ask(said.resetTitle, said.resetText, said.reset)) await startOver();
});

let playing;
const tell = (step, of, text) => {
  byId('caption').hidden = text === undefined;
  byId('caption').querySelector('.step').textContent = step ? `${step} / ${of}` : '';
  byId('caption').querySelector('p').textContent = text ?? '';
};
const light = (side) => {
  for (const one of sides) panes[one].root.classList.toggle('is-acting', one === side);
  act(side);
};
byId('play').addEventListener('click', async () => {
  if (playing) return playing.abort();
  const said = words();
  const isFresh = world.people.filter(({ installed }) => installed).length <= 2 && !document.querySelector('.from-person');
  if (!isFresh && !(await ask(said.playTitle, said.playText, said.playYes))) return;
  playing = new AbortController();
  const { signal } = playing;
  byId('play').classList.add('is-playing');
  try {
    if (!isFresh) await startOver();
    await play({ ...panes, act: light, tell, newsOf: (side) => news[side], inviteDomain: inviteDomain() }, signal);
  } catch {
    tell(undefined, 0, signal.aborted ? undefined : words().story.lost);
  }
  playing = undefined;
  byId('play').classList.remove('is-playing');
  light(undefined);
  await pause(12_000);
  if (!playing) tell();
});

// ---- begin ----

speak(languageTag());
speakMarkup(document);
inWords(byId('language'), (said) => { byId('language').textContent = said.otherLanguage; byId('language').lang = said.otherLanguageTag; });
inWords(byId('now'), showNow);
