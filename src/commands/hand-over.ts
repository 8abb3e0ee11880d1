import { refusalsOfDraft } from '../domain/decide-invitation.js';
import type { Refusals } from '../domain/decision.js';
import type { InvitationId, PersonId, ReferenceCode } from '../domain/ids.js';
import type { InState, Invitation } from '../domain/invitation.js';
import * as step from '../domain/steps.js';
import { againWhenStale } from './again.js';
import { byWhom, happened } from './audit.js';
import { bringHandedOver, redrawOtherCopies, tellColleague } from './errands-about.js';
import { actorOf, gatherDoorFacts, gatherInvitationFacts, personNow, type Speaker } from './gather.js';
import { previewOf } from './invite-customer.js';
import { AuthorityUnavailableError, type Ports } from './ports.js';
import { mayNotSee, mayUsePartnerCommands, sentenceOf } from './show-invitation.js';
import type { Colleague, HandedOverView, PreviewView } from './views.js';

export type HandOverOutcome =
  | { readonly is: 'handedOver'; readonly to: Colleague; readonly customer: string; readonly usesTheApp: boolean }
  | { readonly is: 'handedBack'; readonly to: Colleague; readonly customer: string }
  | { readonly is: 'noSuchColleague' }
  /** Another Admin agent could not send it either, or whoever gives it back has no role. */
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'notFound' };

/** A draft changes hands inside one partner. Nothing exists at Microsoft until the Admin agent sends it (MP-12). */
export const handOver = (ports: Ports) => {
  const { directory, ledger, clock } = ports;

  const draftFor = async (by: Speaker, id: InvitationId, isWhose: (draft: InState<'draft'>) => boolean): Promise<InState<'draft'> | undefined> => {
    const draft = await ledger.invitation(id);
    return draft?.state === 'draft' && draft.partner.tenant === by.tenant && isWhose(draft) ? draft : undefined;
  };

  /** What stands in the way whoever sends it: an Admin agent would only hear the same no. */
  const refusalsOfAnyone = async (by: Speaker, draft: InState<'draft'>): Promise<Refusals | 'noSuchTenant' | undefined> => {
    const tenant = await directory.tenantById(draft.customer.tenant, by.tenant);
    return tenant ? refusalsOfDraft(await gatherInvitationFacts(ports, await gatherDoorFacts(ports, by), tenant, draft)) : 'noSuchTenant';
  };

  const to = (wish: { readonly by: Speaker; readonly id: InvitationId; readonly to: PersonId; readonly note?: string; readonly reason?: string }): Promise<HandOverOutcome> => againWhenStale(async () => {
    const { by, id, note = '', reason = '' } = wish;
    const found = await draftFor(by, id, ({ inviter }) => inviter.id === by.person);
    if (!found) return { is: 'notFound' };
    const draft = { ...found, reason: sentenceOf(reason || found.reason) };
    const colleague = (await directory.adminAgents(by.tenant)).find(({ id: person }) => person === wish.to);
    if (!colleague) return { is: 'noSuchColleague' };
    // Whoever sends it states what is to be stated.
    const no = await refusalsOfAnyone(by, { ...draft, statedNotCsp: true });
    if (no === 'noSuchTenant') return { is: 'notFound' };
    if (no) return { is: 'refused', refusals: no };
    const now = clock.now();
    const after = step.handedOver(draft, { id: colleague.id, name: colleague.name }, sentenceOf(note));
    const { facts, names } = byWhom(actorOf(by));
    const usesTheApp = (await ledger.acquaintance(by.tenant, colleague.id))?.isReachable === true;
    await ledger.record({
      event: happened('InvitationHandedOver', after, now, { facts: { ...facts, to: colleague.id }, names: { ...names, to: colleague.name, note: sentenceOf(note) } }),
      before: found, after, errands: [...(usesTheApp ? [bringHandedOver(after, colleague.id)] : []), ...(await redrawOtherCopies(ports, after, by))],
    });
    return { is: 'handedOver', to: { id: colleague.id, name: colleague.name }, customer: draft.customer.name, usesTheApp };
  });

  const back = (wish: { readonly by: Speaker; readonly id: InvitationId; readonly note: string }): Promise<HandOverOutcome> => againWhenStale(async () => {
    const { by, id } = wish;
    const draft = await draftFor(by, id, ({ handedTo }) => handedTo?.id === by.person);
    if (!draft) return { is: 'notFound' };
    if (!(await mayGiveUp(ports, by))) return { is: 'refused', refusals: mayNotSee(ports, by).refusals };
    const note = sentenceOf(wish.note);
    const after = step.handedBack(draft, note);
    const { facts, names } = byWhom(actorOf(by));
    await ledger.record({
      event: happened('InvitationHandedBack', after, clock.now(), { facts, names: { ...names, note } }),
      before: draft, after, errands: [tellColleague(after, 'handedBack', after.inviter.id, String(after.version)), ...(await redrawOtherCopies(ports, after, by))],
    });
    // Their card is a thing of the past, also when the draft comes to them again.
    for (const copy of await ledger.copies(id)) if (copy.tenant === by.tenant && copy.person === by.person) await ledger.dropCopy(copy);
    return { is: 'handedBack', to: { id: draft.inviter.id, name: draft.inviter.name }, customer: draft.customer.name };
  });

  return { to, back };
};

/**
 * Giving up a draft needs the role like every act (MP-22). An outage holds nobody back: nothing has left the house, and what
 * is given up may be waiting to be sent as soon as Microsoft answers.
 */
export const mayGiveUp = async (ports: Ports, by: Speaker): Promise<boolean> => {
  try {
    return mayUsePartnerCommands(await personNow(ports, by));
  } catch (error) {
    if (error instanceof AuthorityUnavailableError) return true;
    throw error;
  }
};

const isOneOfTheTwo = ({ partner, inviter, handedTo }: Invitation, { tenant, person }: Speaker): boolean =>
  partner.tenant === tenant && (inviter.id === person || handedTo?.id === person);

/** The draft as it stands, for whoever may send it or gave it away; fresh rules, fresh facts. */
export const showDraft = (ports: Ports) => async ({ by, id }: { readonly by: Speaker; readonly id: InvitationId }): Promise<PreviewView | undefined> => {
  const draft = await ports.ledger.invitation(id);
  if (draft?.state !== 'draft' || !isOneOfTheTwo(draft, by)) return undefined;
  const tenant = await ports.directory.tenantById(draft.customer.tenant, by.tenant);
  if (!tenant) return undefined;
  return previewOf(ports, by.tenant, draft, await gatherInvitationFacts(ports, await gatherDoorFacts(ports, by), tenant, draft));
};

/** By its reference code, for the one who began it and the one who is to finish it. */
export const openDraft = (ports: Ports) => async ({ by, reference }: { readonly by: Speaker; readonly reference: ReferenceCode }): Promise<PreviewView | HandedOverView | undefined> => {
  const draft = await ports.ledger.invitationByReference(reference);
  if (draft?.state !== 'draft' || !isOneOfTheTwo(draft, by) || !mayUsePartnerCommands(await personNow(ports, by))) return undefined;
  const preview = await showDraft(ports)({ by, id: draft.id });
  return preview && draft.handedTo?.id === by.person ? { view: 'handedOver', preview, from: draft.inviter.name } : preview;
};
