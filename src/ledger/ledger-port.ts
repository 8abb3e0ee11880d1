import { LedgerUnavailableError, type Acquaintance, type CardCopy, type Ledger } from '../commands/ports.js';
import type { Proof } from '../domain/proof.js';
import type { Grant, Invitation, OpenInvitation } from '../domain/invitation.js';
import { saltsIn, valuesIn, type AuditLink, type SealedNames } from './audit.js';
import type { Driver, Row, Statement } from './driver.js';
import { batchOf } from './record.js';
import * as sql from './statements.js';

const parsed = <Kept>(row: Row, column = 'body'): Kept => JSON.parse(String(row[column])) as Kept;

const linkIn = (row: Row): AuditLink => {
  const names = parsed<SealedNames>(row, 'names');
  return { ...(row as unknown as AuditLink), names: valuesIn(names), salts: saltsIn(names) };
};

const proofIn = (row: Row): Proof =>
  row['comparison'] !== null ? { comparison: parsed(row, 'comparison') } : { baseline: parsed(row, 'baseline') };

export const ledgerOn = (driver: Driver, machineNow: () => Date): Ledger => {
  const all = async <Kept>(statement: Statement): Promise<readonly Kept[]> => (await driver.read(statement)).map((row) => parsed<Kept>(row));
  const first = async <Kept>(statement: Statement): Promise<Kept | undefined> => (await all<Kept>(statement))[0];
  const put = async (statement: Statement): Promise<void> => void (await driver.write([statement]));

  return {
    invitation: (id) => first<Invitation>(sql.invitationById(id)),
    invitationByReference: (reference) => first<Invitation>(sql.invitationByReference(reference)),
    openBetween: (partner, customer) => first<OpenInvitation>(sql.openBetween(partner, customer)),
    invitationsOf: (side, only, limit) => all<Invitation>(sql.invitationsOf(side, only, limit)),
    draftsOf: (inviter, partner, customer) => all<Invitation>(sql.draftsOf(inviter, partner, customer)),
    awaited: (partner) => all<Invitation>(sql.awaited(partner)),
    overdue: (now, limit) => all<OpenInvitation>(sql.overdue(now, limit)),
    grants: (side) => all<Grant>(sql.grantsOf(side)),

    record: async (entry) => void (await driver.write(batchOf(entry, driver.dialect, machineNow()))),
    history: async (chain) => (await driver.read(sql.wholeChain(chain))).map(linkIn),

    acquaintance: (tenant, person) => first<Acquaintance>(sql.personById(tenant, person)),
    acquaintancesOf: (tenant) => all<Acquaintance>(sql.peopleOf(tenant)),
    meet: async (acquaintance) => {
      const row = sql.putPerson(acquaintance);
      const [known] = await driver.read(sql.personById(acquaintance.tenant, acquaintance.person));
      if (known?.['body'] !== row.params.at(-1)) await put(row);
    },

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
