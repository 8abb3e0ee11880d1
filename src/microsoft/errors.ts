/** Something answered, but not in JSON: a gateway's HTML, or an answer cut in half. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError';
  constructor(readonly status: number) {
    super(`An answer with status ${status} is not JSON.`);
  }
}

/** An answer that belongs to no documented outcome of the call. */
export class UnexpectedStatusError extends Error {
  override readonly name = 'UnexpectedStatusError';
  constructor(readonly status: number, readonly serviceCode = '') {
    super(`Status ${status}${serviceCode && `, code ${serviceCode}`}.`);
  }
}

/** An address that the product must not follow or hand out. */
export class UntrustedLinkError extends Error {
  override readonly name = 'UntrustedLinkError';
  constructor() {
    super('A link leads to a place that is not on the list of trusted ones.');
  }
}
