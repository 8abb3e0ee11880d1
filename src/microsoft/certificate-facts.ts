import type { X509Certificate } from 'node:crypto';
import {
  AuthorityInfoAccessExtension, BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509Certificate as ParsedCertificate,
} from '@peculiar/x509';

/** What a certificate says about itself. Nothing of it is true before a chain holds. */
export type CertificateFacts = {
  readonly organisations: readonly string[];
  readonly issuerOrganisations: readonly string[];
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and the last certificate; `undefined`: any. */
  readonly mostBelow: number | undefined;
  readonly maySignCertificates: boolean;
  /** Such as `SHA-256`; empty where the algorithm is not known. */
  readonly signedWith: string;
  readonly criticalExtensions: readonly string[];
  /** Where its issuer's certificate lies, as the certificate says. */
  readonly issuerUrls: readonly string[];
};

/** @throws when it cannot be parsed */
export const factsOf = (certificate: X509Certificate): CertificateFacts => {
  const parsed = new ParsedCertificate(certificate.raw);
  const constraints = parsed.getExtension(BasicConstraintsExtension);
  const usages = parsed.getExtension(KeyUsagesExtension)?.usages;
  const access = parsed.getExtension(AuthorityInfoAccessExtension)?.caIssuers ?? [];
  const algorithm: { readonly hash?: { readonly name: string } } = parsed.signatureAlgorithm;
  return {
    organisations: parsed.subjectName.getField('O'),
    issuerOrganisations: parsed.issuerName.getField('O'),
    validFrom: parsed.notBefore,
    validUntil: parsed.notAfter,
    isAuthority: constraints?.ca ?? false,
    mostBelow: constraints?.pathLength,
    maySignCertificates: usages === undefined || (usages & KeyUsageFlags.keyCertSign) !== 0,
    signedWith: algorithm.hash?.name ?? '',
    criticalExtensions: parsed.extensions.filter(({ critical }) => critical).map(({ type }) => type),
    issuerUrls: access.filter(({ type }) => type === 'url').map(({ value }) => value),
  };
};
