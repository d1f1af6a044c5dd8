// What one walk is given. Types only.
import type { Scheduler } from "../time/clock.js";
import type { Transport, TransportTarget } from "../transport/transport.js";
import type { SocketTap } from "./tapped-socket.js";

export interface WalkSetup {
  readonly target: TransportTarget;
  /** Numeric, for the step's text. */
  readonly address: string;
  /** 8 random bytes. */
  readonly token: Uint8Array;
  /** Most time for each of TCP, TLS, upgrade, Accept and the answer to our Close, ms. */
  readonly limitMs: number;
  /** Stay connected this long after the Accept, ms. */
  readonly holdMs: number;
  /** Size of the data message, 0: none. */
  readonly messageBytes: number;
  readonly scheduler: Scheduler;
  readonly createTransport: (tap: SocketTap) => Transport;
}
