/** What the rules are asked about. Gathered by the commands from whoever knows; never believed from a card. */
import type { AccessAssignment, Blocker, DelegatedAdmin, DelegatedStatus } from '../delegated-admin.js';
import type { Answer, Cloud, Country, Customer, Known, Partner, PartnerRole, Person } from '../facts.js';
import type { Asks, Half, Invitation } from '../invitation.js';

/** The seed's three roles, and Admin agent, which sends reseller requests as well (MP-11). */
export const rolesThatInvite: readonly PartnerRole[] = ['globalAdmin', 'userAdmin', 'salesAgent', 'adminAgent'];

/** What a cloud offers; pages of Microsoft differ, so each is a switch (H-1, H-2). */
export type Capabilities = { readonly resellerRequest: boolean; readonly gdap: boolean; readonly withoutAdminPermissions: boolean };

export const capabilitiesOf: Readonly<Record<'commercial' | 'usGov', Capabilities>> = {
  commercial: { resellerRequest: true, gdap: true, withoutAdminPermissions: true },
  usGov: { resellerRequest: true, gdap: false, withoutAdminPermissions: false },
};

export type DoorFacts = {
  readonly inviter: Person;
  readonly partner: Partner;
  /** The cloud this deployment serves, and what is offered there. */
  readonly cloud: Cloud;
  readonly capabilities: Capabilities;
};

export type InvitationFacts = DoorFacts & {
  readonly customer: Customer;
  readonly asks: Asks;
  /** Whether this partner already sells to the customer, and whether the customer is its own reseller. */
  readonly isRelated: Answer;
  readonly isOwnReseller: Answer;
  /** Open invitations of this pair, with the halves each asks for. */
  readonly open: readonly { readonly reference: string; readonly sentAt: string; readonly halves: readonly Half[] }[];
  readonly statedNotCsp: boolean;
  /** Whether another delegated administration of this partner has the asked name. */
  readonly isNameTaken: Answer;
  /** The provider that will sell, in the two-tier model. */
  readonly provider?: { readonly name: string; readonly country: Known<Country>; readonly isOurs: Answer };
  /** The customer's own wish, and how many requests reached it unanswered in the last 90 days. */
  readonly hasStoppedRequests: boolean;
  readonly unanswered: number;
};

export type AnswerFacts = {
  readonly person: Person;
  readonly invitation: Invitation;
  readonly now: Date;
};

/** Giving approved roles to a group of the partner's own people. */
export type AssignFacts = {
  readonly person: Person;
  readonly relationship: Pick<DelegatedAdmin, 'status' | 'roles'>;
  readonly roles: readonly string[];
  readonly group: string;
  readonly assignments: readonly AccessAssignment[];
};

/** Taking delegated administration away, from either side. */
export type RemovalFacts = {
  readonly person: Person;
  readonly side: 'partner' | 'customer';
  readonly status: DelegatedStatus;
};

/** Ending the reseller relationship, which only the partner can do. */
export type EndFacts = {
  readonly person: Person;
  readonly partner: Pick<Partner, 'type'>;
  readonly blockers: readonly Blocker[];
};
