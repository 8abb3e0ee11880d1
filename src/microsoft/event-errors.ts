/** Why an event was not believed. `unsigned` is a stranger at the door; the others claim to be Microsoft. */
export type EventDoubt = 'unsigned' | 'malformed' | 'algorithm' | 'address' | 'certificate' | 'organisation' | 'validity' | 'chain' | 'signature';

/** Nobody can say that Partner Center sent this. Never say more than the status to the sender. */
export class EventRefusedError extends Error {
  override readonly name = 'EventRefusedError';
  /** 400 where a header besides the signature is missing or unreadable, else 401. */
  readonly status: 400 | 401;
  /** @param host for the operator, where the certificate lies in a place that is not on the list */
  constructor(readonly why: EventDoubt, readonly host?: string, options?: ErrorOptions) {
    super(`The event was refused (${why}).`, options);
    this.status = why === 'malformed' ? 400 : 401;
  }
}

/** The certificate, or one it hangs from, could not be fetched: nothing is known about the event. */
export class CertificateUnavailableError extends Error {
  override readonly name = 'CertificateUnavailableError';
  constructor(options?: ErrorOptions) {
    super('A certificate could not be fetched.', options);
  }
}

/** Known at the start: with these roots no event could ever be believed. */
export class TrustedRootsUnusableError extends Error {
  override readonly name = 'TrustedRootsUnusableError';
  constructor(options?: ErrorOptions) {
    super('The trusted certificates hold no root (a certificate that vouches for itself), or one of them cannot be read.', options);
  }
}
