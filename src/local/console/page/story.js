import { element, pause } from './element.js';
import { suggestionsFor } from './people.js';
import * as server from './server.js';
import { words } from './words.js';

const patienceMs = 30_000;
const readMs = 3800;

const until = async (look, signal) => {
  for (const end = Date.now() + patienceMs; Date.now() < end; ) {
    const found = look();
    if (found) return found;
    await pause(150, signal);
  }
  throw new Error('The story waited in vain.');
};

const verb = (name) => (action) => action.verb === name;
const leadsToMicrosoft = ({ url }) => /\/Adminportal\//i.test(url ?? '');

/**
 * The story of one invitation, played at human speed with the real buttons.
 * @param stage `{ left, right, act(side), tell(step, of, text), newsOf(side) }`; `newsOf` counts what a side has received
 * @throws when the signal stops it, or when a card does not come
 */
export const play = async ({ left, right, act, tell, newsOf, inviteDomain }, signal) => {
  const said = words().story;
  const [agent, admin] = [left.person(), right.person()];
  const of = 8;
  const scene = async (step, side, text, ms = readMs) => {
    act(side);
    tell(step, of, text);
    await pause(ms, signal);
  };
  const pressOn = async (pane, fits) => {
    const button = await until(() => pane.button(fits), signal);
    button.scrollIntoView({ block: 'center' });
    await pause(1200, signal);
    button.classList.add('is-pressed');
    await pause(250, signal);
    button.classList.remove('is-pressed');
    // The card may have been drawn again meanwhile.
    return until(() => pane.button(fits), signal);
  };

  await scene(0, undefined, said.start);
  await scene(1, 'left', said.ask(agent.name, admin.tenant.name), 1500);
  await left.write(suggestionsFor(agent, inviteDomain)[0], signal);
  await until(() => left.button(verb('send-invitation')), signal);
  await scene(2, 'left', said.preview);
  left.statement()?.click();
  (await pressOn(left, verb('send-invitation'))).click();

  await until(() => right.button(verb('approve-invitation')), signal);
  await scene(3, 'right', said.sent(admin.name), readMs + 1500);
  (await pressOn(right, verb('approve-invitation'))).click();
  await scene(4, 'right', said.approve(admin.name));

  await until(() => right.button(leadsToMicrosoft), signal);
  await scene(5, 'right', said.microsoft);
  await pressOn(right, leadsToMicrosoft);
  await acceptAtMicrosoft(right, admin, agent, signal);
  const seen = { left: newsOf('left'), right: newsOf('right') };
  await scene(6, 'right', said.accepted, 1500);
  await until(() => newsOf('left') > seen.left && newsOf('right') > seen.right, signal);
  await scene(7, 'left', said.told);
  act('right');
  right.revealCard();
  await scene(8, 'right', said.proof);
  tell(undefined, of, said.end);
};

/** What happens on the page behind the link. A page of the sandbox lets nobody put it into a frame, so it is drawn. */
const acceptAtMicrosoft = async (pane, admin, agent, signal) => {
  const said = words().story;
  const button = element('span', { class: 'button primary' }, said.pageAccept);
  const sheet = element('div', { class: 'sheet', 'aria-hidden': 'true' }, element('div', {}, element('h3', {}, said.page), element('p', {}, said.pageText(agent.tenant.name)), button));
  pane.cover(sheet);
  try {
    await pause(2200, signal);
    button.classList.add('is-pressed');
    await pause(300, signal);
    await server.accept(admin.id, agent.tenant.id);
  } finally {
    sheet.remove();
  }
};
