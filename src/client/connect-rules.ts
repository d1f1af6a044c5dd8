// How long each kind of client waits for its connection, and what it does about a failed attempt (protocol page 2.6, 2.7, 3.3).
// Decisions only: it dials nothing and has no timer.
import type { Reason } from "../protocol/disconnect-reason.js";
import type { UtpParameters } from "../protocol/parameters.js";
import type { TransportFailure } from "../transport/transport.js";
import type { ClientKind, SessionOptions, SessionTimings } from "./session-types.js";

/** The rules of one kind, for one session; needed until the Accept. */
export interface ConnectRules {
  /** What is due: another attempt, the end with its reason, or nothing. */
  due(timings: SessionTimings, nowMs: number): "dial" | Reason | undefined;
  /** When `due` has an answer at the latest; Infinity: never. */
  nextDeadlineMs(timings: SessionTimings): number;
  /** An attempt was started. */
  dialled(nowMs: number): void;
  /** Whether a failed attempt may be followed by another; if not, the session ends with it. */
  isRetried(failure: TransportFailure, timings: SessionTimings): boolean;
}

export function connectRulesOf(options: SessionOptions): ConnectRules {
  const { kind, parameters, connectBudgetMs } = options;
  if (kind === "patient") return new BudgetRules(connectBudgetMs, "accept");
  // The browser's socket has its own budget; the Accept behind it is bounded by the number of requests.
  if (kind === "webgl") return new BudgetRules(parameters.connectTimeoutMs * parameters.maxConnectAttempts, "open");
  return new NativeRules(parameters);
}

/**
 * Most Connection Requests of a client whose socket is open after `waitedMs`. Unity counts one attempt per connectTimeoutMs from the
 * connect call on, so a native client sends one less than its attempts, or fewer.
 */
export function requestLimit(kind: ClientKind, parameters: UtpParameters, waitedMs: number): number {
  const { connectTimeoutMs, maxConnectAttempts } = parameters;
  if (kind === "patient") return maxConnectAttempts;
  return Math.max(1, maxConnectAttempts - 1 - Math.floor(waitedMs / connectTimeoutMs));
}

/** What a wait that took too long was for. */
export function timeoutReason(timings: SessionTimings): Reason {
  if (timings.openMs !== undefined) return "UtpAcceptTimeout";
  return timings.upgradeSentMs === undefined ? "ConnectTimeout" : "UpgradeTimeout";
}

/** The cause of a failed attempt as docs/errors.md lists it. */
export function failureReason(failure: TransportFailure): Reason {
  return failure.reason === "UpgradeRejected" ? `UpgradeRejected:${failure.status ?? 0}` : failure.reason;
}

/** One budget from the connect call on; the first failure is final. */
class BudgetRules implements ConnectRules {
  readonly #budgetMs: number;
  readonly #until: "open" | "accept";

  constructor(budgetMs: number, until: "open" | "accept") {
    this.#budgetMs = budgetMs;
    this.#until = until;
  }

  due(timings: SessionTimings, nowMs: number): Reason | undefined {
    return nowMs >= this.nextDeadlineMs(timings) ? timeoutReason(timings) : undefined;
  }

  nextDeadlineMs(timings: SessionTimings): number {
    const reachedMs = this.#until === "open" ? timings.openMs : timings.acceptMs;
    return reachedMs === undefined ? timings.startMs + this.#budgetMs : Number.POSITIVE_INFINITY;
  }

  dialled(): void {}

  isRetried(): boolean {
    return false;
  }
}

/** A TCP attempt every connectTimeoutMs, counted even while one is pending; then as long for the 101. */
class NativeRules implements ConnectRules {
  readonly #parameters: UtpParameters;
  #attempts = 0;
  #attemptMs = 0;
  #isFailed = false;
  #lastReason: Reason = "ConnectTimeout";

  constructor(parameters: UtpParameters) {
    this.#parameters = parameters;
  }

  due(timings: SessionTimings, nowMs: number): "dial" | Reason | undefined {
    if (timings.openMs !== undefined) return undefined;
    if (timings.tcpMs !== undefined) return nowMs >= this.nextDeadlineMs(timings) ? "UpgradeTimeout" : undefined;
    // The failure comes one update after the last attempt.
    if (this.#attempts >= this.#parameters.maxConnectAttempts) return this.#lastReason;
    if (nowMs - this.#attemptMs < this.#parameters.connectTimeoutMs) return undefined;
    if (this.#isFailed) return "dial";
    // A pending connect is left running and only counted.
    this.dialled(nowMs);
    return undefined;
  }

  nextDeadlineMs(timings: SessionTimings): number {
    const { connectTimeoutMs, maxConnectAttempts } = this.#parameters;
    if (timings.openMs !== undefined) return Number.POSITIVE_INFINITY;
    if (timings.tcpMs !== undefined) return (timings.upgradeSentMs ?? timings.tcpMs) + connectTimeoutMs + 1;
    return this.#attempts >= maxConnectAttempts ? this.#attemptMs : this.#attemptMs + connectTimeoutMs;
  }

  dialled(nowMs: number): void {
    this.#attempts++;
    this.#attemptMs = nowMs;
    this.#isFailed = false;
  }

  isRetried(failure: TransportFailure, timings: SessionTimings): boolean {
    // What this machine lacks, or no name, does not come with waiting.
    if (failure.reason === "LocalResourceLimit" || failure.reason === "HostNotFound") return false;
    if (timings.tcpMs !== undefined) return false;
    this.#isFailed = true;
    this.#lastReason = failureReason(failure);
    return true;
  }
}
