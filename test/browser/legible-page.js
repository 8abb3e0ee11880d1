/* global document, getComputedStyle, HTMLInputElement */
/** Runs in the browser, on a page that takes no scripts: what a reader could not read, reach or name. Contrast as WCAG 2.2 counts it. */
(() => {
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const groundOf = (element) => {
    if (!element) return [255, 255, 255];
    const colour = channels(getComputedStyle(element).backgroundColor);
    return (colour[3] ?? 1) === 1 ? colour : groundOf(element.parentElement);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => (Math.max(luminance(one), luminance(other)) + 0.05) / (Math.min(luminance(one), luminance(other)) + 0.05);
  const troubles = [];
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) troubles.push('the page is wider than the window');
  if (document.querySelectorAll('h1').length !== 1) troubles.push('there is not one main heading');
  if (!document.title || !document.documentElement.lang) troubles.push('no title or language');
  for (const element of document.querySelectorAll('body *')) {
    const words = element.textContent.trim().slice(0, 40);
    const hasWords = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const found = hasWords ? contrast(channels(getComputedStyle(element).color), groundOf(element)) : 21;
    if (found < 4.5) troubles.push(`“${words}” has a contrast of ${found.toFixed(2)}:1`);
    if (element.matches('button, a.button') && element.getBoundingClientRect().height < 24) troubles.push(`“${words}” is small`);
    if (element instanceof HTMLInputElement && element.type !== 'hidden' && !element.labels?.length) troubles.push(`${element.name} has no label`);
  }
  return troubles;
})();
