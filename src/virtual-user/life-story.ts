// What became of one client over all its attempts, for the outcome that is told at the end of a run. Counts nothing.
import type { SessionTimings } from "../client/session-types.js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { MessageOutlet } from "./message-outlet.js";

export class LifeStory {
  #startedMs: number | undefined;
  /** Of the first attempt, then of the first that was accepted. */
  #timings: SessionTimings | undefined;
  #endedMs: number | undefined;
  #endReason: Reason | undefined;
  /** Was connected once. */
  wasConnected = false;

  /** An attempt is under way; `timings` undefined: it never got as far as a socket. */
  attempted(timings: SessionTimings | undefined, nowMs: number): void {
    this.#startedMs ??= nowMs;
    this.#timings ??= timings;
  }

  connected(timings: SessionTimings | undefined): void {
    if (!this.wasConnected) this.#timings = timings;
    this.wasConnected = true;
  }

  ended(reason: Reason, nowMs: number): void {
    this.#endedMs = nowMs;
    this.#endReason = reason;
  }

  /** Undefined: it was never started. `outlet`: where its messages left, if any could. */
  outcome(number: number, originMs: number, outlet: MessageOutlet | undefined): ClientOutcome | undefined {
    if (this.#startedMs === undefined) return undefined;
    const sinceOrigin = (atMs: number | undefined): number | undefined =>
      atMs === undefined ? undefined : atMs - originMs;
    return {
      number,
      startedMs: this.#startedMs - originMs,
      upgradeMs: sinceOrigin(this.#timings?.openMs),
      acceptMs: sinceOrigin(this.#timings?.acceptMs),
      endedMs: sinceOrigin(this.#endedMs),
      endReason: this.#endReason,
      sent: outlet?.sent ?? 0,
      answered: outlet?.answered ?? 0,
      rtt: outlet?.roundTrips?.since(originMs),
    };
  }
}
