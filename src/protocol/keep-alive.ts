// Heartbeats, and when a peer counts as gone (protocol page 3.6). Ends nothing: that is the connection's.
import type { ConnectionEffects } from "./connection-effects.js";
import type { UtpParameters } from "./parameters.js";
import { encodeControl } from "./wire.js";

/** Both timers of an accepted connection. "Strictly greater", as in Unity: with 500 ms the heartbeat leaves after 501. */
export class KeepAlive {
  /** Our last UTP packet; what arrives does not move it, so a client's first heartbeat counts from its request. */
  sentMs = 0;
  /** The peer's last valid message. */
  receivedMs = 0;
  readonly #heartbeatTimeoutMs: number;
  readonly #disconnectTimeoutMs: number;

  constructor(parameters: UtpParameters) {
    this.#heartbeatTimeoutMs = parameters.heartbeatTimeoutMs;
    this.#disconnectTimeoutMs = parameters.disconnectTimeoutMs;
  }

  /** The nearer of the two moments; Infinity when both are off. */
  get nextDeadlineMs(): number {
    const heartbeatMs =
      this.#heartbeatTimeoutMs > 0 ? this.sentMs + this.#heartbeatTimeoutMs + 1 : Number.POSITIVE_INFINITY;
    const silenceMs =
      this.#disconnectTimeoutMs > 0 ? this.receivedMs + this.#disconnectTimeoutMs + 1 : Number.POSITIVE_INFINITY;
    return Math.min(heartbeatMs, silenceMs);
  }

  /** Sends a heartbeat if one is due; one that is not taken is tried again at the next call. */
  beat(token: Uint8Array, nowMs: number, effects: ConnectionEffects): void {
    if (this.#heartbeatTimeoutMs <= 0 || nowMs - this.sentMs <= this.#heartbeatTimeoutMs) return;
    if (effects.send(encodeControl("heartbeat", token), true)) this.sentMs = nowMs;
  }

  isPeerSilent(nowMs: number): boolean {
    return this.#disconnectTimeoutMs > 0 && nowMs - this.receivedMs > this.#disconnectTimeoutMs;
  }
}
