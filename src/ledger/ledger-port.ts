import { LedgerUnavailableError, type Acquaintance, type CardCopy, type Ledger } from '../commands/ports.js';
import type { Proof } from '../domain/proof.js';
import type { TenantId } from '../domain/ids.js';
import type { Grant, InState, Invitation, OpenInvitation } from '../domain/invitation.js';
import { saltsIn, valuesIn, type AuditLink, type SealedNames } from './audit.js';
import { customersOf } from './customers.js';
import type { Driver, Row, Statement } from './driver.js';
import { batchOf, grantsBatch, invitationIn } from './record.js';
import * as sql from './statements.js';
import type { LedgerTime } from './time.js';

const parsed = <Kept>(row: Row, column = 'body'): Kept => JSON.parse(String(row[column])) as Kept;

const linkIn = (row: Row): AuditLink => {
  const names = parsed<SealedNames>(row, 'names');
  return { ...(row as unknown as AuditLink), names: valuesIn(names), salts: saltsIn(names) };
};

const proofIn = (row: Row): Proof =>
  row['comparison'] !== null ? { comparison: parsed(row, 'comparison') } : { baseline: parsed(row, 'baseline') };

export const ledgerOn = (driver: Driver, time: LedgerTime): Ledger => {
  const all = async <Kept>(statement: Statement): Promise<readonly Kept[]> => (await driver.read(statement)).map((row) => parsed<Kept>(row));
  const first = async <Kept>(statement: Statement): Promise<Kept | undefined> => (await all<Kept>(statement))[0];
  const invitations = async <Kept extends Invitation = Invitation>(statement: Statement): Promise<readonly Kept[]> =>
    (await driver.read(statement)).map((row) => invitationIn(String(row['body'])) as Kept);
  const put = async (statement: Statement): Promise<void> => void (await driver.write([statement]));

  return {
    invitation: async (id) => (await invitations(sql.invitationById(id)))[0],
    invitationByReference: async (reference) => (await invitations(sql.invitationByReference(reference)))[0],
    openBetween: (partner, customer) => invitations<OpenInvitation>(sql.openBetween(partner, customer)),
    unansweredSince: async (partner, customer, since) => Number((await driver.read(sql.unansweredSince(partner, customer, since)))[0]?.['many']),
    hasStopped: async (customer, partner) => (await driver.read(sql.stopOf(customer, partner))).length > 0,
    stoppedBy: async (customer) => (await driver.read(sql.stopsOf(customer))).map((row) => row['partner'] as TenantId),
    invitationsOf: (side, only, limit) => invitations(sql.invitationsOf(side, only, limit)),
    draftsOf: (inviter, partner, customer) => invitations<InState<'draft'>>(sql.draftsOf(inviter, partner, customer)),
    handedOver: (partner, person, limit) => invitations<InState<'draft'>>(sql.handedOver(partner, person, limit)),
    awaited: (partner, half) => invitations(sql.awaited(partner, half)),
    overdue: (now, limit, after) => invitations<OpenInvitation>(sql.overdue(now, limit, after)),
    grants: (side) => all<Grant>(sql.grantsOf(side)),
    endingBetween: (from, then, limit, after) => all<Grant>(sql.endingBetween(from, then, limit, after)),
    isWatched: async (partner) => (await driver.read(sql.watchedSince(partner))).length > 0,
    beginWatching: async (partner, grants) => {
      // In pieces, so that a partner with ten thousand customers holds nobody up; the mark comes last.
      for (let at = 0; at < grants.length; at += 100) await driver.write(grantsBatch(grants.slice(at, at + 100), driver.dialect));
      await put(sql.markWatched(partner, time.now()));
    },
    customersOf: (partner, page) => customersOf(driver, partner, page),

    record: async (entry) => void (await driver.write(batchOf(entry, driver.dialect, time))),
    history: async (chain) => (await driver.read(sql.wholeChain(chain))).map(linkIn),
    headOf: async (chain) => (await driver.read(sql.headOfChain(chain))).map((row) => String(row['hash']))[0],

    acquaintance: (tenant, person) => first<Acquaintance>(sql.personById(tenant, person)),
    acquaintances: () => all<Acquaintance>(sql.everybody()),
    acquaintancesOf: (tenant) => all<Acquaintance>(sql.peopleOf(tenant)),
    meet: (acquaintance) => put(sql.putPerson(acquaintance)),

    mark: async (name) => (await driver.read(sql.readMark(name))).map((row) => String(row['value']))[0],
    keepMark: (name, value) => put(sql.putMark(name, value)),

    copies: async (invitation) => (await driver.read(sql.copiesOf(invitation))) as unknown as readonly CardCopy[],
    keepCopy: (copy) => put(sql.insertCopy(copy)),
    dropCopy: (copy) => put(sql.deleteCopy(copy)),

    proof: async (invitation, side) => (await driver.read(sql.proofOf(invitation, side))).map(proofIn)[0],
    keepBaseline: (invitation, side, baseline) => put(sql.insertBaseline(invitation, side, baseline)),
    keepComparison: (invitation, side, comparison) => put(sql.putComparison(invitation, side, comparison)),

    isReachable: async () => {
      try {
        await driver.read({ sql: 'SELECT version FROM migration', params: [] });
        return true;
      } catch (error) {
        if (error instanceof LedgerUnavailableError) return false;
        throw error;
      }
    },
  };
};
