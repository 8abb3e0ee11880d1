import type { OwnCustomersView, PartnerLine, PartnersView, Sold } from '../../commands/views.js';
import { draw, type Drawn, type Pen } from './card.js';
import { roleName } from './role-names.js';
import { clean, few, shown } from './text.js';

const fact = (title: string, value: string) => ({ title, value });

const soldIn = (sold: readonly Sold[], { words: { partners, list } }: Pen): string =>
  sold.length === 0 ? partners.sellsNothing : list(few(sold.map(({ offer, quantity, status }) => partners.sold(shown(offer), quantity, status))));

const factsOf = (line: PartnerLine, isFull: boolean, sourceNames: Readonly<Record<string, string>>, pen: Pen) => {
  const { words: { partners, list }, dates, words } = pen;
  const manages = line.mayManage.map(({ roles, until, autoExtends }) => partners.until(list(roles.map((role) => roleName(role, words))), dates.day(until), autoExtends));
  return [
    fact(partners.sells, line.sells.length === 0 && line.sellingEnded ? partners.managesNothing : soldIn(line.sells, pen)),
    ...(line.sellingEnded ? [fact(partners.sellingEnded, dates.day(line.sellingEnded))] : []),
    ...(isFull ? [
      fact(partners.manages, manages.length > 0 ? manages.join('; ') : partners.managesNothing),
      fact(partners.since, line.since ? dates.day(line.since) : partners.sinceUnknown),
      fact(partners.agreed, line.agreed ? partners.agreedBy(shown(line.agreed.by), dates.moment(line.agreed.at)) : partners.agreedUnknown),
      ...(line.askedBy ? [fact(partners.asked, shown(line.askedBy))] : []),
    ] : []),
    fact(partners.source, list(line.sources.map((source) => sourceNames[source] ?? source).filter((name) => name !== '')) || partners.agreedUnknown),
  ];
};

export const partnersOfCustomer = (view: PartnersView, pen: Pen): Drawn => {
  const { words, dates } = pen;
  const { partners, buttons } = words;
  return draw('my-partners', pen, partners.summary, {
    title: view.detail === 'nothing' ? partners.summary : partners.title(shown(view.customer), view.partners.length),
    hasNote: view.partners.length === 0, note: view.detail === 'nothing' ? partners.guest : partners.empty,
    partners: view.partners.map((line) => ({ name: shown(line.name), facts: factsOf(line, view.detail === 'full', partners.sources, pen) })),
    hasMicrosoft: view.fromMicrosoft.length > 0, microsoftTitle: partners.microsoft, microsoft: soldIn(view.fromMicrosoft, pen),
    notes: [
      ...(view.detail === 'namesOnly' ? [partners.namesOnly] : []),
      ...(view.deciders.length > 0 ? [partners.whoCanSee(words.list(view.deciders.map((name) => shown(name))))] : []),
      ...(view.isConsented ? [] : [pen.ownPages ? `${partners.notConsented} [${words.request.consent}](${pen.ownPages.consent(view.tenant)})` : partners.notConsented]),
      partners.readAt(dates.moment(view.readAt)),
    ],
    explain: buttons.explain, pending: buttons.pending,
  });
};

export const ownCustomers = (view: OwnCustomersView, pen: Pen): Drawn => {
  const { words: { partners, buttons }, dates } = pen;
  return draw('my-partners', pen, partners.ownSummary, {
    title: partners.own(shown(clean(view.partner)), view.customers.length + view.more),
    hasNote: view.customers.length === 0, note: partners.ownEmpty,
    partners: view.customers.map((line) => ({ name: shown(line.name), facts: factsOf(line, true, partners.ownSource, pen) })),
    hasMicrosoft: false, microsoftTitle: '', microsoft: '',
    notes: [...(view.more > 0 ? [partners.more(view.more)] : []), partners.ownNote, partners.readAt(dates.moment(view.readAt))],
    explain: buttons.explain, pending: buttons.pending,
  });
};
