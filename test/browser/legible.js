/* global document, getComputedStyle, Node */
/** Runs in the browser: draws cards with the console's own scripts, and says what a reader could not read or name. */
import { drawCard } from '/console/page/card.js';

const rgba = (colour) => {
  const numbers = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const parts = colour.startsWith('color(') ? numbers.slice(0, 3).map((part) => part * 255) : numbers.slice(0, 3);
  return [...parts, numbers[3] ?? 1];
};
const over = ([r, g, b, alpha], ground) => [r, g, b].map((part, at) => part * alpha + ground[at] * (1 - alpha));
const groundOf = (element) => {
  if (!element) return [255, 255, 255];
  const colour = rgba(getComputedStyle(element).backgroundColor);
  return colour[3] === 1 ? colour : over(colour, groundOf(element.parentElement));
};
const luminance = (colour) => {
  const [r, g, b] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
/** As WCAG 2.2 counts it, 1 to 21. */
const contrastOf = (element, colour) => {
  const ground = groundOf(element);
  const [one, other] = [luminance(over(rgba(colour), ground)), luminance(ground)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};

const leavesCard = (text, frame) => {
  const range = document.createRange();
  range.selectNodeContents(text);
  return [...range.getClientRects()].some(({ left, right, width }) => width > 0 && (left < frame.left - 0.5 || right > frame.right + 0.5));
};
const isCut = (element, { overflowX, overflowY }) =>
  (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) || (overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1);
const nameOf = (field) => field.getAttribute('aria-label') || field.getAttribute('aria-labelledby') || field.labels?.length || field.placeholder;

const troublesIn = (root, place) => {
  const frame = root.getBoundingClientRect();
  const troubles = [];
  if (!root.querySelector('[role="heading"]')) troubles.push('has no heading');
  if (frame.width > place.clientWidth + 0.5 || root.scrollWidth > root.clientWidth) troubles.push('is wider than its place');
  for (const element of root.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (style.display === 'none') continue;
    const words = element.textContent.trim().slice(0, 50);
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const isField = element.matches('input, textarea, select');
    const contrast = texts.length > 0 || isField ? contrastOf(element, style.color) : 21;
    const hint = isField && element.placeholder ? contrastOf(element, getComputedStyle(element, '::placeholder').color) : 21;
    if (Math.min(contrast, hint) < 4.5) troubles.push(`“${words || element.id}” has a contrast of ${Math.min(contrast, hint).toFixed(2)}:1`);
    if (texts.some((text) => leavesCard(text, frame))) troubles.push(`“${words}” leaves the card`);
    if (!isField && isCut(element, style)) troubles.push(`“${words}” is cut`);
    if (isField && !nameOf(element)) troubles.push(`a field (${element.type}) has no name`);
    if (element.matches('button, [role="button"]')) {
      if (!words && !element.getAttribute('aria-label')) troubles.push('a button has no name');
      if (element.getBoundingClientRect().height < 24) troubles.push(`the button “${words}” is smaller than 24 px`);
    }
  }
  return troubles;
};

/** @param drawings pairs of a name and a card */
globalThis.troublesOf = (drawings, width) => {
  const wall = document.querySelector('#wall');
  wall.replaceChildren();
  wall.style.columns = `4 ${width}px`;
  const hung = drawings.map(([name, card]) => {
    const place = document.createElement('figure');
    place.style.width = `${width}px`;
    const { root } = drawCard(card, {});
    const caption = document.createElement('figcaption');
    caption.append(name);
    place.append(caption, root);
    return { name, place, root };
  });
  // All at once: every card hung alone would have the whole wall laid out anew.
  wall.append(...hung.map(({ place }) => place));
  return hung.flatMap(({ name, place, root }) => troublesIn(root, place).map((trouble) => `${name}, ${width} px: ${trouble}`));
};
