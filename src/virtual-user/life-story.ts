// What became of one client over all its attempts, for the outcome that is told at the end of a run. Counts nothing.
import type { SessionEnd, SessionTimings } from "../client/session-types.js";
import type { ClientOutcome, FirstFailure } from "../metrics/client-outcome.js";
import { wholeUs } from "../metrics/whole-us.js";
import type { Reason } from "../protocol/disconnect-reason.js";
import type { MessageOutlet } from "./message-outlet.js";

/** Ends that somebody wanted. */
const WANTED: readonly Reason[] = ["ClosedByClient", "Cancelled"];

/** An attempt that failed, or what became of it; instants on the context's clock. */
interface Failure {
  readonly attempt: number;
  readonly startedMs: number;
  readonly timings: Partial<SessionTimings>;
  readonly endedMs: number;
  readonly reason: Reason;
  readonly detail: string;
}

export class LifeStory {
  #startedMs: number | undefined;
  /** Of the first attempt, then of the first that was accepted. */
  #timings: SessionTimings | undefined;
  #endedMs: number | undefined;
  #endReason: Reason | undefined;
  #attempts = 0;
  /** Of the attempt under way, or the last one. */
  #attemptMs = 0;
  #attemptTimings: SessionTimings | undefined;
  #firstFailure: Failure | undefined;
  /** Was connected once. */
  wasConnected = false;

  /** An attempt is under way; `timings` undefined: it never got as far as a socket. */
  attempted(timings: SessionTimings | undefined, nowMs: number): void {
    this.#startedMs ??= nowMs;
    this.#timings ??= timings;
    this.#attempts++;
    this.#attemptMs = nowMs;
    this.#attemptTimings = timings;
  }

  connected(timings: SessionTimings | undefined): void {
    if (!this.wasConnected) this.#timings = timings;
    this.wasConnected = true;
  }

  ended({ reason, detail }: SessionEnd, nowMs: number): void {
    this.#endedMs = nowMs;
    this.#endReason = reason;
    if (this.#firstFailure !== undefined || WANTED.includes(reason)) return;
    const attempt = { attempt: this.#attempts, startedMs: this.#attemptMs, timings: { ...this.#attemptTimings } };
    this.#firstFailure = { ...attempt, endedMs: nowMs, reason, detail };
  }

  /** Undefined: it was never started. `outlet`: where its messages left, if any could. */
  outcome(number: number, originMs: number, outlet: MessageOutlet | undefined): ClientOutcome | undefined {
    if (this.#startedMs === undefined) return undefined;
    return {
      number,
      startedMs: wholeUs(this.#startedMs - originMs),
      upgradeMs: since(originMs, this.#timings?.openMs),
      acceptMs: since(originMs, this.#timings?.acceptMs),
      endedMs: since(originMs, this.#endedMs),
      endReason: this.#endReason,
      sent: outlet?.sent ?? 0,
      answered: outlet?.answered ?? 0,
      rtt: outlet?.roundTrips?.since(originMs),
      ...(this.#firstFailure !== undefined && { firstFailure: failureSince(originMs, this.#firstFailure) }),
    };
  }
}

function failureSince(originMs: number, { timings, ...failure }: Failure): FirstFailure {
  return {
    ...failure,
    startedMs: wholeUs(failure.startedMs - originMs),
    tcpMs: since(originMs, timings.tcpMs),
    tlsMs: since(originMs, timings.tlsMs),
    upgradeMs: since(originMs, timings.openMs),
    requestMs: since(originMs, timings.requestMs),
    acceptMs: since(originMs, timings.acceptMs),
    endedMs: wholeUs(failure.endedMs - originMs),
  };
}

function since(originMs: number, atMs: number | undefined): number | undefined {
  return atMs === undefined ? undefined : wholeUs(atMs - originMs);
}
