import assert from 'node:assert/strict';
import * as at from './a-sandbox.js';
import { wireOf, type Said } from './a-wire.js';

export const RELATIONSHIPS = 'tenantRelationships/delegatedAdminRelationships';
export const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
export const SERVICE_SUPPORT = 'f023fd81-a637-4b56-95fd-791ac0226033';
export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

export const rolesOf = (...roles: readonly string[]) => ({ unifiedRoles: roles.map((roleDefinitionId) => ({ roleDefinitionId })) });

export const aDraft = (change: object = {}) => ({
  displayName: 'Fabrikam for Contoso', duration: 'P90D', autoExtendDuration: 'PT0S', customer: { tenantId: at.CONTOSO },
  accessDetails: rolesOf(USER_ADMINISTRATOR, SERVICE_SUPPORT), ...change,
});

/** Fabrikam and its delegated administration of Contoso, moved step by step. */
export const administration = (sandbox: at.OpenSandbox, partner: string = at.FABRIKAM) => {
  const { graph } = wireOf(sandbox);
  const call = (method: string, path = '', body?: unknown): Promise<Said> => graph(partner, method, `${RELATIONSHIPS}${path}`, body);
  const passes = (ms: number): void => sandbox.machine.passes(ms / 1000);

  const create = async (change: object = {}): Promise<string> => {
    const { status, body } = await call('POST', '', aDraft(change));
    assert.equal(status, 201);
    return body['id'] as unknown as string;
  };
  const pending = async (change: object = {}): Promise<string> => {
    const id = await create(change);
    assert.equal((await call('POST', `/${id}/requests`, { action: 'lockForApproval' })).status, 201);
    passes(300);
    return id;
  };
  const accept = (id: string, person: string = at.AYSE, customer: string = at.CONTOSO) => sandbox.control('POST', 'accept', { partner, customer, person, relationship: id });
  const active = async (change: object = {}): Promise<string> => {
    const id = await pending(change);
    assert.equal((await accept(id)).status, 200);
    passes(300);
    return id;
  };
  /** The status, or the number of the answer when there is no relationship. */
  const status = async (id: string): Promise<unknown> => {
    const { status: answer, body } = await call('GET', `/${id}`);
    return answer === 200 ? body['status'] : answer;
  };
  return { call, passes, create, pending, accept, active, status };
};
