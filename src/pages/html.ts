import { createHash } from 'node:crypto';
import type { Language } from '../commands/ports.js';

/** Text that a browser may take as it is. Made by `html` alone. */
export type Html = { readonly html: string };
type Part = Html | string | number | undefined | false | readonly Html[];

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const textOf = (part: Part): string => {
  if (part === undefined || part === false) return '';
  if (typeof part !== 'object') return String(part).replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);
  return 'html' in part ? part.html : part.map(({ html: inner }) => inner).join('');
};

/** A template in which everything put in is escaped, unless it is `Html` itself. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  ({ html: texts.reduce((all, text, at) => all + textOf(parts[at - 1]) + text) });

const style = `
:root{color-scheme:light dark;--ground:#f1f4f5;--paper:#fff;--ink:#20292b;--soft:#54646a;--line:#cfd9dc;--brand:#124e5c;--on-brand:#fff;--link:#0b5566;--good:#0e6a0e;--bad:#a4262c;--warn:#7a4d00;--focus:#b4009e}
@media(prefers-color-scheme:dark){:root{--ground:#121a1c;--paper:#1c2629;--ink:#eef4f5;--soft:#b3c3c8;--line:#3c4b50;--brand:#7fcbdb;--on-brand:#06242b;--link:#8fd6e4;--good:#8fd18f;--bad:#ffa4ab;--warn:#f5d06b;--focus:#ff9cf2}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 "Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif;background:var(--ground);color:var(--ink);overflow-wrap:anywhere}
header,main,footer{max-width:42rem;margin:0 auto;padding:1rem 1.25rem}
header{display:flex;align-items:center;gap:.75rem;font-weight:600}
header svg{width:2rem;height:2rem;flex:none}
main{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1.75rem}
footer{color:var(--soft);font-size:.875rem;display:flex;flex-wrap:wrap;gap:.5rem 1.25rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.0625rem;margin:1.75rem 0 .5rem}
p{margin:0 0 .75rem}ul{padding-left:1.25rem;margin:0}li{margin:.375rem 0}
a{color:var(--link)}dl{margin:0}dt{font-weight:600}dd{margin:0 0 .5rem}
label{display:block;font-weight:600;margin:1.25rem 0 .25rem}
input[type=password]{width:100%;padding:.6rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:6px}
button,.button{display:inline-block;margin-top:1rem;padding:.65rem 1.5rem;min-height:2.75rem;font:inherit;font-weight:600;text-decoration:none;color:var(--on-brand);background:var(--brand);border:1px solid var(--brand);border-radius:6px;cursor:pointer}
button:hover,.button:hover{text-decoration:underline}
.quiet{color:var(--link);background:transparent}
.said{border-left:4px solid var(--soft);padding:.5rem 0 .5rem 1rem;margin:0 0 1.25rem}
.said.good{border-color:var(--good)}.said.bad{border-color:var(--bad)}
.partners{list-style:none;padding:0}.partners li{border-top:1px solid var(--line);padding:1rem 0;margin:0}.partners h2{margin:0 0 .25rem}
.good b{color:var(--good)}.bad b{color:var(--bad)}.warn b{color:var(--warn)}
.soft{color:var(--soft)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
@media(max-width:44rem){main{border-width:1px 0;border-radius:0;padding:1.25rem}}
`;
const hash = createHash('sha256').update(style).digest('base64');

/** The product's own mark; nobody else's logo is on these pages. */
const mark = html`<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#124e5c"/><g fill="#fff"><circle cx="13" cy="11" r="3"/><circle cx="19" cy="13.4" r="2.5"/><path d="M8 24c0-5.5 2.2-9 5-9 1.2 0 2.2.6 3 1.6-1.8 1.5-2.9 4.1-3 7.4H8Z"/><path d="M14 24c0-4.4 2.2-7 5-7s5 2.6 5 7H14Z"/></g></svg>`;

/**
 * One style, known by its hash; no script, nothing from elsewhere, no frame. The server adds what every answer of it has.
 * @param formsTo where forms may lead: this server, or Microsoft as well. A browser holds every redirect after a form to this, and
 * whoever signs people in for Microsoft (a company's own service) is one of them; so any address with https.
 */
export const pageHeaders = (formsTo: 'here' | 'microsoft', isHttps: boolean): Readonly<Record<string, string>> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'${formsTo === 'microsoft' ? ` https:${isHttps ? '' : ' http:'}` : ''}; base-uri 'none'; frame-ancestors 'none'`,
});

export type Drawing = {
  readonly language: Language;
  readonly heading: string;
  readonly inner: Html;
  /** The same page in the other language, where it can be opened by its address. */
  readonly otherLanguage?: string | undefined;
};

export const page = ({ language, heading, inner, otherLanguage }: Drawing): string => `<!doctype html>
${html`<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${heading} · Partner Invitations</title><style>`.html}${style}${html`</style></head>
<body>
<header>${mark}<span>Partner Invitations</span></header>
<main><h1>${heading}</h1>${inner}</main>
<footer>${otherLanguage !== undefined && html`<a href="${otherLanguage}" lang="${language === 'tr' ? 'en' : 'tr'}" hreflang="${language === 'tr' ? 'en' : 'tr'}">${language === 'tr' ? 'English' : 'Türkçe'}</a>`}</footer>
</body>
</html>
`.html}`;

export const listed = (items: readonly string[]): Html => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

export const hidden = (fields: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;

/** What has just happened. */
export const said = (text: string, how: 'good' | 'bad' | 'plain' = 'plain'): Html => html`<p class="said ${how}" role="${how === 'bad' ? 'alert' : 'status'}">${text}</p>`;
