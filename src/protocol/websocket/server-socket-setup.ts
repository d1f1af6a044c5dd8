// How the server's end of a WebSocket is set up, and what it tells its owner. Types only.

export interface ServerSocketOptions {
  readonly path: string;
  /** Largest message either way: `maxMessageSize` - 14. */
  readonly maxMessageBytes: number;
  /** Time from the first byte to the end of the upgrade request, ms. */
  readonly connectTimeoutMs: number;
  /** Silence of the peer after which a ping leaves, ms; 0: never. */
  readonly heartbeatTimeoutMs: number;
  /** Wait for the peer's Close after our own, ms; 0: none. */
  readonly disconnectTimeoutMs: number;
  /** Updates from the last word to the end of TCP; Unity: 2, 0: with it. */
  readonly lingerUpdates: number;
  /** See `FrameReader`. */
  readonly corruptsKept: boolean;
  /** Sec-WebSocket-Accept of a key: RFC 6455, 4.2.2. */
  readonly acceptValue: (key: string) => string;
}

/** Why the layer above has lost its socket. */
export type SocketLoss = "peerClose" | "violation" | "tcpEnd" | "overflow";

/** What a socket tells its owner. Views are valid during the call only. */
export interface ServerSocketEvents {
  takePlace(): boolean;
  message(packet: Uint8Array): void;
  /** Open before, of no use now. At most once; `code` is the status of the peer's Close or of ours. */
  lost(why: SocketLoss, code: number | undefined): void;
  /** The upgrade was answered with a 400 or a 404. */
  upgradeRefused(status: 400 | 404): void;
  /** Something waits to be taken. */
  outputReady(): void;
  /** TCP is to be ended now, after what was taken. */
  end(): void;
}
