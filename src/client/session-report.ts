// What a session tells its listener, each thing at most once, and the instants it has come to. Reports, never acts.
import type { CloseCause, ProtocolDrop } from "../protocol/connection-effects.js";
import { type Reason, type UnityReason, unityReasonOf } from "../protocol/disconnect-reason.js";
import type { TransportPhase } from "../transport/transport.js";
import { GiveUpWatch } from "./give-up-watch.js";
import type { SessionListener, SessionOptions, SessionTimings } from "./session-types.js";

/** An end with its cause and what was seen, for a person. */
export interface Outcome {
  readonly reason: Reason;
  readonly detail: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const OUTCOME_OF_CAUSE: Record<Exclude<CloseCause, "lost" | "local">, Outcome> = {
  remote: { reason: "ClosedByServer", detail: "the server sent a UTP Disconnect" },
  timeout: { reason: "Silence", detail: "nothing valid arrived for the disconnect timeout" },
  exhausted: { reason: "UtpAcceptTimeout", detail: "no Connection Accept to any request" },
  early: { reason: "ProtocolViolation", detail: "a message came before the Connection Accept" },
};

const LEFT: Outcome = { reason: "ClosedByClient", detail: "left by this side" };
const CANCELLED: Outcome = { reason: "Cancelled", detail: "left before the Connection Accept" };

/** Why a connection closed by itself; `lost` and `local` are known to who lost or closed it. */
export function outcomeOf(cause: Exclude<CloseCause, "lost" | "local">): Outcome {
  return OUTCOME_OF_CAUSE[cause];
}

export class SessionReport {
  readonly timings: Mutable<SessionTimings> = {
    startMs: 0,
    tcpMs: undefined,
    tlsMs: undefined,
    upgradeSentMs: undefined,
    openMs: undefined,
    requestMs: undefined,
    acceptMs: undefined,
  };
  readonly #kind: SessionOptions["kind"];
  readonly #listener: SessionListener;
  #watch: GiveUpWatch | undefined;
  #isEnded = false;
  #isReleased = false;

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#kind = options.kind;
    this.#listener = listener;
    this.#watch = options.kind === "patient" ? new GiveUpWatch(options.parameters, listener) : undefined;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  get wasConnected(): boolean {
    return this.timings.acceptMs !== undefined;
  }

  /** How an end that the application asked for is called. */
  get ownEnd(): Outcome {
    return this.wasConnected ? LEFT : CANCELLED;
  }

  reached(phase: TransportPhase, nowMs: number): void {
    if (phase === "tcp") this.timings.tcpMs = nowMs;
    else if (phase === "tls") this.timings.tlsMs = nowMs;
    else this.timings.upgradeSentMs = nowMs;
  }

  opened(nowMs: number): void {
    this.timings.openMs = nowMs;
    this.checkGiveUps(0, nowMs);
  }

  /** Notes what another kind would not have waited for. `requests`: Connection Requests sent so far. */
  checkGiveUps(requests: number, nowMs: number): void {
    this.#watch?.check(this.timings, requests, nowMs);
  }

  connected(acceptPayload: Uint8Array | undefined, requests: number, nowMs: number): void {
    this.timings.acceptMs = nowMs;
    this.checkGiveUps(requests, nowMs);
    this.#watch = undefined;
    this.#listener.onConnected(acceptPayload, nowMs);
  }

  drop(why: ProtocolDrop): void {
    if (why === "earlyMessage") this.#watch?.sawEarlyMessage();
    this.#listener.onDrop(why);
  }

  /** The one end; a later call changes nothing. `unityReason`: where Unity's word does not follow from the cause. */
  end(outcome: Outcome, requests: number, nowMs: number, unityReason?: UnityReason): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.checkGiveUps(requests, nowMs);
    this.#watch = undefined;
    this.#listener.onEnd(
      {
        ...outcome,
        unityReason: unityReason ?? unityReasonOf(outcome.reason, this.#kind, this.timings.openMs !== undefined),
        wasConnected: this.wasConnected,
      },
      nowMs,
    );
  }

  released(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#listener.onReleased();
  }
}
