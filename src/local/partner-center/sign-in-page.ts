import { createHash } from 'node:crypto';
import { escaped, pageHeaders, style } from './acceptance-page.js';
import type { Language } from './acceptance-words.js';
import type { Registration } from './credentials.js';
import { rolesHeld } from './roles-held.js';
import { signInWords } from './sign-in-words.js';
import type { Person, Tenant } from './world.js';

const css = `${style}
.check{display:grid;grid-template-columns:auto 1fr;gap:0 .6rem;margin:1.5rem 0 0;font-weight:400;align-items:center}
.check input{width:1.25rem;height:1.25rem;margin:0;accent-color:#0f6cbd}
.check b{font-weight:600}.check span{grid-column:2;color:light-dark(#616161,#c7c7c7)}
.choices{display:flex;flex-wrap:wrap;gap:0 .75rem}
.quiet{background:transparent;color:inherit;box-shadow:inset 0 0 0 1px light-dark(#8a8a8a,#9e9e9e)}
dd{overflow-wrap:anywhere}
`;

const hash = createHash('sha256').update(css).digest('base64');

/** Where a form may lead: here, and through its answer to the app, which is on this machine. @param redirectUri of that app */
export const signInHeaders = (redirectUri?: string): Readonly<Record<string, string>> => {
  // A browser follows this rule through every redirect, and the app may send it on to another port. A policy cannot name [::1].
  const apps = redirectUri === undefined ? '' : [' http://localhost:*', 'https://localhost:*', 'http://127.0.0.1:*', 'https://127.0.0.1:*', placeOf(new URL(redirectUri))].join(' ');
  return {
    ...pageHeaders,
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'${apps}; base-uri 'none'; frame-ancestors 'none'`,
  };
};

const placeOf = ({ hostname, origin, protocol }: URL): string => (hostname.startsWith('[') ? protocol : origin);

const page = (language: Language, heading: string, inner: string): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(heading)}</title><style>${css}</style></head>
<body>
<div class="sandbox" role="note">${escaped(signInWords[language].sandbox)}</div>
<main><h1>${escaped(heading)}</h1>${inner}</main>
</body>
</html>
`;

type Asking = {
  readonly app: Registration;
  readonly tenants: readonly Tenant[];
  readonly chosen?: Person['id'] | undefined;
  /** Path to which the page posts. */
  readonly action: string;
  /** The app's request, which comes back with the answer. */
  readonly query: string;
};

const listed = (items: readonly string[]): string => `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;

const permissionsIn = (language: Language, names: readonly string[]): string =>
  listed(names.map((name) => signInWords[language].permissions[name.toLowerCase()] ?? name));

const rolesOf = (language: Language, person: Person): string => {
  const said = signInWords[language].roles;
  const roles = rolesHeld(person);
  return [...(roles.length > 0 ? roles.map((role) => said[role]) : [said.user]), ...(person.guest ? [said.guest] : []), ...(person.enabled ? [] : [said.blocked])].join(', ');
};

const form = (language: Language, { action, query, tenants, chosen }: Asking, extra: string, button: string): string => {
  const said = signInWords[language];
  // The same name lives in several companies, and a closed list shows no group.
  const shown = (tenant: Tenant, person: Person): string => `${person.name} – ${rolesOf(language, person)}${tenants.length > 1 ? ` · ${tenant.name}` : ''}`;
  const people = tenants.filter((tenant) => tenant.people.length > 0).map((tenant) => `<optgroup label="${escaped(`${tenant.name} (${tenant.domains[0]})`)}">${tenant.people
    .map((person) => `<option value="${person.id}"${person.id === chosen ? ' selected' : ''}>${escaped(shown(tenant, person))}</option>`)
    .join('')}</optgroup>`).join('');
  return `
<form method="post" action="${escaped(action)}">
<input type="hidden" name="request" value="${escaped(query)}"><input type="hidden" name="lang" value="${language}">
${people === '' ? `<p role="status">${escaped(said.nobody)}</p>` : `<label for="person">${escaped(said.person)}</label><select id="person" name="person" required>${people}</select>${extra}`}
<div class="choices">${people === '' ? '' : `<button type="submit">${escaped(button)}</button>`}<button type="submit" class="quiet" name="go" value="cancel" formnovalidate>${escaped(said.cancel)}</button></div>
</form>`;
};

export const signInPage = (language: Language, asking: Asking & { readonly scope: { readonly text: string } }): string => {
  const said = signInWords[language];
  const names = [...new Set(asking.scope.text.split(' ').map((word) => word.slice(word.lastIndexOf('/') + 1)))];
  return page(language, said.title, `
<p class="asks">${escaped(said.asks(asking.app.name))}</p>
<h2>${escaped(said.meaning)}</h2>${permissionsIn(language, names)}
${form(language, asking, `
<label class="check"><input type="checkbox" name="mfa" value="yes" checked><b>${escaped(said.secondFactor)}</b><span>${escaped(said.secondFactorMeaning)}</span></label>`, said.signIn)}`);
};

export const consentPage = (language: Language, asking: Asking & { readonly permissions: readonly string[] }): string => {
  const said = signInWords[language].consent;
  return page(language, said.title, `
<p class="asks">${escaped(said.asks(asking.app.name))}</p>
<h2>${escaped(said.permissions)}</h2>${permissionsIn(language, asking.permissions)}
<h2>${escaped(said.meaning)}</h2>${listed(said.points)}
${form(language, asking, '', said.accept)}`);
};

type Back = { readonly to: string; readonly text: string };
const backTo = (back: Back | undefined): string => (back ? `<a class="back" href="${escaped(back.to)}">${escaped(back.text)}</a>` : '');

/** What Microsoft shows when it cannot even send the person back to the app. */
export const troublePage = (language: Language, { text, traceId, correlationId, timestamp }: { readonly text: string; readonly traceId: string; readonly correlationId: string; readonly timestamp: string }, back?: Back): string => {
  const said = signInWords[language].trouble;
  const facts = [[said.requestId, traceId], [said.correlationId, correlationId], [said.timestamp, timestamp]] as const;
  return page(language, said.title, `
<p class="asks" role="alert">${escaped(said.sentence)}</p>
<p lang="en">${escaped(text.replace(/ Trace ID: .*$/, ''))}</p>
<dl>${facts.map(([term, fact]) => `<dt>${escaped(term)}</dt><dd>${escaped(fact)}</dd>`).join('')}</dl>${backTo(back)}`);
};

export const wordsPage = (language: Language, heading: string, sentence: string, back?: Back): string =>
  page(language, heading, `<p role="status">${escaped(sentence)}</p>${backTo(back)}`);
