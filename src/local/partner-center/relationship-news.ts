import { endOf, isWorldly, lockOf, unansweredMs, wasRejected, type Moment, type Relationship, type Step } from './relationship.js';

/** Something that happened to a delegated administration, as Microsoft announces it or writes it down. */
export type News = {
  /** Told once under this name. */
  readonly key: string;
  readonly is:
    | 'approved' | 'activated' | 'terminationRequested' | 'terminated' | 'expired' | 'cleanedUp'
    | 'assignmentCreated' | 'assignmentActivated' | 'assignmentUpdated' | 'assignmentDeleted';
  /** Business time, ISO 8601. */
  readonly at: string;
  readonly assignment?: string;
};

const askedAt = ({ asked, due, at }: Step): string => new Date(Date.parse(at) - (due - asked)).toISOString();
const isOver = (step: Step | undefined, { business, machine }: Moment): step is Step => step !== undefined && machine >= step.due && business.getTime() >= Date.parse(step.at);

const unanswered = (relationship: Relationship): string | undefined => {
  const lock = lockOf(relationship);
  return lock && !relationship.approval ? new Date(Date.parse(lock.at) + unansweredMs).toISOString() : undefined;
};

/** All that has happened to it until now, oldest first. What a world says of approvals was told long ago. */
export const newsOf = (relationship: Relationship, moment: Moment): readonly News[] => {
  const { approval, termination, assignments, operations = [] } = relationship;
  const found: News[] = [];
  const add = (is: News['is'], at: string, assignment?: string, id = assignment): void =>
    void found.push({ key: id === undefined ? is : `${is} ${id}`, is, at, ...(assignment !== undefined && { assignment }) });

  if (approval && !isWorldly(relationship)) {
    add('approved', askedAt(approval));
    if (isOver(approval, moment)) add('activated', approval.at);
  }
  if (termination) add('terminationRequested', askedAt(termination));
  if (termination && moment.machine >= termination.due) add('terminated', termination.at);
  const ends = termination ? null : endOf(relationship, moment);
  if (ends !== null && moment.business.getTime() >= Date.parse(ends)) add('expired', ends);
  const gone = unanswered(relationship);
  if (gone !== undefined && !wasRejected(relationship, moment) && moment.business.getTime() >= Date.parse(gone)) add('cleanedUp', gone);

  for (const { id, created, deletion, ...step } of assignments) {
    add('assignmentCreated', created, id);
    if (moment.machine >= step.due) add('assignmentActivated', step.at, id);
    if (deletion && moment.machine >= deletion.due) add('assignmentDeleted', deletion.at, id);
  }
  for (const { id, assignment, ...step } of operations) {
    if (assignment !== undefined && moment.machine >= step.due) add('assignmentUpdated', step.at, assignment, id);
  }
  return found.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
};

/** When to look again, in machine milliseconds; `undefined` when nothing more happens by itself. */
export const nextChange = (relationship: Relationship, moment: Moment): number | undefined => {
  const { requests, approval, termination, assignments, operations = [] } = relationship;
  const inMachineTime = (at: string): number => moment.machine + Date.parse(at) - moment.business.getTime();
  const ends = termination ? null : endOf(relationship, moment);
  const gone = unanswered(relationship);
  const steps: readonly (Step | undefined)[] = [...requests, approval, termination, ...operations, ...assignments.flatMap((one) => [one, one.deletion])];
  const times = [
    ...steps.flatMap((step) => (step ? step.due : [])),
    ...[approval?.at, ends, gone].flatMap((at) => (at === undefined || at === null ? [] : inMachineTime(at))),
  ].filter((at) => at > moment.machine);
  return times.length > 0 ? Math.min(...times) : undefined;
};
