import type { TenantId } from '../../domain/ids.js';
import { stableId } from './stable-id.js';
import type { GdapGrant } from './world.js';

/** Both times at once: days pass in business time, the steps in between in machine time (milliseconds). */
export type Moment = { readonly business: Date; readonly machine: number };

/** Asked for and due in machine time, in milliseconds; `at` is the business time of the end. */
export type Step = { readonly asked: number; readonly due: number; readonly at: string };

export type RelationshipRequest = Step & { readonly id: string; readonly action: 'lockForApproval' | 'terminate' | 'approve' | 'reject'; readonly created: string };
/** `roles` as they were first asked for; an operation may have changed them since. */
export type AccessAssignment = Step & { readonly id: string; readonly group: string; readonly roles: readonly string[]; readonly created: string; readonly deletion?: Step };
/** Another set of roles, of an assignment or (without one) of the whole relationship, that takes Microsoft a while. */
export type Operation = Step & { readonly id: string; readonly assignment?: string; readonly roles: readonly string[]; readonly created: string };

/** A delegated administration (GDAP) with all that happened to it. How it stands now follows from the time. */
export type Relationship = {
  readonly id: string;
  readonly partner: TenantId;
  /** `null`: whoever holds the link may approve, until somebody does. */
  readonly customer: TenantId | null;
  /** The indirect provider that prepared it for this partner, who then has to agree as well. */
  readonly provider?: TenantId;
  readonly name: string;
  /** ISO 8601, as the partner wrote it. */
  readonly duration: string;
  readonly autoExtend: 'PT0S' | 'P0D' | 'P180D';
  readonly roles: readonly string[];
  readonly created: string;
  readonly requests: readonly RelationshipRequest[];
  readonly assignments: readonly AccessAssignment[];
  readonly operations?: readonly Operation[];
  /** A status that the wire shows instead of the true one, until somebody takes it back. */
  readonly shownAs?: string;
  /** `until` is the end without any extension. */
  readonly approval?: Step & { readonly until: string };
  readonly termination?: Step;
};

export type Status = 'created' | 'approvalPending' | 'approved' | 'activating' | 'active' | 'expired' | 'terminationRequested' | 'terminating' | 'terminated';

export type Standing = {
  readonly relationship: Relationship;
  readonly status: Status;
  readonly activated: string | null;
  /** With all extensions so far. */
  readonly ends: string | null;
  readonly modified: string;
};

const dayMs = 86_400_000;
const extensionMs = 180 * dayMs;
export const unansweredMs = 90 * dayMs;
const keptMs = 365 * dayMs;

/** Days, 1 to 730; `undefined` for anything that Microsoft refuses. */
export const daysIn = (duration: string): number | undefined => {
  const [, count, unit] = /^P(\d{1,3})([DY])$/.exec(duration) ?? [];
  const days = Number(count) * (unit === 'Y' ? 365 : 1);
  return days >= 1 && days <= 730 ? days : undefined;
};

export const endAfter = (from: string, duration: string): string => new Date(Date.parse(from) + (daysIn(duration) ?? 0) * dayMs).toISOString();

const isDone = (step: Step | undefined, { machine }: Moment): step is Step => step !== undefined && machine >= step.due;
const isHalfDone = ({ asked, due }: Step, { machine }: Moment): boolean => machine >= (asked + due) / 2;
export const lockOf = ({ requests }: Relationship): RelationshipRequest | undefined => requests.find(({ action }) => action === 'lockForApproval');
const hasHappened = (wanted: RelationshipRequest['action'], { requests }: Relationship, moment: Moment): boolean =>
  requests.some((request) => request.action === wanted && isDone(request, moment));

export const wasRejected = (relationship: Relationship, moment: Moment): boolean => hasHappened('reject', relationship, moment);

/** The world itself says that it was approved; no request of this sandbox led to it. */
export const isWorldly = ({ approval }: Relationship): boolean => approval?.due === 0;

/** Whether a partner has still to agree to what its provider prepared. */
export const isConsentPending = (relationship: Relationship, moment: Moment): boolean => relationship.provider !== undefined && !hasHappened('approve', relationship, moment);

export const endOf = ({ approval, autoExtend }: Relationship, moment: Moment): string | null => {
  if (!approval || !isDone(approval, moment)) return null;
  const end = Date.parse(approval.until);
  const late = moment.business.getTime() - end;
  return new Date(autoExtend === 'P180D' && late >= 0 ? end + (Math.floor(late / extensionMs) + 1) * extensionMs : end).toISOString();
};

const statusOf = (relationship: Relationship, ends: string | null, moment: Moment): Status | 'gone' => {
  const { approval, termination } = relationship;
  const isOver = (since: string, ms: number): boolean => moment.business.getTime() >= Date.parse(since) + ms;
  if (isDone(termination, moment)) return isOver(termination.at, keptMs) ? 'gone' : 'terminated';
  if (termination) return isHalfDone(termination, moment) ? 'terminating' : 'terminationRequested';
  if (ends !== null && isOver(ends, 0)) return isOver(ends, keptMs) ? 'gone' : 'expired';
  if (approval && isDone(approval, moment)) return isOver(approval.at, 0) ? 'active' : 'activating';
  if (approval) return isHalfDone(approval, moment) ? 'activating' : 'approved';
  const lock = lockOf(relationship);
  if (wasRejected(relationship, moment)) return 'gone';
  if (!isDone(lock, moment)) return 'created';
  return isOver(lock.at, unansweredMs) ? 'gone' : 'approvalPending';
};

/** `undefined` when Microsoft has cleaned it up. */
export const standingOf = (relationship: Relationship, moment: Moment): Standing | undefined => {
  const ends = endOf(relationship, moment);
  const status = statusOf(relationship, ends, moment);
  if (status === 'gone') return undefined;
  const { created, requests, approval, termination, operations = [] } = relationship;
  const done = [...requests, ...operations.filter(({ assignment }) => assignment === undefined), approval, termination].filter((step) => isDone(step, moment)).map(({ at }) => at);
  return {
    relationship: { ...relationship, roles: rolesNow(relationship, undefined, relationship.roles, moment) }, status, ends, activated: approval && isDone(approval, moment) && status !== 'activating' ? approval.at : null,
    modified: [created, ...done].reduce((one, other) => (one > other ? one : other)),
  };
};

export const requestStatus = (request: RelationshipRequest, moment: Moment): 'created' | 'succeeded' => (isDone(request, moment) ? 'succeeded' : 'created');

export const operationStatus = (operation: Operation, moment: Moment): 'notStarted' | 'running' | 'succeeded' =>
  isDone(operation, moment) ? 'succeeded' : isHalfDone(operation, moment) ? 'running' : 'notStarted';

const rolesNow = ({ operations = [] }: Relationship, assignment: string | undefined, first: readonly string[], moment: Moment): readonly string[] =>
  operations.findLast((one) => one.assignment === assignment && isDone(one, moment))?.roles ?? first;

export const assignedRoles = (assignment: AccessAssignment, { relationship }: Standing, moment: Moment): readonly string[] =>
  rolesNow(relationship, assignment.id, assignment.roles, moment);

/** `undefined` when nothing is on its way. */
export const runningOperation = ({ relationship: { operations = [] } }: Standing, assignment: string | undefined, moment: Moment): Operation | undefined =>
  operations.find((one) => one.assignment === assignment && !isDone(one, moment));

export const assignmentStatus = ({ deletion, ...assignment }: AccessAssignment, { status }: Standing, moment: Moment): 'pending' | 'active' | 'deleting' | 'deleted' => {
  if (status === 'terminated' || status === 'expired' || isDone(deletion, moment)) return 'deleted';
  if (status === 'terminating' || deletion) return 'deleting';
  return isDone(assignment, moment) ? 'active' : 'pending';
};

/** A world speaks only of delegated administration that was approved long ago. */
export const relationshipOf = ({ partner, customer, name, since, until, roles, autoExtend }: GdapGrant): Relationship => ({
  id: `${stableId('gdap', partner, customer, name)}-${stableId('gdap of a customer', partner, customer, name)}`,
  partner, customer, name, roles,
  duration: `P${Math.max(1, Math.round((Date.parse(until) - Date.parse(since)) / dayMs))}D`,
  autoExtend: autoExtend ? 'P180D' : 'PT0S',
  created: since, requests: [], assignments: [], approval: { asked: 0, due: 0, at: since, until },
});

/** What a world says of it: nothing while it is not in force. */
export const grantOf = ({ relationship, status }: Standing): GdapGrant[] => {
  const { partner, customer, name, roles, autoExtend, approval } = relationship;
  const isToCome = status === 'activating' && approval?.due === 0;
  if (!customer || !approval || (status !== 'active' && !isToCome)) return [];
  return [{ kind: 'gdap', partner, customer, since: approval.at, until: approval.until, roles: [...roles], name, autoExtend: autoExtend === 'P180D' }];
};
