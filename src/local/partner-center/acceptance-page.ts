import { createHash } from 'node:crypto';
import { words, type Language, type Words } from './acceptance-words.js';
import { daysIn, type Relationship } from './relationship.js';
import { roleName } from './role-names.js';
import type { Person, Tenant } from './world.js';

export const style = `
:root{color-scheme:light dark}
body{margin:0;font:16px/1.5 "Segoe UI",system-ui,sans-serif;background:light-dark(#f5f5f5,#1f1f1f);color:light-dark(#242424,#f5f5f5)}
.sandbox{background:#fde300;color:#242424;padding:.75rem 1rem;text-align:center;font-weight:600}
main{max-width:38rem;margin:2rem auto;padding:2rem;background:light-dark(#fff,#292929);border-radius:8px;box-shadow:0 2px 8px #0003}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
.asks{font-size:1.1rem}ul{padding-left:1.25rem}li{margin:.25rem 0}
label{display:block;font-weight:600;margin:1.5rem 0 .25rem}
dt{font-weight:600}dd{margin:0 0 .5rem}
select{width:100%;padding:.5rem;font:inherit}
button,.back{display:inline-block;margin-top:1.5rem;padding:.6rem 1.5rem;font:inherit;font-weight:600;border:0;border-radius:4px;background:#0f6cbd;color:#fff;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid #f7630c;outline-offset:2px}
@media(max-width:42rem){main{margin:0;border-radius:0}}
`;

/** One style, known by its hash; no script, no frame, and forms that lead nowhere else. The sandbox adds what all its answers have. */
export const pageHeaders = {
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
} as const;

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

const page = (language: Language, heading: string, inner: string): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(heading)}</title><style>${style}</style></head>
<body>
<div class="sandbox" role="note">${escaped(words[language].sandbox)}</div>
<main><h1>${escaped(heading)}</h1>${inner}</main>
</body>
</html>
`;

type Visited = {
  readonly partner: Tenant;
  /** Who may be chosen as the person in front of the page. */
  readonly tenants: readonly Tenant[];
  readonly signedInAs?: string;
};
export type Invited = Visited & {
  readonly hasAdminPermissions: boolean;
  /** The provider of an indirect reseller, accepted in one with it. */
  readonly provider?: Tenant;
};
export type AskedToApprove = Visited & { readonly relationship: Relationship };

const listed = (items: readonly string[]): string => `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;

/** The choice of a person, and one button. */
const decision = (language: Language, { tenants, signedInAs }: Visited, action: string, about: Readonly<Record<string, string>>, button: string): string => {
  const said = words[language];
  const people = tenants.map((tenant) => `<optgroup label="${escaped(`${tenant.name} (${tenant.domains[0]})`)}">${tenant.people
    .map((person) => `<option value="${person.id}"${person.id === signedInAs ? ' selected' : ''}>${escaped(`${person.name} – ${rolesOf(said, person)}`)}</option>`)
    .join('')}</optgroup>`).join('');
  return `
<form method="post" action="${action}">
${Object.entries(about).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('')}<input type="hidden" name="lang" value="${language}">
<label for="person">${escaped(said.signedInAs)}</label><select id="person" name="person" required>${people}</select>
<button type="submit">${escaped(button)}</button>
</form>`;
};

export const invitationPage = (language: Language, invited: Invited): string => {
  const { partner, provider, hasAdminPermissions } = invited;
  const said = words[language];
  const [domain = '', providerDomain = ''] = [partner.domains[0], provider?.domains[0]];
  const asks = provider ? said.together.asks(partner.name, domain, provider.name, providerDomain) : said.asks(partner.name, domain);
  const points = [...(provider ? [said.together.point(partner.name, provider.name)] : []), ...said.points, hasAdminPermissions ? said.withAdmin : said.withoutAdmin];
  return page(language, said.title, `
<p class="asks">${escaped(asks)}</p>
<h2>${escaped(said.meaning)}</h2>${listed(points)}
${decision(language, invited, '/Adminportal/accept', { partnerId: partner.id, ...(provider && { indirectCSPId: provider.id }) }, said.accept)}`);
};

export const approvalPage = (language: Language, asked: AskedToApprove): string => {
  const { partner, relationship: { id, name, duration, autoExtend, roles } } = asked;
  const said = words[language].approval;
  const facts = [
    [said.name, name], [said.duration, said.days(daysIn(duration) ?? 0)], [said.atTheEnd, autoExtend === 'P180D' ? said.extends : said.ends],
  ] as const;
  return page(language, said.title, `
<p class="asks">${escaped(said.asks(partner.name, partner.domains[0] ?? ''))}</p>
<dl>${facts.map(([term, fact]) => `<dt>${escaped(term)}</dt><dd>${escaped(fact)}</dd>`).join('')}</dl>
<h2>${escaped(said.roles)}</h2>${listed(roles.map((role) => roleName(role, language)))}<p>${escaped(said.allOrNone)}</p>
<h2>${escaped(said.meaning)}</h2>${listed(said.points)}
${decision(language, asked, '/AdminPortal/approve', { delegatedAdmin: id }, said.approve)}`);
};

const rolesOf = (said: Words, { roles, guest }: Person): string => {
  const named = roles.map((role) => (role in said.roles ? said.roles[role as keyof Words['roles']] : role));
  return [...(named.length > 0 ? named : [said.roles.user]), ...(guest ? [said.roles.guest] : [])].join(', ');
};

/** @param back where to try again */
export const resultPage = (language: Language, heading: string, sentence: string, back?: string): string =>
  page(language, heading, `<p role="status">${escaped(sentence)}</p>${back === undefined ? '' : `<a class="back" href="${escaped(back)}">${escaped(words[language].back)}</a>`}`);
