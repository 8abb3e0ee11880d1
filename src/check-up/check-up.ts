import { AuthorityUnavailableError, notConsented, SignInNeededError, type Directory, type NewsFeed, type RelationshipAuthority, type SignIn } from '../commands/ports.js';
import { wantedEvents } from '../commands/hear-event.js';
import { goodUntil, signInDaysLeft } from '../commands/warn-about-sign-ins.js';
import type { PersonId, TenantId } from '../domain/ids.js';
import { advice, codesOf } from './advice.js';

/** `right`: as it must be. `missing`: it does not work without it. `look`: it works, but somebody should look. */
export type Finding = { readonly is: 'right' | 'missing' | 'look'; readonly what: string; readonly todo?: string };

/** One partner of the file, as far as the check-up needs it. */
export type CheckedPartner = { readonly tenant: TenantId; readonly access: 'user' | 'app'; readonly adminAgents: string; readonly passEventsTo: readonly string[] };

export type CheckUp = {
  readonly authority: Pick<RelationshipAuthority, 'partner' | 'observe' | 'listDelegatedAdmin' | 'listSecurityGroups'>;
  readonly directory: Pick<Directory, 'countryOf' | 'adminAgents' | 'person' | 'tenantById'>;
  readonly newsFeed: Pick<NewsFeed, 'eventNames' | 'registration'>;
  readonly signIns: readonly SignIn[];
  readonly machineNow: () => Date;
  readonly eventsAddress: (partner: TenantId) => string;
  /** Whether delegated administration is offered at all. */
  readonly offersDelegatedAdmin: boolean;
};

const nobody = '00000000-0000-4000-8000-000000000000' as PersonId;

const signInFirst = 'Open the page for partners and sign in as an Admin agent, with a second factor.';

const right = (what: string): Finding => ({ is: 'right', what });

/** Tries one thing; a refusal becomes a sentence with Microsoft's codes and what to do about them. */
const trying = async (what: string, todo: string, act: () => Promise<Finding | string>): Promise<Finding> => {
  try {
    const found = await act();
    return typeof found === 'string' ? right(`${what}: ${found}`) : found;
  } catch (error) {
    if (!(error instanceof AuthorityUnavailableError)) throw error;
    const codes = codesOf(error);
    return { is: 'missing', what: `${what}: ${codes.sentence}`, todo: advice(codes.codes) ?? (error instanceof SignInNeededError ? signInFirst : todo) };
  }
};

/** Everything that one partner needs, in the order in which an operator sets it up. Reads only. */
export const checkPartner = async (
  { authority, directory, newsFeed, signIns, machineNow, eventsAddress, offersDelegatedAdmin }: CheckUp, { tenant, access, adminAgents, passEventsTo }: CheckedPartner,
): Promise<readonly Finding[]> => {
  const signIn = signIns.find(({ partner }) => partner === tenant);
  const findings: Finding[] = [];

  if (access === 'user') findings.push(signInFinding(signIn, machineNow()));
  findings.push(await trying('Partner Center answers the app', 'Check clientId and credential of this partner, and that the app is listed under App management in Partner Center.', async () => {
    await authority.observe(tenant, tenant);
    return 'yes';
  }));
  findings.push(await trying('Partner Center answers for the signed-in user', 'Sign in as an Admin agent, with a second factor, on the page for partners.', async () => {
    const partner = await authority.partner(tenant);
    if (!partner) return { is: 'missing', what: 'The tenant is not found by its own directory', todo: 'Check the tenant id, and consent to the directory app in this tenant.' };
    if (partner.country === 'unknown') return { is: 'missing', what: 'The legal business profile cannot be read', todo: 'Sign in as an Admin agent, with a second factor, on the page for partners.' };
    if (partner.hasSignedMpa === 'no') return { is: 'missing', what: `${partner.name}, market ${partner.country}: the Microsoft Partner Agreement is not signed`, todo: 'A Global admin signs it in Partner Center.' };
    return partner.hasSignedMpa === 'yes' ? `${partner.name}, market ${partner.country}, agreement signed`
      : { is: 'look', what: `${partner.name}, market ${partner.country}: whether the Microsoft Partner Agreement is signed cannot be read`, todo: 'Look in Partner Center.' };
  }));
  if (offersDelegatedAdmin) {
    findings.push(await trying('Delegated administration can be asked for', 'Give the app the delegated permission DelegatedAdminRelationship.ReadWrite.All and consent to it in this tenant.', async () => {
      await authority.listDelegatedAdmin(tenant, tenant);
      return 'yes';
    }));
    findings.push(await trying('Security groups can be chosen', 'Give the app the delegated permission GroupMember.Read.All and consent to it in this tenant.', async () => `${(await authority.listSecurityGroups(tenant)).length} found`));
  }
  findings.push(await trying('Roles can be read in the directory', 'Consent to the directory app in this tenant, with the permissions of the operating page.', async () => {
    const read = await directory.person(tenant, nobody);
    return read === notConsented ? { is: 'missing', what: 'The directory app has no consent in this tenant', todo: 'A Global admin of this tenant opens the consent page and allows it.' } : 'yes';
  }));
  findings.push(await trying('The group of Admin agents', 'Check groups.adminAgents: the object id of the group AdminAgents in this tenant.', async () => {
    const agents = await directory.adminAgents(tenant);
    return agents.length > 0 ? `${agents.length} members (${adminAgents})` : { is: 'look', what: `The group ${adminAgents} has no member`, todo: 'Check groups.adminAgents, or make somebody an Admin agent.' };
  }));
  findings.push(await trying('News from Partner Center', 'Without news the bot looks by itself every few minutes; nothing is lost.', async () => {
    const [offered, standing] = await Promise.all([newsFeed.eventNames(tenant), newsFeed.registration(tenant)]);
    const own = eventsAddress(tenant);
    const unknown = wantedEvents.filter((name) => !offered.includes(name));
    if (!standing) return { is: 'look', what: 'Nothing is registered for news yet', todo: `The service registers ${own} when it starts.` };
    if (standing.url !== own && !passEventsTo.includes(standing.url)) {
      return { is: 'look', what: `Another tool holds the registration (${hostOf(standing.url)})`, todo: 'Write its whole address into passEventsTo to take over and pass events on; otherwise the bot looks by itself.' };
    }
    return unknown.length > 0 ? { is: 'look', what: `Registered; Microsoft does not offer ${unknown.join(', ')}`, todo: 'Nothing: what is not announced is found by looking.' } : `registered (${standing.events.length} kinds)`;
  }));
  return findings;
};

const signInFinding = (signIn: SignIn | undefined, now: Date): Finding => {
  const todo = signInFirst;
  if (!signIn) return { is: 'missing', what: 'Nobody has signed in for this partner', todo };
  if (signIn.refused !== undefined) return { is: 'missing', what: `Microsoft takes the sign-in no longer (${signIn.refused})`, todo: advice(signIn.refused.split(' ')) ?? todo };
  const days = signInDaysLeft(signIn, now);
  const what = `Signed in; good until ${goodUntil(signIn).toISOString().slice(0, 10)}, ${days} days, and longer with every use`;
  return days <= 30 ? { is: 'look', what, todo } : right(what);
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an address that is none');
