import { isOpen } from '../domain/invitation.js';
import type { PersonId, TenantId } from '../domain/ids.js';
import { bringHandedOver, deliver, redraw, welcome } from './errands-about.js';
import { isPartner, personNow, type Speaker } from './gather.js';
import type { View } from './views.js';
import type { Acquaintance, CardCopy, Language, Ports } from './ports.js';
import { whoAmI } from './who-am-i.js';

export type Met = Pick<Acquaintance, 'tenant' | 'person' | 'name' | 'teamsUser' | 'conversation' | 'serviceUrl'> & { readonly locale?: string; readonly timeZone?: string };

const languageOf = (locale: string | undefined): Language => (locale?.toLowerCase().startsWith('tr') ? 'tr' : 'en');

/** Remembers where and in which language to reach somebody; a chosen language stays, otherwise the newest locale counts. */
export const meetPerson = (ports: Ports) => async ({ locale, timeZone, ...met }: Met): Promise<Acquaintance> => {
  const known = await ports.ledger.acquaintance(met.tenant, met.person);
  const zone = timeZone ?? known?.timeZone;
  const acquaintance: Acquaintance = {
    isReachable: true,
    ...met,
    name: met.name || known?.name || '',
    language: known && (known.isLanguageChosen || !locale) ? known.language : languageOf(locale),
    isLanguageChosen: known?.isLanguageChosen ?? false,
    ...(zone && { timeZone: zone }),
  };
  if (JSON.stringify(known) !== JSON.stringify(acquaintance)) await ports.ledger.meet(acquaintance);
  return acquaintance;
};

/** The app was installed: one welcome, whichever and however many events announce it, and every card and draft that waited. */
export const welcomePerson = (ports: Ports) => async ({ tenant, person }: Acquaintance): Promise<void> => {
  const { ledger, errands, clock } = ports;
  const open = isPartner(ports, tenant) ? [] : await ledger.invitationsOf({ customer: tenant }, 'open', 50);
  const held = await Promise.all(open.map(async (invitation) => (await ledger.copies(invitation.id)).some((copy) => copy.person === person)));
  const occasion = `arrival/${clock.machineNow().getTime()}`;
  const waiting = open.filter((invitation, index) => isOpen(invitation) && !held[index]).map((invitation) => deliver(invitation, person, occasion));
  const handedOver = isPartner(ports, tenant) ? (await ledger.handedOver(tenant, person, 50)).filter(({ handedTo }) => handedTo?.id === person) : [];
  await errands.add([welcome(tenant, person), ...waiting, ...handedOver.map((draft) => bringHandedOver(draft, person, 'arrival'))]);
};

/** Uninstalled or blocked: nothing more is sent until the person comes back. */
export const losePerson = (ports: Ports) => async (tenant: TenantId, person: PersonId): Promise<void> => {
  const known = await ports.ledger.acquaintance(tenant, person);
  if (known?.isReachable) await ports.ledger.meet({ ...known, isReachable: false });
};

export const chooseLanguage = (ports: Ports) => async (acquaintance: Acquaintance, language: Language): Promise<Acquaintance> => {
  const chosen = { ...acquaintance, language, isLanguageChosen: true };
  await ports.ledger.meet(chosen);
  return chosen;
};

/** From now on this message shows the invitation, or from its next change on, and is brought up to date with it. */
export const keepCard = (ports: Ports) => async (copy: CardCopy, from: 'now' | 'next' = 'now'): Promise<void> => {
  const invitation = await ports.ledger.invitation(copy.invitation);
  if (!invitation) return;
  await ports.ledger.keepCopy(copy);
  if (from === 'now') await ports.errands.add([redraw(copy, invitation.version, 'kept')]);
};

/** Sent once to whoever installs the app. */
export const sendWelcome = (ports: Ports) => async ({ tenant, person }: { tenant: TenantId; person: PersonId }): Promise<void> => {
  const to = await ports.ledger.acquaintance(tenant, person);
  if (!to) return;
  const speaker = { tenant, person, name: to.name };
  const [who, found] = await Promise.all([whoAmI(ports)(speaker), personNow(ports, speaker).catch(() => 'unknown' as const)]);
  const mayDecide = who.side === 'customer' && found !== 'unknown' && found.roles.includes('globalAdmin') && !found.isGuest;
  const waiting = mayDecide ? (await ports.ledger.invitationsOf({ customer: tenant }, 'open', 50)).length : 0;
  await ports.messenger.send(to, { view: 'welcome', who, name: to.name, waiting });
};

/** What somebody asked for is answered when it is known, wherever they are reached. */
export const answerLater = async ({ ledger, messenger }: Ports, by: Speaker, view: View): Promise<{ conversation: string; activity: string } | undefined> => {
  const to = await ledger.acquaintance(by.tenant, by.person);
  return to?.isReachable ? messenger.send(to, view) : undefined;
};

/** Microsoft's own definite no to an act, told to whoever asked for it. */
export const refusedLater = (code: string, correlationId: string): View =>
  ({ view: 'refusal', refusals: [{ rule: 'MP-25', code, about: { to: 'askMicrosoft', serviceCode: code, correlationId, n: '1', list: '', status: '' } }] });
