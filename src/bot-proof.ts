import type { AppTokenOptions } from './bot/channel/app-token.js';
import type { Bot, Config } from './config.js';
import { readCertificate } from './identity/certificate.js';
import { identitiesOf } from './microsoft-side.js';

/** The bot as the login service knows it: by its secret, its certificate or this machine's identity. @throws CertificateUnusableError */
export const provenBot = async (
  { appId, tokenTenant, appPassword, certificate, isManagedIdentity }: Bot, config: Pick<Config, 'environment'>, machineNow: () => Date,
): Promise<Pick<AppTokenOptions, 'appId' | 'tokenTenant' | 'appPassword' | 'assertion' | 'identityToken'>> => {
  const known = certificate && (await readCertificate(certificate.privateKey, machineNow, certificate.thumbprint));
  return {
    appId, tokenTenant, appPassword,
    ...(known && { assertion: (endpoint: string) => known.proof(appId, endpoint) }),
    ...(isManagedIdentity && { identityToken: identitiesOf(config, machineNow)(appId) }),
  };
};
