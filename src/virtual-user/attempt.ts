// The door between the session of one attempt and its player: what comes of an attempt that the player has left behind goes no further
// and is counted. It decides nothing else.
import type { SessionEnd, SessionListener, SessionTimings } from "../client/session-types.js";
import type { ProtocolDrop } from "../protocol/connection-effects.js";
import type { Reason } from "../protocol/disconnect-reason.js";

/** What the player needs of a session; `ClientSession` is one. */
export interface Session {
  readonly timings: SessionTimings;
  readonly bufferedBytes: number;
  /** Largest message of a pipeline; undefined: the socket is not open. */
  maxMessageBytes(pipelineId: number): number | undefined;
  /** False: it was not taken, the connection is not established or its pipeline's window is full (`onSendRefused` says so first). */
  send(pipelineId: number, payload: Uint8Array): boolean;
  /** Leaves with a Disconnect; ends with `ClosedByClient`. */
  close(): void;
  /** Ends now, with this reason if it had not ended; the socket is dropped. */
  destroy(reason: Reason): void;
}

/** The player behind the door: it hears of its current attempt only. */
export interface AttemptOwner extends Omit<SessionListener, "onReleased"> {
  /** The attempt whose events count. */
  readonly attemptId: number;
  /** Something came of an attempt that is not the current one. */
  onStale(): void;
  /** One of its sessions, whichever attempt's, has nothing left: its socket is gone. */
  onSocketGone(): void;
}

export class Attempt implements SessionListener {
  readonly #owner: AttemptOwner;
  readonly #id: number;
  /** Undefined before the connect call, and once its socket is gone. */
  session: Session | undefined;

  /** @param id Of this attempt alone among those of its owner. */
  constructor(owner: AttemptOwner, id: number) {
    this.#owner = owner;
    this.#id = id;
  }

  onConnected(acceptPayload: Uint8Array | undefined, nowMs: number): void {
    if (this.#isCurrent) this.#owner.onConnected(acceptPayload, nowMs);
    else this.#owner.onStale();
  }

  onMessage(pipelineId: number, payload: Uint8Array, batch: number, nowMs: number): void {
    if (this.#isCurrent) this.#owner.onMessage(pipelineId, payload, batch, nowMs);
    else this.#owner.onStale();
  }

  onRoundTrip(pipelineId: number, rttMs: number): void {
    if (this.#isCurrent) this.#owner.onRoundTrip(pipelineId, rttMs);
    else this.#owner.onStale();
  }

  onSendRefused(pipelineId: number, payloadBytes: number, wasTaken: boolean): void {
    if (this.#isCurrent) this.#owner.onSendRefused(pipelineId, payloadBytes, wasTaken);
    else this.#owner.onStale();
  }

  onPong(rttMs: number, nowMs: number): void {
    if (this.#isCurrent) this.#owner.onPong(rttMs, nowMs);
    else this.#owner.onStale();
  }

  onDrop(why: ProtocolDrop): void {
    if (this.#isCurrent) this.#owner.onDrop(why);
    else this.#owner.onStale();
  }

  onWouldHaveGivenUp(kind: "native" | "webgl", reason: Reason): void {
    if (this.#isCurrent) this.#owner.onWouldHaveGivenUp(kind, reason);
    else this.#owner.onStale();
  }

  onEnd(end: SessionEnd, nowMs: number): void {
    if (this.#isCurrent) this.#owner.onEnd(end, nowMs);
    else this.#owner.onStale();
  }

  onReleased(): void {
    this.session = undefined;
    this.#owner.onSocketGone();
  }

  get #isCurrent(): boolean {
    return this.#id === this.#owner.attemptId;
  }
}
