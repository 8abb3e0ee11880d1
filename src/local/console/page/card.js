import { element, isStill } from './element.js';
import { hostConfig } from './host-config.js';
import { openMenu } from './overflow-menu.js';
import { hasArrived } from './server.js';
import { inWords, words } from './words.js';

const { AdaptiveCard, SerializationContext, Versions } = AdaptiveCards;
const markdown = (globalThis.markdownit ?? globalThis.markdownIt)({ html: false, linkify: false });
AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};
AdaptiveCard.onDisplayOverflowActionMenu = (actions, opener) => {
  openMenu(actions, opener, words().more);
  return true;
};

/** Teams shows cards up to 1.5 and the fallback text of anything newer. */
const parsed = (content) => {
  const card = new AdaptiveCard();
  card.hostConfig = hostConfig;
  const [major, minor] = String(content.version ?? '1.0').split('.').map(Number);
  card.parse(major > 1 || minor > 5 ? sentence(content.fallbackText ?? words().cardBroken) : content, new SerializationContext(Versions.v1_5));
  return card;
};
const sentence = (text) => ({ type: 'AdaptiveCard', version: '1.0', body: [{ type: 'TextBlock', text, wrap: true }] });

let drawings = 0;

/** A message's Markdown, drawn by the one renderer that is trusted with it. */
export const drawText = (text) => parsed(sentence(text)).render();

/**
 * A card as Teams would show it.
 * @param press sends what was pressed; resolves to `{status, body}` of the bot
 * @param openPage opens a link of the card
 * @returns the element, and `action(fits)`: the first visible button of which `fits` is true
 */
export const drawCard = (content, { press, openPage, typed = new Map() }) => {
  const root = element('div', { class: 'card', tabindex: '-1', role: 'group', lang: content.lang });
  let card;
  let drawn;
  try {
    card = parsed(content);
    for (const input of card.getAllInputs()) if (typed.has(input.id)) input.defaultValue = typed.get(input.id);
    drawn = card.render();
  } catch {
    card = parsed(sentence(content.fallbackText ?? words().cardBroken));
    drawn = card.render();
  }
  root.append(drawn);
  // The library names every radio after its field; two cards in one page would share one choice.
  const own = (drawings += 1);
  for (const radio of root.querySelectorAll('[type=radio]')) radio.name += `-${own}`;
  const heading = root.querySelector('[role="heading"]');
  root.setAttribute('aria-label', (heading?.textContent ?? content.fallbackText ?? '').trim());
  for (const more of root.querySelectorAll('.ac-pushButton[aria-label="More options"]')) {
    more.setAttribute('aria-haspopup', 'menu');
    inWords(more, (said) => { more.setAttribute('aria-label', said.more); more.title = said.more; });
  }

  const busy = (isBusy, button) => {
    root.classList.toggle('is-busy', isBusy);
    root.setAttribute('aria-busy', String(isBusy));
    // Disabled in name only: a button that is really disabled would drop the keyboard's place.
    for (const one of root.querySelectorAll('.ac-pushButton')) one.setAttribute('aria-disabled', String(isBusy));
    button?.classList.toggle('is-asked', isBusy);
  };

  const send = async (action) => {
    if (root.classList.contains('is-busy')) return;
    root.querySelector('.failed')?.remove();
    busy(true, action.renderedElement);
    const failure = failureOf(await press(wishOf(action)).catch(() => ({ status: 0 })), action);
    busy(false, action.renderedElement);
    if (!failure || !root.isConnected) return;
    const again = element('button', { type: 'button', class: 'button quiet' }, words().retry);
    again.addEventListener('click', () => { root.focus(); void send(action); });
    root.append(element('div', { class: 'failed', role: 'alert' }, words()[failure], again));
  };

  card.onElementVisibilityChanged = ({ isVisible, renderedElement }) => {
    if (isVisible) requestAnimationFrame(() => reveal(renderedElement));
  };

  card.onExecuteAction = (action) => {
    if (action instanceof AdaptiveCards.OpenUrlAction) openPage(action.url);
    else if (action instanceof AdaptiveCards.SubmitAction || action instanceof AdaptiveCards.ExecuteAction) void send(action);
  };

  return {
    root,
    /** What was typed into the fields, on this drawing or on one before, and differs from what the card said. */
    typed: () => new Map(card.getAllInputs().filter((input) => input.id && (input.isDirty() || typed.has(input.id))).map((input) => [input.id, input.value])),
    /** The field in which the keyboard is, by its name on the card: the element's own id is another one after every drawing. */
    fieldInUse: () => card.getAllInputs().find((input) => input.renderedElement?.contains(document.activeElement))?.id,
    field: (id) => {
      const drawnField = card.getAllInputs().find((input) => input.id === id)?.renderedElement;
      return drawnField?.querySelector('textarea, select, :checked') ?? drawnField?.querySelector('input');
    },
    action: (fits) => card.getAllActions().find((action) => fits(action) && isUnfolded(action.renderedElement))?.renderedElement,
  };
};

/** What was folded out is brought into sight; of what is taller than the window, its beginning. */
const reveal = (part) => {
  const talk = part?.closest('.talk');
  if (talk) part.scrollIntoView({ block: part.offsetHeight < talk.clientHeight ? 'nearest' : 'start', behavior: isStill() ? 'auto' : 'smooth' });
};

/** Within its card; the pane around it may be out of sight on a phone. */
const isUnfolded = (button) => button !== undefined && !button.closest('[style*="display: none"]');

const wishOf = (action) => ({
  type: action instanceof AdaptiveCards.ExecuteAction ? 'Action.Execute' : 'Action.Submit',
  ...(action.verb && { verb: action.verb }),
  data: typeof action.data === 'object' && action.data !== null ? action.data : {},
});

/** Teams' two complaints: nobody there, or an answer that says no or is none. */
const failureOf = ({ status, body }, action) => {
  if (!hasArrived({ status })) return 'unreachable';
  if (!(action instanceof AdaptiveCards.ExecuteAction)) return undefined;
  if (typeof body !== 'object' || body === null || typeof body.statusCode !== 'number') return 'unreachable';
  return body.statusCode >= 400 ? 'wentWrong' : undefined;
};
