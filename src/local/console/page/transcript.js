import { drawCard, drawText } from './card.js';
import { element, isStill } from './element.js';
import { inWords } from './words.js';

const isCard = ({ contentType }) => contentType === 'application/vnd.microsoft.card.adaptive';

/**
 * The messages of one chat, kept in step with what the chat holds. A message that changes is drawn again in its place:
 * the reader's place, the keyboard's place and what was typed stay.
 * @param onNews called with messages that arrived or changed after the first showing
 */
export const createTranscript = ({ talk, log, person, press, openPage, onNews }) => {
  const shown = new Map();
  let isFirst = true;
  /** Where the window is on its way to, until the reader moves it: an answer that comes meanwhile finds a chat at its end. */
  let goingTo;
  talk.onwheel = talk.ontouchmove = talk.onpointerdown = talk.onkeydown = () => { goingTo = undefined; };
  const empty = element('p', { class: 'empty' });
  inWords(empty, (said) => { empty.textContent = said.empty(person.name); });
  const typing = element('div', { class: 'typing', 'aria-hidden': 'true' }, element('span', {}, element('i'), element('i'), element('i')), element('span'));
  inWords(typing, (said) => { typing.lastElementChild.textContent = `${said.bot} ${said.typing}`; });
  log.replaceChildren();
  talk.replaceChildren(empty, log, typing);

  /** Teams asks for a card anew when somebody looks at it; here once for each message. */
  const refreshed = new Set();
  const refresh = (id, { refresh: wish }) => {
    if (!wish?.action || refreshed.has(id)) return;
    refreshed.add(id);
    const { verb, data } = wish.action;
    void press(id, { type: 'Action.Execute', verb, data }).catch(() => refreshed.delete(id));
  };

  /** A sentence beside a card changes nothing on it: what is folded out and half written stays as it is. */
  const fill = (entry, message) => {
    const own = JSON.stringify([message.text, message.attachments]);
    if (own !== entry.own) draw(entry, message);
    entry.own = own;
    entry.version = message.version;
    entry.body.querySelector('.note')?.remove();
    if (message.note) entry.body.append(element('p', { class: 'note', role: 'status' }, message.note));
  };

  const draw = (entry, message) => {
    const typed = entry.cards.flatMap((card) => [...card.typed()]);
    entry.cards = [];
    const body = element('div', { class: 'body', 'aria-live': 'off' });
    if (message.text !== undefined) {
      const isPlain = message.from === 'person' || message.textFormat === 'plain';
      body.append(element('div', { class: 'bubble' }, isPlain ? message.text : drawText(message.text)));
    }
    for (const { content } of (message.attachments ?? []).filter(isCard)) {
      const card = drawCard(content, { press: (action) => press(message.id, action), openPage, typed: new Map(typed) });
      entry.cards.push(card);
      body.append(card.root);
      refresh(message.id, content);
    }
    entry.body.replaceWith(body);
    entry.body = body;
  };

  const enter = (message) => {
    const body = element('div');
    const author = element('div', { class: 'author' }, element('strong'), element('span', { class: 'hidden' }));
    const root = element('article', { class: `message from-${message.from}` }, author, body);
    if (message.from === 'bot') root.prepend(element('span', { class: 'avatar bot', 'aria-hidden': 'true' }, element('img', { src: '/console/page/mark.svg', alt: '' })));
    else author.classList.add('hidden');
    inWords(author, (said) => { author.firstElementChild.textContent = message.from === 'bot' ? said.bot : person.name; });
    const entry = { root, author, body, cards: [], version: 0 };
    shown.set(message.id, entry);
    fill(entry, message);
    sayAloud(entry, message);
    if (message.updatedAt) markUpdated(entry);
    return entry;
  };

  const renew = (entry, message) => {
    const place = placeOf(entry);
    const before = entry.root.offsetHeight;
    const isAbove = entry.root.offsetTop + before <= talk.scrollTop;
    fill(entry, message);
    const grown = entry.root.offsetHeight - before;
    if (isAbove && grown !== 0) {
      talk.scrollTop += grown;
      // That stops the window on its way.
      if (goingTo !== undefined) goTo(goingTo + grown);
    }
    if (place) findPlace(entry, place)?.focus({ preventScroll: true });
    if (!message.updatedAt) return;
    markUpdated(entry);
    sayAloud(entry, message);
    entry.root.classList.remove('is-fresh');
    requestAnimationFrame(() => entry.root.classList.add('is-fresh'));
  };

  const show = ({ messages, isTyping }) => {
    const isAtEnd = (goingTo ?? talk.scrollTop) + talk.clientHeight >= talk.scrollHeight - 60;
    const news = [];
    let newest;
    let hasChanged = false;
    let hasSpoken = false;
    for (const message of messages) {
      const known = shown.get(message.id);
      if (known?.version === message.version) continue;
      hasChanged = true;
      if (known) renew(known, message);
      else {
        newest = enter(message);
        hasSpoken ||= message.from === 'person';
        newest.root.classList.toggle('is-new', !isFirst);
        log.append(newest.root);
      }
      if (!isFirst && message.from === 'bot') news.push(message);
    }
    const ids = new Set(messages.map(({ id }) => id));
    for (const [id, { root }] of shown) {
      if (ids.has(id)) continue;
      root.remove();
      shown.delete(id);
    }
    empty.hidden = messages.length > 0;
    typing.hidden = !isTyping;
    if (isFirst) talk.scrollTop = talk.scrollHeight;
    else if (hasSpoken || (isAtEnd && (hasChanged || isTyping))) follow(newest);
    isFirst = false;
    if (news.length > 0) onNews(news);
  };

  /** To the end, but never past the beginning of a message taller than the window. */
  const follow = (newest) => {
    const end = talk.scrollHeight - talk.clientHeight;
    const top = newest ? Math.min(end, newest.root.offsetTop - log.offsetTop + 4) : end;
    goTo(top);
  };
  const goTo = (top) => {
    if (!isStill()) goingTo = top;
    talk.scrollTo({ top, behavior: isStill() ? 'auto' : 'smooth' });
  };

  return {
    show,
    /** Brings the newest card to the top of the window. */
    revealCard: () => {
      const card = [...shown.values()].findLast(({ cards }) => cards.length > 0);
      if (card) goTo(card.root.offsetTop - log.offsetTop + 4);
    },
    /** The box of the newest card in which something is stated. */
    statement: () => [...log.querySelectorAll('.card')].at(-1)?.querySelector('input[type=checkbox]'),
    /** The newest button of which `fits` is true. */
    button: (fits) => {
      for (const { cards } of [...shown.values()].reverse()) {
        for (const card of cards) {
          const found = card.action(fits);
          if (found) return found;
        }
      }
      return undefined;
    },
  };
};

/** A card is long to listen to: what is announced is its summary. */
const sayAloud = ({ author }, { from, text, summary, attachments }) => {
  author.lastElementChild.textContent = from === 'person' ? '' : (summary ?? text ?? attachments?.[0]?.content?.fallbackText ?? '');
};

const markUpdated = ({ author }) => {
  if (author.querySelector('.updated')) return;
  const mark = element('span', { class: 'updated' });
  inWords(mark, (said) => { mark.textContent = said.updated; });
  author.lastElementChild.before(mark);
};

/** Where the keyboard is within a message: the field by its name, the button by its words. */
const placeOf = ({ body, cards }) => {
  const active = document.activeElement;
  if (!active || !body.contains(active)) return undefined;
  return { field: cards.map((card) => card.fieldInUse()).find(Boolean), button: active.matches('button') && wordsOn(active) };
};
const findPlace = ({ body, cards }, { field, button }) => {
  const candidates = [...cards.map((card) => field && card.field(field)), [...body.querySelectorAll('button')].find((one) => wordsOn(one) === button), body.querySelector('.card')];
  return candidates.find((one) => one?.checkVisibility());
};
const wordsOn = (button) => button.getAttribute('aria-label') ?? button.textContent;
