import { request } from 'undici';
import { z } from 'zod';

/** The machine has no such identity, or its token service does not answer. */
export class IdentityUnavailableError extends Error {
  override readonly name = 'IdentityUnavailableError';
  constructor(options?: ErrorOptions) {
    super('The managed identity gave no token.', options);
  }
}

export type ManagedIdentityOptions = {
  /** Client id of the user-assigned identity. */
  readonly clientId: string;
  /** Where Container Apps and App Service offer tokens, with the header they ask for; left out, the virtual machine's address. */
  readonly service?: { readonly url: string; readonly header: string } | undefined;
  readonly machineNow: () => Date;
};

export type IdentityToken = { readonly token: string; readonly expiresInSeconds: number };

const machineUrl = 'http://169.254.169.254/metadata/identity/oauth2/token';
const earlySeconds = 300;
const given = z.looseObject({ access_token: z.string().min(1), expires_on: z.coerce.number() });

/**
 * Tokens of a managed identity, kept until five minutes before their end: nobody has a secret to lose.
 * @param resource what the token is for, e.g. `api://AzureADTokenExchange`
 * @throws IdentityUnavailableError
 * @see Azure docs, "Use managed identities for App Service", "How to use managed identities on a VM to acquire a token"
 */
export const createManagedIdentity = ({ clientId, service, machineNow }: ManagedIdentityOptions): ((resource: string) => Promise<IdentityToken>) => {
  const kept = new Map<string, { readonly token: string; readonly expiresOn: number }>();
  const nowSeconds = (): number => machineNow().getTime() / 1000;

  const ask = async (resource: string): Promise<{ readonly token: string; readonly expiresOn: number }> => {
    const query = new URLSearchParams({ resource, client_id: clientId, 'api-version': service ? '2019-08-01' : '2018-02-01' });
    const headers: Record<string, string> = service ? { 'x-identity-header': service.header } : { metadata: 'true' };
    try {
      const answer = await request(`${service?.url ?? machineUrl}?${query.toString()}`, { headers, signal: AbortSignal.timeout(3_000) });
      const { access_token: token, expires_on: expiresOn } = given.parse(await answer.body.json());
      return { token, expiresOn };
    } catch (cause) {
      throw new IdentityUnavailableError({ cause });
    }
  };

  const asked = new Map<string, ReturnType<typeof ask>>();
  const askOnce = (resource: string): ReturnType<typeof ask> => {
    const asking = asked.get(resource) ?? ask(resource).finally(() => asked.delete(resource));
    asked.set(resource, asking);
    return asking;
  };

  return async (resource) => {
    const have = kept.get(resource);
    const found = have && have.expiresOn - earlySeconds > nowSeconds() ? have : await askOnce(resource);
    kept.set(resource, found);
    return { token: found.token, expiresInSeconds: found.expiresOn - nowSeconds() };
  };
};
