// What a connection tells its owner: the sink, the causes of an end, the reasons of a drop. Types only.

/** Why something that arrived had no effect. A closed set, listed in docs/metrics.md. */
export type ProtocolDrop =
  | "empty"
  | "tooShort"
  | "wrongVersion"
  | "unknownHandshake"
  | "unknownType"
  | "unknownToken"
  | "unexpected"
  | "earlyMessage"
  | "emptyData"
  | "badPayloadLength"
  | "badMtuMessage"
  | "unknownPipeline"
  | "tokenReuse"
  | "textMessage"
  | "oversized"
  | "staleAttempt"
  | "afterClose";

/** How a connection ended: our own close, the peer's Disconnect, silence, no Accept, the layer below, an early message (3.3). */
export type CloseCause = "local" | "remote" | "timeout" | "exhausted" | "lost" | "early";

/** What a move makes the owner do. The owner keeps one sink for the connection's life; nothing is allocated per message. */
export interface ConnectionEffects {
  /** One UTP packet = one binary message. The bytes are valid during the call only. False: not taken, the limit is reached. */
  send(packet: Uint8Array, control: boolean): boolean;
  /** The application may use the connection. `payload` is the peer's connect or accept payload, if it sent one. */
  established(nowMs: number, payload: Uint8Array | undefined): void;
  /** A Data message: the view is valid during the call only. */
  message(pipelineId: number, payload: Uint8Array, nowMs: number): void;
  /** The connection is over; at most once, also before it was established. */
  closed(cause: CloseCause, nowMs: number): void;
  /** The WebSocket is to be closed with 1000 now. */
  releaseTransport(): void;
  drop(why: ProtocolDrop): void;
}
