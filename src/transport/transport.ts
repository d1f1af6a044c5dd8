// The network as a UTP client sees it: binary messages, and the WebSocket events that Unity's rules speak of. Interface only.

/** Counts WebSocket frames with their headers, without TLS and the upgrade. One may serve many transports. */
export interface WireMeter {
  wireBytesSent: number;
  wireBytesReceived: number;
}

/** Where to connect, and how. */
export interface TransportTarget {
  /** `ws://` or `wss://` with host, port and path. */
  readonly url: string;
  /** More request headers, name and value; a name of at most 125 bytes (longer ones can kill a Unity server). */
  readonly headers?: readonly (readonly [string, string])[];
  /** PEM text of the authority to trust, instead of the system's. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Source address to connect from. */
  readonly localAddress?: string;
  /** The numeric address to connect to, so that thousands of clients need one look-up; `url` keeps the name for TLS and Host. */
  readonly address?: string;
  /** What the Host header names: the URL's host, or the numeric address as Unity's native client does. Default: `url`. */
  readonly hostHeader?: "url" | "address";
  /** Largest message that the peer may send, in bytes: 1386 with Unity's defaults. */
  readonly maxMessageBytes: number;
  /** Where to count what goes over the wire. */
  readonly meter?: WireMeter;
}

/** What stopped a transport before it was open. `status` comes with `UpgradeRejected`. */
export interface TransportFailure {
  readonly reason:
    | "ConnectionRefused"
    | "ConnectTimeout"
    | "ConnectionReset"
    | "ConnectionClosed"
    | "UpgradeRejected"
    | "NotWebSocket"
    | "TlsError"
    | "HostNotFound"
    | "LocalResourceLimit";
  readonly status?: number;
  /** What the system or the peer said, for a person. */
  readonly detail: string;
}

/** Steps on the way to an open transport, in this order; `tls` only for wss. */
export type TransportPhase = "tcp" | "tls" | "upgradeSent";

/** What a transport tells its owner. Never called from inside `open`, `send*`, `end` or `destroy`. */
export interface TransportEvents {
  onPhase(phase: TransportPhase): void;
  /** The 101 was valid; messages follow. */
  onOpen(): void;
  /** One whole binary message; the view is valid during the call only. */
  onBinary(payload: Uint8Array): void;
  onText(): void;
  onPing(payload: Uint8Array): void;
  onPong(payload: Uint8Array): void;
  /** The peer's Close; 1005 when it carried no code. The owner answers it with `sendClose` and `end`. */
  onClose(code: number): void;
  /** The peer broke RFC 6455 or our limit; `code` is the close code that tells it so. Nothing more will be read. */
  onViolation(code: number): void;
  /** Everything that one read of the socket brought has been told. */
  onBatchEnd(): void;
  /** Not opened. At most once, and nothing follows. */
  onFailed(failure: TransportFailure): void;
  /** Open before, gone now; at most once, and nothing follows. `local`: our own `end` or `destroy`. */
  onEnded(how: "fin" | "reset" | "local", detail: string): void;
}

/** One attempt at one connection. Used once: a new attempt makes a new transport. */
export interface Transport {
  /** Starts connecting; answers through `events`. */
  open(target: TransportTarget, events: TransportEvents): void;
  /** Sends one binary message, at most one frame. The bytes are taken before it returns. Nothing happens once not open. */
  sendBinary(message: Uint8Array): void;
  sendPing(payload: Uint8Array): void;
  sendPong(payload: Uint8Array): void;
  /** Sends a Close with a code, once; without one where `code` is undefined. */
  sendClose(code: number | undefined): void;
  /** Ends our direction after what is queued, and drops the socket when the peer has ended its own. */
  end(): void;
  /** Drops the socket now, whatever is queued. Of a transport that was not open yet nothing more is heard. */
  destroy(): void;
  /** Writes since `cork` leave together at `uncork`: one packet instead of many. */
  cork(): void;
  uncork(): void;
  /** Bytes that the system has not taken yet. */
  readonly bufferedBytes: number;
  /** False where WebSocket pings, pongs and close codes belong to the platform (browsers). */
  readonly ownsControlFrames: boolean;
}

/** Makes one transport per attempt. */
export type TransportFactory = () => Transport;
