/** Thrown inside the gate: the request goes no further, and the sender hears a status and nothing else. */
export class TurnedAwayError extends Error {
  override readonly name = 'TurnedAwayError';
  constructor(readonly status: number, readonly retryAfterSeconds?: number) {
    super(`Turned away at the gate (${status}).`);
  }
}
