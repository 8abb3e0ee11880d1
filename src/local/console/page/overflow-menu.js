import { element } from './element.js';

/** The "…" of a card as a menu of its own: arrows, Home, End, Enter, Escape, Tab. */
export const openMenu = (actions, opener, label) => {
  const items = actions.map((action) => {
    const item = element('button', { type: 'button', role: 'menuitem', tabindex: '-1' }, action.title ?? '');
    item.addEventListener('click', () => {
      menu.hidePopover();
      action.execute();
    });
    return item;
  });
  const menu = element('div', { class: 'menu', role: 'menu', popover: 'auto', 'aria-label': label }, ...items);

  const step = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1 + items.length, Home: () => 0, End: () => items.length - 1 };
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') menu.hidePopover();
    const move = step[event.key];
    if (!move) return;
    event.preventDefault();
    items[move(items.indexOf(document.activeElement)) % items.length].focus();
  });
  menu.addEventListener('toggle', ({ newState }) => {
    if (newState === 'open') return;
    opener.setAttribute('aria-expanded', 'false');
    menu.remove();
    if (document.activeElement === document.body || document.activeElement === null) opener.focus();
  });

  document.body.append(menu);
  opener.setAttribute('aria-expanded', 'true');
  menu.showPopover();
  place(menu, opener.getBoundingClientRect());
  items[0]?.focus();
};

/** Under the opener, or above it where there is no room. */
export const place = (menu, { left, top, bottom }) => {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(12, Math.min(left, innerWidth - width - 12))}px`;
  menu.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : Math.max(12, top - height - 4)}px`;
};
