// Lowest, highest and last round trip of one player: what shows whether they grow. Counts nothing, keeps no history.
import type { RoundTrips } from "../metrics/client-outcome.js";
import { wholeUs } from "../metrics/whole-us.js";

export class RoundTripTrace {
  #lowestMs = Number.POSITIVE_INFINITY;
  #highestMs = 0;
  #lastMs = 0;
  #lastAnswerMs = 0;

  /** An answer came at `nowMs` after `rttMs`. */
  note(rttMs: number, nowMs: number): void {
    if (rttMs < this.#lowestMs) this.#lowestMs = rttMs;
    if (rttMs > this.#highestMs) this.#highestMs = rttMs;
    this.#lastMs = rttMs;
    this.#lastAnswerMs = nowMs;
  }

  /** All of them, with times since `originMs`. */
  since(originMs: number): RoundTrips {
    return {
      lowestMs: wholeUs(this.#lowestMs),
      highestMs: wholeUs(this.#highestMs),
      lastMs: wholeUs(this.#lastMs),
      lastAnswerMs: wholeUs(this.#lastAnswerMs - originMs),
    };
  }
}
