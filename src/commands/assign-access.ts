import { ask, refusalsIn, isRefused, wanting, type Refusal, type Refusals } from '../domain/decision.js';
import type { InvitationId, TenantId } from '../domain/ids.js';
import type { Invitation } from '../domain/invitation.js';
import { assignRules, removalRules } from '../domain/rules.js';
import { byWhom, happened, rulesOf } from './audit.js';
import { redrawPartnerCopies } from './errands-about.js';
import { actorOf, askedBy, personNow, personOrRoleless, type Speaker } from './gather.js';
import { answerLater, refusedLater } from './meet-person.js';
import type { AuthorityRefusal, ClaimedErrand, Ports } from './ports.js';
import { mayUsePartnerCommands } from './show-invitation.js';

export type AssignOutcome =
  | { readonly is: 'asked'; readonly group: string }
  | { readonly is: 'refused'; readonly refusals: Refusals }
  | { readonly is: 'notFound' };

export type AccessWish = { readonly by: Speaker; readonly id: InvitationId };

/** Takes the roles from a group again, or lets the whole end on its day. Both only make less of what the customer approved. */
export const lessenAccess = (ports: Ports) => {
  const { authority, ledger, clock } = ports;

  const begin = async ({ by, id }: AccessWish, topic: 'withdrawAccess' | 'stopExtending', group?: string): Promise<AssignOutcome> => {
    const invitation = await ledger.invitation(id);
    const relationship = invitation && 'delegated' in invitation ? invitation.delegated?.relationship : undefined;
    if (!invitation || relationship === undefined || invitation.partner.tenant !== by.tenant) return { is: 'notFound' };
    const person = await personNow(ports, by);
    if (person === 'unknown' || !mayUsePartnerCommands(person)) return { is: 'notFound' };
    const [found, assignments, groups] = await Promise.all([
      authority.listDelegatedAdmin(by.tenant, invitation.customer.tenant), authority.listAssignments(by.tenant, relationship), authority.listSecurityGroups(by.tenant),
    ]);
    const standing = found.find((one) => one.id === relationship);
    const assignment = group === undefined ? undefined : assignments.find((one) => one.group === group && (one.status === 'pending' || one.status === 'active'));
    if (!standing || (group !== undefined && !assignment)) return { is: 'notFound' };
    const { facts, names } = byWhom(actorOf(by));
    const refusals = refusalsIn(ask(removalRules, { person, side: 'partner', status: standing.status }));
    if (isRefused(refusals)) {
      await ledger.record({ event: happened('ActRefused', invitation, clock.now(), { facts: { ...facts, act: topic, rules: rulesOf(refusals) }, names }) });
      return { is: 'refused', refusals: wanting('changeAccess', refusals) };
    }
    const name = groups.find((one) => one.id === group)?.name ?? '';
    await ledger.record({
      event: happened(topic === 'withdrawAccess' ? 'AccessWithdrawn' : 'AutoExtendStopped', invitation, clock.now(), { facts: { ...facts, relationship, ...(group !== undefined && { group }) }, names: { ...names, ...(name && { group: name }) } }),
      errands: [{
        topic, key: `${topic}/${relationship}/${group ?? ''}/${clock.machineNow().getTime()}`, lane: `access/${relationship}`, invitation: id,
        body: { tenant: by.tenant, person: by.person, name: by.name, relationship, ...(assignment && { assignment: assignment.id }) },
      }],
    });
    return { is: 'asked', group: name };
  };

  return {
    withdraw: (wish: AccessWish & { readonly group: string }): Promise<AssignOutcome> => begin(wish, 'withdrawAccess', wish.group),
    stopExtending: (wish: AccessWish): Promise<AssignOutcome> => begin(wish, 'stopExtending'),
  };
};

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
    return { is: 'refused', refusals: wanting('giveAccess', refusals) };
  }
  await ledger.record({
    event: happened('AccessAssigned', invitation, clock.now(), { facts: { ...facts, relationship, group }, names: { ...names, group: chosen.name } }),
    errands: [{
      topic: 'assign', key: `assign/${relationship}/${group}/${clock.machineNow().getTime()}`, lane: `access/${relationship}`, invitation: id,
      body: { tenant: by.tenant, person: by.person, name: by.name, relationship, group, roles: standing.roles.join(' ') },
    }],
  });
  return { is: 'asked', group: chosen.name };
};

/** Reads the right once more, since it may have waited for days (MP-22); then asks Microsoft, tells a definite no, and draws the card again. */
export const changeAccessAtMicrosoft = (ports: Ports) => async ({ topic, key, body, invitation: id }: ClaimedErrand & { readonly invitation: InvitationId }): Promise<void> => {
  const { ledger, errands, clock } = ports;
  const invitation = await ledger.invitation(id);
  if (!invitation) return;
  const by = askedBy(body);
  const refusals = await refusalsNow(ports, topic, invitation, by, body);
  if (isRefused(refusals)) {
    const { facts, names } = byWhom(actorOf(by));
    await ledger.record({ event: happened('ActRefused', invitation, clock.now(), { facts: { ...facts, act: topic === 'assign' ? 'assignAccess' : topic, rules: rulesOf(refusals) }, names }) });
    return void (await answerLater(ports, by, { view: 'refusal', refusals: wanting(topic === 'assign' ? 'giveAccess' : 'changeAccess', refusals) }));
  }
  const outcome = await askMicrosoft(ports, topic, invitation.partner.tenant, body);
  if (typeof outcome !== 'string') {
    await ledger.record({ event: happened('ActRefused', invitation, clock.now(), { facts: { act: topic === 'assign' ? 'assignAccess' : topic, code: outcome.refused.code, correlationId: outcome.refused.correlationId } }) });
    await answerLater(ports, by, refusedLater(outcome.refused.code, outcome.refused.correlationId));
  }
  // Microsoft sets it up in its own time: the card is drawn now, and again when that is likely over.
  const now = clock.machineNow().getTime();
  for (const seconds of setUpSeconds) {
    await errands.add((await redrawPartnerCopies(ports, invitation, `${key}/${seconds}`)).map((errand) => ({ ...errand, dueAt: new Date(now + seconds * 1000) })));
  }
};

/** What a group has already is not asked here: a repeat after a crash would meet its own success. Microsoft says it. */
const refusalsNow = async (ports: Ports, topic: ClaimedErrand['topic'], { partner, customer }: Invitation, by: Speaker, { relationship, group = '', roles = '' }: ClaimedErrand['body']): Promise<readonly Refusal[]> => {
  const [person, found] = await Promise.all([personOrRoleless(ports, by), ports.authority.listDelegatedAdmin(partner.tenant, customer.tenant)]);
  const standing = found.find(({ id }) => id === relationship) ?? { status: 'unknown' as const, roles: [] };
  return refusalsIn(topic === 'assign'
    ? ask(assignRules, { person, relationship: standing, roles: roles.split(' '), group, assignments: [] })
    : ask(removalRules, { person, side: 'partner', status: standing.status }));
};

const askMicrosoft = async ({ authority }: Ports, topic: ClaimedErrand['topic'], partner: TenantId, body: ClaimedErrand['body']): Promise<string | AuthorityRefusal> => {
  const { relationship = '', group = '', assignment = '' } = body;
  if (topic === 'stopExtending') return authority.stopAutoExtend(partner, relationship);
  if (topic === 'withdrawAccess') return authority.withdrawAccess(partner, { relationship, assignment });
  const roles = (body['roles'] ?? '').split(' ');
  const outcome = await authority.assignAccess(partner, { relationship, group, roles });
  if (outcome === 'asked' || outcome.refused.code !== 'ASSIGNMENT_EXISTS') return outcome;
  // Somebody gave the group other ones of the approved roles meanwhile: it gets these.
  const other = (await authority.listAssignments(partner, relationship)).find((one) => one.group === group);
  return other ? authority.changeAccess(partner, { relationship, assignment: other.id, roles }) : outcome;
};
