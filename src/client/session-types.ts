// What one client connection tells its owner, and how it is set up. Types only.
import type { ProtocolDrop } from "../protocol/connection.js";
import type { Reason, UnityReason } from "../protocol/disconnect-reason.js";
import type { UtpParameters } from "../protocol/parameters.js";
import type { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { SharedCounters } from "../protocol/pipelines/pipeline-stage.js";

/**
 * Which client is imitated (docs/protocol.md). `native` and `webgl`: give up, retry and react as Unity's two clients do, in updates.
 * `patient`: speaks like the native one, acts at once, and waits the whole connect time.
 */
export type ClientKind = "patient" | "native" | "webgl";

export interface SessionOptions {
  readonly kind: ClientKind;
  readonly parameters: UtpParameters;
  /** `patient`: the whole time for TCP, TLS, upgrade and Accept, ms. The other kinds follow `parameters`. */
  readonly connectBudgetMs: number;
  /** `native` and `webgl`: updates a second, default 60. */
  readonly updateHz: number;
  /** 8 random bytes, unique over all clients. */
  readonly token: Uint8Array;
  readonly connectPayload?: Uint8Array;
  /** Interval of our own measuring pings, ms; 0: none. Unity's own ping rule (C-015) is the kind's and comes on top. */
  readonly pingIntervalMs: number;
  /** The server must have the same; shared by sessions. Default: none. */
  readonly pipelines?: PipelineSet;
  /** Where sessions count what happens on their pipelines, together; of `pipelines.newCounters()`. */
  readonly pipelineCounters?: SharedCounters;
}

/** Instants of one session on the owner's clock, in ms; undefined until they come. */
export interface SessionTimings {
  /** The connect call, after DNS. */
  startMs: number;
  tcpMs: number | undefined;
  tlsMs: number | undefined;
  upgradeSentMs: number | undefined;
  openMs: number | undefined;
  /** First Connection Request. */
  requestMs: number | undefined;
  acceptMs: number | undefined;
}

/** The one end of a session: a failed attempt, or a connection that is over. */
export interface SessionEnd {
  readonly reason: Reason;
  readonly unityReason: UnityReason;
  readonly wasConnected: boolean;
  /** What was seen, for a person. */
  readonly detail: string;
}

/** Called by a session; one object serves a session's whole life. */
export interface SessionListener {
  onConnected(acceptPayload: Uint8Array | undefined, nowMs: number): void;
  /** One application message; the view is valid during the call only. `batch` is the same for messages of one read. */
  onMessage(pipelineId: number, payload: Uint8Array, batch: number, nowMs: number): void;
  /** A reliable pipeline has seen a round trip, ms: from the first transmission of a packet to its ack, the peer's delay taken off. */
  onRoundTrip(pipelineId: number, rttMs: number): void;
  /**
   * A message did not leave because the window of its reliable pipeline is full. `wasTaken`: `send` had said true, as a kind with updates
   * finds out in the next one; else `send` is about to say false.
   */
  onSendRefused(pipelineId: number, payloadBytes: number, wasTaken: boolean): void;
  /** Answer to one of our measuring pings. */
  onPong(rttMs: number, nowMs: number): void;
  onDrop(why: ProtocolDrop): void;
  /** `patient` only: the imitated kind would have failed here, `reason` says why. At most once per kind and session. */
  onWouldHaveGivenUp(kind: "native" | "webgl", reason: Reason): void;
  /** Exactly once. The socket may linger for its Close; `onReleased` follows. */
  onEnd(end: SessionEnd, nowMs: number): void;
  /** Exactly once, after `onEnd`: nothing of the session is left. */
  onReleased(): void;
}
