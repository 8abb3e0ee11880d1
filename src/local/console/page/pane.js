import { element, isStill, pause } from './element.js';
import { companyOf, hueOf, initialsOf, roleOf, suggestionsFor } from './people.js';
import * as server from './server.js';
import { createTranscript } from './transcript.js';
import { inWords, languageTag, words } from './words.js';

/**
 * One person's Teams: who sits there, the chat, the field to write in.
 * @param house `{ people(), inviteDomain(), sandboxUrl(), onSeat(), onAct(), onNews(messages), onInstalled(id, isInstalled), refresh() }`
 */
export const createPane = (side, house) => {
  const root = document.getElementById('pane').content.firstElementChild.cloneNode(true);
  const find = (selector) => root.querySelector(selector);
  const [talk, log, select, field, unsent, absent] = ['.talk', '.log', 'select', 'textarea', '.unsent', '.absent'].map(find);
  field.id = `${side}-composer`;
  root.classList.add(side);
  let person;
  let transcript;

  const isHere = ({ isInstalled }) => {
    absent.hidden = isInstalled;
    talk.hidden = find('.composer').hidden = find('.uninstall').hidden = !isInstalled;
  };

  /** Reads the chat and shows it; an answer that comes late for somebody who has left the seat is dropped. */
  const read = async () => {
    const asked = person;
    const chat = await server.chat(asked.id).catch(() => undefined);
    if (!chat || asked !== person) return;
    isHere(chat);
    if (person.installed !== chat.isInstalled) house.onInstalled(person.id, chat.isInstalled);
    transcript.show(chat);
    const spoken = chat.messages.findLast(({ locale }) => locale)?.locale;
    if (spoken && spoken !== person.locale) {
      person = { ...person, locale: spoken };
      drawChips();
    }
  };
  let isWanted = false;
  let reading;
  /** One reading at a time, or an older answer could follow a newer one; whoever asks meanwhile gets another round. */
  const refresh = () => {
    isWanted = true;
    reading ??= (async () => {
      for (; isWanted; await read()) isWanted = false;
      reading = undefined;
    })();
    return reading;
  };

  const press = (message, action) => {
    house.onAct();
    return server.press(person.id, message, action);
  };
  const openPage = (url) => {
    if (!/^https?:/i.test(url ?? '')) return;
    const page = new URL(url);
    if (page.origin === new URL(house.sandboxUrl()).origin) {
      page.searchParams.set('signedInAs', person.id);
      page.searchParams.set('lang', languageTag());
    }
    open(page, '_blank', 'noopener');
  };

  const sit = (next) => {
    person = next;
    transcript = createTranscript({ talk, log, person, press, openPage, onNews: house.onNews });
    find('.seat .avatar').textContent = initialsOf(person.name);
    root.dataset.hue = hueOf(person.tenant, house.people());
    find('.name').textContent = person.name;
    select.value = person.id;
    unsent.hidden = true;
    label(words());
    house.onSeat();
    return refresh();
  };

  const label = (said) => {
    if (!person) return;
    root.setAttribute('aria-label', person.name);
    for (const node of [talk, log]) node.setAttribute('aria-label', said.chatOf(person.name));
    select.setAttribute('aria-label', said.seatOf[side]);
    find('.role').textContent = `${roleOf(person, said)} · ${companyOf(person, said)}`;
    field.setAttribute('aria-label', said.writeAs(person.name));
    field.placeholder = said.placeholder;
    for (const [selector, text] of [['.send', said.send], ['.uninstall', said.uninstallFor(person.name)]]) {
      find(selector).setAttribute('aria-label', text);
      find(selector).title = text;
    }
    find('.absent h2').textContent = said.absentTitle(person.name);
    find('.absent p').textContent = said.absentText;
    find('.install').textContent = said.install;
    find('.chips').setAttribute('aria-label', said.suggestions);
    drawChips();
    fillPicker(said);
  };

  /** In the language in which the bot speaks to whoever sits here. */
  const drawChips = () => find('.chips').replaceChildren(...suggestionsFor(person, house.inviteDomain()).map((text) => {
    const chip = element('button', { type: 'button', class: 'chip', lang: person.locale }, text);
    chip.addEventListener('click', () => void say(text));
    return chip;
  }));

  const fillPicker = (said) => {
    const groups = grouped(house.people());
    select.replaceChildren(...[...groups.values()].map((people) => element('optgroup', { label: companyOf(people[0], said) }, ...people.map((one) =>
      element('option', { value: one.id }, `${one.name} · ${roleOf(one, said)} · ${one.installed ? said.hasApp : said.hasNoApp}`)))));
    select.value = person.id;
  };

  const say = async (text) => {
    house.onAct();
    unsent.hidden = true;
    talk.scrollTop = talk.scrollHeight;
    const outcome = await server.say(person.id, text).catch(() => ({ status: 0 }));
    if (server.hasArrived(outcome)) return;
    const again = element('button', { type: 'button', class: 'button quiet' }, words().retry);
    again.addEventListener('click', () => { field.focus(); void say(text); });
    unsent.replaceChildren(words().unsent, again);
    unsent.hidden = false;
  };

  const send = () => {
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    void say(text);
  };

  find('form').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  select.addEventListener('change', () => void sit(house.people().find(({ id }) => id === select.value)));
  find('.install').addEventListener('click', async () => {
    house.onAct();
    await server.install(person.id).catch(() => undefined);
    await house.refresh();
    field.focus();
  });
  find('.uninstall').addEventListener('click', async () => {
    await server.uninstall(person.id).catch(() => undefined);
    await house.refresh();
    find('.install').focus();
  });
  inWords(root, label);

  return {
    root, sit, refresh,
    person: () => person,
    /** What the picker says of everybody may have changed. */
    relabel: () => label(words()),
    button: (fits) => transcript.button(fits),
    statement: () => transcript.statement(),
    revealCard: () => transcript.revealCard(),
    /** Writes as a person would, letter by letter, and sends. */
    async write(text, signal) {
      for (const letter of isStill() ? [text] : text) {
        field.value += letter;
        await pause(isStill() ? 400 : 45, signal);
      }
      await pause(500, signal);
      send();
    },
    cover: (node) => root.append(node),
  };
};

const grouped = (people) => {
  const groups = new Map();
  for (const one of people) groups.set(one.tenant.id, [...(groups.get(one.tenant.id) ?? []), one]);
  return groups;
};
