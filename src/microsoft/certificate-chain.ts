import { type KeyObject, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { isIssuerUrl } from './certificate-address.js';
import type { CertificateFacts, factsOf } from './certificate-facts.js';
import { CertificateUnavailableError, EventRefusedError, TrustedRootsUnusableError } from './event-errors.js';
import type { FetchBytes } from './fetch-bytes.js';

/** A key that is Microsoft's between two moments of machine time (milliseconds). */
export type TrustedKey = { readonly key: KeyObject; readonly from: number; readonly until: number };

export type ChainOptions = {
  readonly certificateHosts: readonly string[];
  /** PEM; those that vouch for themselves are roots, the others may be used on the way. Left out: Node's roots. */
  readonly trustedRoots?: string | undefined;
  readonly machineNow: () => Date;
  readonly fetchBytes: FetchBytes;
};

type FactsOf = typeof factsOf;
type OnTrouble = (error: CertificateUnavailableError) => void;
type Trusted = { readonly roots: () => readonly X509Certificate[]; readonly between: readonly X509Certificate[] };
type Read = { readonly certificate: X509Certificate; readonly facts: CertificateFacts };

const microsoft = 'Microsoft Corporation';
const fewestBits = 2048;
const mostBetween = 4;
const mostOffered = 8;
const mostIssuerUrls = 2;
const soundHashes = ['SHA-256', 'SHA-384', 'SHA-512'];
// Basic constraints, key usage, extended key usage, alternative names, policies. Whoever marks another one critical, such as
// name constraints, wants to be refused by readers that do not apply it. @see RFC 5280, section 4.2
const understood = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.32']);

/**
 * Reads what lies at a certificate address, and follows it to a trusted root. Revocation is not asked for: an event is
 * only a hint, and whoever holds Microsoft's key could do worse.
 * @throws TrustedRootsUnusableError
 */
export const createChains = (options: ChainOptions) => {
  const trusted = sorted(options.trustedRoots);
  let follow: ReturnType<typeof following> | undefined;

  /** @throws EventRefusedError, CertificateUnavailableError */
  return async (bytes: Buffer): Promise<TrustedKey> => (follow ??= following(options, trusted, await loadFactsOf()))(bytes);
};

/** What parses certificates takes a while to load; a service that starts has no event to look at yet. */
const loadFactsOf = async (): Promise<FactsOf> => (await import('./certificate-facts.js')).factsOf;

const following = ({ certificateHosts, machineNow, fetchBytes }: ChainOptions, { roots, between }: Trusted, factsOf: FactsOf) => {
  /** Certificates that another one names as its issuer's; fetched only from listed places. */
  const fetchedFor = async ({ facts }: Read, onTrouble: OnTrouble): Promise<readonly X509Certificate[]> => {
    const urls = facts.issuerUrls.filter((url) => isIssuerUrl(url, certificateHosts)).slice(0, mostIssuerUrls);
    const fetched = await Promise.all(urls.map(async (url) => {
      try {
        return certificatesIn(await fetchBytes(url)).slice(0, mostOffered);
      } catch (error) {
        if (error instanceof CertificateUnavailableError) onTrouble(error);
        return [];
      }
    }));
    return fetched.flat();
  };

  /** From `path[0]`, the newest, up to a root; the whole path, or nothing. */
  const climb = async (path: readonly [Read, ...Read[]], offered: readonly X509Certificate[], onTrouble: OnTrouble): Promise<readonly Read[] | undefined> => {
    const [top] = path;
    const now = machineNow();
    const issuersAmong = (all: readonly X509Certificate[]): readonly Read[] => all.flatMap((one) => issuerOf(top, one, path.length - 1, now, factsOf) ?? []);
    const [root] = issuersAmong(roots());
    if (root) return [root, ...path];
    if (path.length > mostBetween) return undefined;

    const further = async (issuers: readonly Read[]): Promise<readonly Read[] | undefined> => {
      for (const issuer of issuers) {
        const whole = await climb([issuer, ...path], offered, onTrouble);
        if (whole) return whole;
      }
      return undefined;
    };
    return (await further(issuersAmong([...between, ...offered]))) ?? further(issuersAmong(await fetchedFor(top, onTrouble)));
  };

  return async (bytes: Buffer): Promise<TrustedKey> => {
    const [leaf, ...offered] = readLeaf(bytes, factsOf);
    checkLeaf(leaf, machineNow());
    let trouble: CertificateUnavailableError | undefined;
    const path = await climb([leaf], offered.map(({ certificate }) => certificate), (error) => { trouble = error; });
    if (!path) throw trouble ?? new EventRefusedError('chain');
    return {
      key: leaf.certificate.publicKey,
      from: Math.max(...path.map(({ facts }) => facts.validFrom.getTime())),
      until: Math.min(...path.map(({ facts }) => facts.validUntil.getTime())),
    };
  };
};

const sorted = (pem: string | undefined): Trusted => {
  if (pem === undefined) {
    let roots: readonly X509Certificate[] | undefined;
    return { roots: () => (roots ??= certificatesIn(Buffer.from(rootCertificates.join('\n')))), between: [] };
  }
  try {
    const all = certificatesIn(Buffer.from(pem));
    const roots = all.filter((one) => one.checkIssued(one) && one.verify(one.publicKey));
    if (roots.length === 0) throw new TrustedRootsUnusableError();
    return { roots: () => roots, between: all.filter((one) => !roots.includes(one)) };
  } catch (cause) {
    throw cause instanceof TrustedRootsUnusableError ? cause : new TrustedRootsUnusableError({ cause });
  }
};

const readLeaf = (bytes: Buffer, factsOf: FactsOf): readonly [Read, ...Read[]] => {
  try {
    const [leaf, ...others] = certificatesIn(bytes).slice(0, 1 + mostOffered).map((certificate): Read => ({ certificate, facts: factsOf(certificate) }));
    if (leaf) return [leaf, ...others];
  } catch (cause) {
    throw new EventRefusedError('certificate', undefined, { cause });
  }
  throw new EventRefusedError('certificate');
};

/**
 * "Verify the organization of the certificate", says the page; its sample asks whether the issuer is of Microsoft
 * Corporation. Both readings are held here: owner and issuer, compared whole and not as a part of the name.
 * @see Partner Center docs, "Partner Center webhooks", steps and `VerifyCertificate`
 */
const checkLeaf = ({ certificate, facts }: Read, now: Date): void => {
  const isMicrosoft = [facts.organisations, facts.issuerOrganisations].every((names) => names.length === 1 && names[0] === microsoft);
  if (!isMicrosoft) throw new EventRefusedError('organisation');
  if (!isValid(facts, now)) throw new EventRefusedError('validity');
  if (facts.isAuthority || !hasSoundKey(certificate) || !isSound(facts)) throw new EventRefusedError('certificate');
};

const hasSoundKey = (certificate: X509Certificate): boolean => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= fewestBits;
  } catch {
    return false; // a kind of key that Node does not know
  }
};

/** `candidate`, if it gave `below` its certificate and was allowed to. @param between authorities already on the path */
const issuerOf = (below: Read, candidate: X509Certificate, between: number, now: Date, factsOf: FactsOf): Read | undefined => {
  if (candidate.subject !== below.certificate.issuer || !below.certificate.checkIssued(candidate) || !isSound(below.facts)) return undefined;
  try {
    const facts = factsOf(candidate);
    const mayIssue = facts.isAuthority && facts.maySignCertificates && between <= (facts.mostBelow ?? between) && isValid(facts, now) && hasNothingUnknown(facts);
    return mayIssue && below.certificate.verify(candidate.publicKey) ? { certificate: candidate, facts } : undefined;
  } catch {
    return undefined;
  }
};

const isValid = ({ validFrom, validUntil }: CertificateFacts, now: Date): boolean => validFrom <= now && now <= validUntil;

const hasNothingUnknown = ({ criticalExtensions }: CertificateFacts): boolean => criticalExtensions.every((type) => understood.has(type));

const isSound = (facts: CertificateFacts): boolean => soundHashes.includes(facts.signedWith) && hasNothingUnknown(facts);

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * All of a PEM text, or the one in DER.
 * @throws when one of them is none
 */
export const certificatesIn = (bytes: Buffer): readonly X509Certificate[] => {
  const blocks = bytes.toString('latin1').match(block) ?? [];
  return blocks.length > 0 ? blocks.map((text) => new X509Certificate(text)) : [new X509Certificate(bytes)];
};
