import { ask, isRefused, refusalsIn, type Asked, type Decision, type InvitationAllowed, type Refusals } from './decision.js';
import type { Invitation } from './invitation.js';
import { doorRules, draftRules, invitationRules, type DoorFacts, type InvitationFacts } from './rules.js';

/** What the door says about the person, before anything is looked up about a customer. */
export const refusalsAtTheDoor = (facts: DoorFacts): Refusals | undefined => {
  const refusals = refusalsIn(ask(doorRules, facts));
  return isRefused(refusals) ? refusals : undefined;
};

/** Every rule with its verdict, for the preview that the inviter reads before sending. */
export const askEveryRule = (facts: InvitationFacts): readonly Asked[] => [...ask(doorRules, facts), ...ask(invitationRules, facts)];

/** Whether a draft may be kept. Who may send it is asked when it is sent. */
export const refusalsOfDraft = (facts: InvitationFacts): Refusals | undefined => {
  const refusals = refusalsIn(ask(draftRules, facts));
  return refusalsAtTheDoor(facts) ?? (isRefused(refusals) ? refusals : undefined);
};

/** The door first and alone; then every other rule, so that every reason is heard at once. */
export const decideInvitation = (invitation: Invitation, facts: InvitationFacts): Decision<InvitationAllowed> => {
  const refusals = refusalsAtTheDoor(facts) ?? refusalsIn(ask(invitationRules, facts));
  return isRefused(refusals)
    ? { outcome: 'refused', refusals }
    : { outcome: 'allowed', allowed: { invitation } as InvitationAllowed };
};
