import { element } from './element.js';
import { initialsOf } from './people.js';

const staysMs = 6000;

/**
 * What Teams would show in the corner of somebody's screen. Kept out of the reader's ear: the chat has said it already.
 * @param onOpen called when it is pressed
 */
export const toast = (side, pane, text, onOpen) => {
  const { name } = pane.person();
  const region = document.getElementById('toasts');
  region.querySelector(`.${side}`)?.remove();
  const root = element('div', { class: `toast ${side}`, 'data-hue': pane.root.dataset.hue },
    element('span', { class: 'avatar' }, initialsOf(name)), element('div', {}, element('strong', {}, name), element('span', {}, text)));
  root.addEventListener('click', () => {
    root.remove();
    onOpen();
  });
  // Over the row that says who sits there, and never over what was said.
  region.style.bottom = `${innerHeight - document.querySelector('.seat').getBoundingClientRect().bottom + 6}px`;
  region.append(root);
  setTimeout(() => root.remove(), staysMs);
};
