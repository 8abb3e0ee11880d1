import { languageTag } from './words.js';

export const roleOf = ({ roles, guest }, said) => [...(roles.length > 0 ? roles.map((role) => said.roles[role] ?? role) : [said.noRole]), ...(guest ? [said.guest] : [])].join(', ');

export const countryOf = ({ country }) => {
  try {
    return new Intl.DisplayNames([languageTag()], { type: 'region' }).of(country) ?? country;
  } catch {
    return country;
  }
};

/** Company, side, country and, where it is not the usual one, the cloud. */
export const companyOf = ({ tenant }, said) => [tenant.name, said[tenant.side], countryOf(tenant), said[tenant.cloud]].filter(Boolean).join(' · ');

export const initialsOf = (name) => {
  const letters = name.split(/\s+/).map((word) => [...word].find((letter) => /\p{L}/u.test(letter))).filter(Boolean);
  return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toLocaleUpperCase('tr');
};

/** One colour for one company, of the eight in theme.css; no two among the first eight share one. */
export const hueOf = ({ id }, people) => [...new Set(people.map(({ tenant }) => tenant.id))].indexOf(id) % 8;

export const speaksTurkish = ({ locale }) => locale.toLowerCase().startsWith('tr');

/** What this person is likely to write first, in the person's own language. The first of a partner is an invitation. */
export const suggestionsFor = (person, domain) => {
  const isPartner = person.tenant.side === 'partner';
  if (speaksTurkish(person)) {
    return isPartner
      ? [`${domain} davet et, çünkü Azure yedekleme`, 'bekleyenler', 'müşterilerim', 'yardım']
      : ['iş ortaklarımı göster', 'bekleyenler', 'aboneliklerim değişir mi?', 'yardım'];
  }
  return isPartner
    ? [`invite ${domain} because Azure backup`, 'pending', 'show my customers', 'help']
    : ['show my partners', 'pending', 'will my subscriptions change?', 'help'];
};
