import type { NewsView } from '../../commands/views.js';
import { rolesInWords } from './asks.js';
import type { Drawn, Pen } from './card.js';
import { page } from './page.js';
import { shown } from './text.js';

/** News about a relationship, with the one thing that can be done about it. */
export const news = ({ subject, side, grant, partner, customer, daysLeft = 0, provider = '' }: NewsView, pen: Pen): Drawn => {
  const { words: { news: say }, dates } = pen;
  const text = say[subject][side]({
    partner: shown(partner), customer: shown(customer), provider: shown(provider), day: grant.until ? dates.day(grant.until) : '', left: say.left(daysLeft),
    what: say.what[grant.kind], how: say.how[grant.ended?.how ?? 'terminated'], still: say.still[grant.kind],
  });
  const roles = grant.roles ?? [];
  const isManaging = grant.kind === 'gdap';
  const renews = side === 'partner' && isManaging && (subject === 'ending' || subject === 'ended');
  const removes = isManaging && (subject === 'ending' || subject === 'foundOutside');
  return page({
    title: say.titles[subject], summary: text,
    lines: [text, ...(roles.length > 0 ? [`**${say.roles}**`, ...rolesInWords(roles, pen)] : [])],
    buttons: subject === 'providerDraft' ? [
      { title: say.agree, verb: 'agree-draft', about: grant.relationship ?? '' }, { title: say.disagree, verb: 'reject-draft', about: grant.relationship ?? '' },
    ] : [
      ...(renews ? [{ title: say.renew, verb: 'renew', about: grant.customer }] : []),
      ...(removes ? [{ title: say.remove, verb: 'show-consequences', about: side === 'partner' ? grant.customer : grant.partner }] : []),
      { title: side === 'partner' ? pen.words.customers.title : pen.words.buttons.partners, verb: side === 'partner' ? 'my-customers' : 'show-my-partners', about: '' },
    ],
  }, pen);
};
