import { ask, refusalsIn, isRefused, type Refusals } from '../domain/decision.js';
import type { InvitationId } from '../domain/ids.js';
import { assignRules } from '../domain/rules.js';
import { byWhom, happened, rulesOf } from './audit.js';
import { redrawPartnerCopies } from './errands-about.js';
import { actorOf, askedBy, personNow, type Speaker } from './gather.js';
import { answerLater, refusedLater } from './meet-person.js';
import type { ClaimedErrand, Ports } from './ports.js';
import { mayUsePartnerCommands } from './show-invitation.js';

export type AssignOutcome =
  | { readonly is: 'asked'; readonly group: string }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'notFound' };

const setUpSeconds = [0, 3, 60];

/** Approval alone gives nobody access (MP-60): the approved roles are given to one of the partner's own groups. */
export const assignAccess = (ports: Ports) => async ({ by, id, group }: { readonly by: Speaker; readonly id: InvitationId; readonly group: string }): Promise<AssignOutcome> => {
  const { authority, ledger, clock } = ports;
  const invitation = await ledger.invitation(id);
  const relationship = invitation && 'delegated' in invitation ? invitation.delegated?.relationship : undefined;
  if (!invitation || relationship === undefined || invitation.partner.tenant !== by.tenant) return { is: 'notFound' };
  const person = await personNow(ports, by);
  if (person === 'unknown' || !mayUsePartnerCommands(person)) return { is: 'notFound' };

  const [found, groups, assignments] = await Promise.all([
    authority.listDelegatedAdmin(by.tenant, invitation.customer.tenant), authority.listSecurityGroups(by.tenant), authority.listAssignments(by.tenant, relationship),
  ]);
  const standing = found.find((one) => one.id === relationship);
  const chosen = groups.find((one) => one.id === group);
  if (!standing || !chosen) return { is: 'notFound' };
  const { facts, names } = byWhom(actorOf(by));
  const refusals = refusalsIn(ask(assignRules, { person, relationship: standing, roles: standing.roles, group, assignments }));
  if (isRefused(refusals)) {
    await ledger.record({ event: happened('ActRefused', invitation, clock.now(), { facts: { ...facts, act: 'assignAccess', rules: rulesOf(refusals) }, names }) });
    return { is: 'refused', refusals };
  }
  await ledger.record({
    event: happened('AccessAssigned', invitation, clock.now(), { facts: { ...facts, relationship, group }, names: { ...names, group: chosen.name } }),
    errands: [{
      topic: 'assign', key: `assign/${relationship}/${group}/${clock.machineNow().getTime()}`, lane: `access/${relationship}`, invitation: id,
      body: { tenant: by.tenant, person: by.person, relationship, group, roles: standing.roles.join(' ') },
    }],
  });
  return { is: 'asked', group: chosen.name };
};

export const giveRolesToGroup = (ports: Ports) => async ({ key, body, invitation: id }: ClaimedErrand & { readonly invitation: InvitationId }): Promise<void> => {
  const { authority, ledger, errands, clock } = ports;
  const invitation = await ledger.invitation(id);
  if (!invitation) return;
  const { relationship = '', group = '', roles = '' } = body;
  const outcome = await authority.assignAccess(invitation.partner.tenant, { relationship, group, roles: roles.split(' ') });
  if (outcome !== 'asked') {
    await ledger.record({ event: happened('ActRefused', invitation, clock.now(), { facts: { act: 'assignAccess', code: outcome.refused.code, correlationId: outcome.refused.correlationId } }) });
    await answerLater(ports, askedBy(body), refusedLater(outcome.refused.code, outcome.refused.correlationId));
  }
  // Microsoft sets it up in its own time: the card is drawn now, and again when that is likely over.
  const now = clock.machineNow().getTime();
  for (const seconds of setUpSeconds) {
    await errands.add((await redrawPartnerCopies(ports, invitation, `${key}/${seconds}`)).map((errand) => ({ ...errand, dueAt: new Date(now + seconds * 1000) })));
  }
};
