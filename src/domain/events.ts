import type { Instant } from './facts.js';

export const eventNames = [
  'InvitationDrafted',
  'InvitationRefused',
  'InvitationSent',
  'InvitationFailed',
  'InvitationDelivered',
  'InvitationNotDelivered',
  'InvitationApproved',
  'InvitationDeclined',
  'AnswerRefused',
  'RelationshipEstablished',
  'RelationshipFoundLate',
  'InvitationExpired',
  'InvitationSuperseded',
  'InvitationDropped',
  'InvitationHandedOver',
  'InvitationHandedBack',
  'InvitationWithdrawn',
  'InvitationOpened',
  'InvitationForwarded',
  'CustomerReminded',
  'QuestionAsked',
  'QuestionAnswered',
  'LessAccessSuggested',
  'RequestsStopped',
  'RequestsAllowed',
  'HalfEstablished',
  'AccessAssigned',
  'AccessWithdrawn',
  'AutoExtendStopped',
  'ActRefused',
  'ActGivenUp',
  'AccessRemovalAsked',
  'RelationshipEndAsked',
  'RelationshipFoundOutside',
  'RelationshipEnded',
  'AccessEndsSoon',
  'AccessEndMoved',
  'DraftAnswerAsked',
  'DraftAnswered',
  'CustomerNamed',
  'HistoryExported',
] as const;

/** What happened, past tense, as the audit keeps it for ever. */
export type AuditEvent = {
  /** One chain per invitation, and one per provider's draft; refusals before there is one hang on the chain of the two tenants. */
  readonly chain: string;
  readonly event: (typeof eventNames)[number];
  readonly at: Instant;
  /** Ids, codes, states and times. Hashed as they are. */
  readonly facts: Readonly<Record<string, string>>;
  /** Names and free text. Kept beside the hashed body, which holds only a salted hash of each. */
  readonly names: Readonly<Record<string, string>>;
};
