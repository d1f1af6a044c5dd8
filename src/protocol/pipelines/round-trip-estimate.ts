// How long a reliable stage waits before it sends a packet again, from the round trips it has seen. No clock: samples come in.

const INITIAL_SMOOTHED_MS = 50;
const INITIAL_VARIANCE_MS = 5;
/** Before the first sample; the minimum of 64 lifts it. */
const INITIAL_RESEND_MS = 50;

/** @see protocol page, 6.4.4 */
export class RoundTripEstimate {
  readonly #minimumResendMs: number;
  readonly #maximumResendMs: number;
  #smoothedMs = INITIAL_SMOOTHED_MS;
  #varianceMs = INITIAL_VARIANCE_MS;
  #resendMs = INITIAL_RESEND_MS;

  constructor(minimumResendMs: number, maximumResendMs: number) {
    this.#minimumResendMs = minimumResendMs;
    this.#maximumResendMs = maximumResendMs;
  }

  /** Whole ms after the last transmission that must be exceeded; there is no back-off. */
  get resendMs(): number {
    return Math.min(Math.max(this.#resendMs, this.#minimumResendMs), this.#maximumResendMs);
  }

  /** @param rttMs At least 1, the peer's processing time taken off. */
  add(rttMs: number): void {
    const differenceMs = rttMs - this.#smoothedMs;
    this.#smoothedMs += differenceMs / 8;
    this.#varianceMs += (Math.abs(differenceMs) - this.#varianceMs) / 4;
    this.#resendMs = Math.trunc(this.#smoothedMs + 4 * this.#varianceMs);
  }
}
