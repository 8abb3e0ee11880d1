import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AuthorityUnavailableError, type AuthorityRefusal } from '../../src/commands/ports.js';
import { decideInvitation } from '../../src/domain/decide-invitation.js';
import type { InvitationAllowed } from '../../src/domain/decision.js';
import { asDomainName, asInvitationId, asReferenceCode, type TenantId } from '../../src/domain/ids.js';
import { createMicrosoft, type CallRecord, type MicrosoftOptions, type PartnerAccount } from '../../src/microsoft/microsoft.js';
import type { Asks } from '../../src/domain/invitation.js';
import type { Sandbox } from '../../src/local/partner-center/sandbox.js';
import { whenInviting } from '../helpers/builders.js';
import { CONTOSO, CONTOSO_COM, ELIF, FABRIKAM } from '../local/partner-center/a-sandbox.js';

export const counted = (): (() => string) => {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
};

/** The real client against the sandbox. */
export const clientOf = (sandbox: Sandbox, machineNow: () => Date, more: Partial<MicrosoftOptions> = {}) =>
  createMicrosoft({
    ...sandbox, accounts: sandbox.partners, allowedLinkOrigins: [sandbox.url], machineNow, guid: counted(), random: () => 0,
    delegatedAdminLink: (relationship) => `${sandbox.url}/AdminPortal/Home?delegatedAdmin=${relationship}`, ...more,
  });

/** Every rule was really asked: nothing else gives the right to ask for an invitation. */
export const allowedFor = (partner: TenantId, asks: Asks = { sell: true }): InvitationAllowed => {
  const tenant = { id: partner, name: 'Fabrikam', domain: asDomainName('fabrikam.com'), cloud: 'commercial' as const };
  const decision = decideInvitation(
    {
      id: asInvitationId('00000000-0000-4000-8000-0000000000aa'), reference: asReferenceCode('PR-ACD-EFG'), asks, cloud: 'commercial',
      partner: { tenant: partner, name: 'Fabrikam', domain: tenant.domain }, customer: { tenant: CONTOSO, name: 'Contoso', domain: CONTOSO_COM },
      inviter: { id: ELIF, name: 'Elif Kaya' }, reason: 'Azure backup', statedNotCsp: true, createdAt: '2026-11-22T12:00:00.000Z', version: 1, state: 'draft',
    },
    whenInviting({
      inviter: { id: ELIF, tenant: partner, name: 'Elif Kaya', roles: ['salesAgent', 'adminAgent'], isGuest: false },
      partner: { ...tenant, type: asks.provider ? 'indirectReseller' : 'directBill', country: 'TR', hasSignedMpa: 'yes' },
      customer: { id: CONTOSO, name: 'Contoso', domain: CONTOSO_COM, cloud: 'commercial', country: 'TR', isCspPartner: 'unknown' }, asks, statedNotCsp: true,
      ...(asks.provider && { provider: { name: asks.provider.name, country: 'TR', isOurs: 'yes' } }),
    }),
  );
  if (decision.outcome !== 'allowed') throw new Error('The builder is out of date.');
  return decision.allowed;
};

export type Heard = { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string };
/** What the scripted service says: text goes out as it is, `hang` is silence, `cut` ends the line. */
export type Line = { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string>; readonly hang?: true; readonly cut?: true };
export type Script = (heard: Heard) => Line | undefined;

const isForToken = ({ url }: Heard): boolean => url.endsWith('/oauth2/token');

/** A service that says exactly what a test wants, and a good token to whoever asks. */
export class ScriptedMicrosoft {
  readonly heard: Heard[] = [];
  url = '';
  script: Script = () => undefined;
  private readonly server = createServer((req, res) => void this.answer(req, res));

  async open(): Promise<this> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    return this;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  says(...lines: readonly Line[]): void {
    let at = 0;
    this.script = (heard) => (isForToken(heard) ? undefined : lines[Math.min(at++, lines.length - 1)]);
  }

  /** One list of lines for each beginning of method and path below the service; the last line of a list is said again. */
  saysTo(lines: Readonly<Record<string, Line | readonly Line[]>>): void {
    const said = new Map<string, number>();
    this.script = (heard) => {
      if (isForToken(heard)) return undefined;
      const asked = `${heard.method} ${heard.url.replace(/^\/(pc|graph)\/v1(\.0)?/, '')}`;
      const key = Object.keys(lines).sort((one, other) => other.length - one.length).find((start) => asked.startsWith(start));
      const wanted = key === undefined ? [{ status: 500, body: `Not scripted: ${asked}` }] : [lines[key] ?? []].flat();
      const at = said.get(key ?? '') ?? 0;
      said.set(key ?? '', at + 1);
      return wanted[Math.min(at, wanted.length - 1)];
    };
  }

  /** What was asked besides tokens. */
  get asked(): readonly Heard[] {
    return this.heard.filter((heard) => !isForToken(heard));
  }

  get written(): readonly { readonly method: string; readonly url: string; readonly body: unknown }[] {
    return this.asked.filter(({ method }) => method !== 'GET').map(({ method, url, body }) => ({ method, url, body: JSON.parse(body) as unknown }));
  }

  client(more: Partial<MicrosoftOptions> = {}) {
    this.heard.length = 0;
    return createMicrosoft({
      partnerCenterUrl: `${this.url}/pc`, graphUrl: `${this.url}/graph`, loginUrl: `${this.url}/login`, accounts: [anAccount()],
      directoryApp: { clientId: 'directory-app', clientSecret: 'directory-secret' }, allowedLinkOrigins: [this.url, 'https://admin.microsoft.com'],
      machineNow: () => new Date('2026-11-23T08:00:00Z'), guid: counted(), random: () => 0, tryMs: 600, wholeMs: 3_000, pollMs: 5, pollForMs: 1_000, ...more,
    });
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const heard = { method: req.method ?? '', url: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString() };
    this.heard.push(heard);
    const { status = 200, body, headers = {}, hang, cut } = this.script(heard) ?? { body: { token_type: 'Bearer', access_token: `token-${this.heard.length}`, expires_in: '3599' } };
    if (hang) return;
    if (cut) return void res.socket?.destroy();
    res.writeHead(status, headers);
    res.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  }
}

export const anAccount = (more: Partial<PartnerAccount> = {}): PartnerAccount => ({
  tenant: FABRIKAM, type: 'directBill', clientId: 'partner-app', clientSecret: 'partner-secret',
  groups: { adminAgents: 'aaaaaaaa-1111-4000-8000-000000000001', salesAgents: 'aaaaaaaa-1111-4000-8000-000000000002' }, ...more,
});

export const recorded = (): { readonly calls: CallRecord[]; readonly onCall: (call: CallRecord) => void } => {
  const calls: CallRecord[] = [];
  return { calls, onCall: (call) => void calls.push(call) };
};


export const unavailable = (about: { readonly operation?: string; readonly retryAfterSeconds?: number; readonly isUnasked?: true } = {}) => (error: unknown): boolean => {
  assert(error instanceof AuthorityUnavailableError, String(error));
  if (about.operation) assert.equal(error.operation, about.operation);
  assert.equal(error.about.retryAfterSeconds, about.retryAfterSeconds);
  if (about.isUnasked) assert.equal(error.about.isUnasked, true);
  return true;
};

/** Code and service code of a definite no. */
export const refusedWith = (outcome: object | string): readonly string[] => {
  assert(typeof outcome === 'object' && 'refused' in outcome, JSON.stringify(outcome));
  const { code, serviceCode } = (outcome as AuthorityRefusal).refused;
  return [code, serviceCode];
};
