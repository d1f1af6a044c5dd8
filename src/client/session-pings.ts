// WebSocket pings of one session: Unity's own (C-015, when the kind sends them) and the measuring ones. Decides when and matches
// answers; sends nothing itself.
import type { SessionOptions } from "./session-types.js";

/** Marks a measuring ping's payload, so that an unasked pong is not taken for its answer. */
const MARK = 0x75747070;
const PAYLOAD_BYTES = 8;
const NO_PING = -1;

/** Pings of a session whose socket opened at `nowMs`; undefined where none are ever sent. */
export function pingsOf(options: SessionOptions, nowMs: number): SessionPings | undefined {
  const { kind, parameters, pingIntervalMs, token } = options;
  const unityIdleMs = kind === "native" ? parameters.heartbeatTimeoutMs : 0;
  if (pingIntervalMs <= 0 && unityIdleMs <= 0) return undefined;
  // Clients that join together would ping together for ever.
  const share = (token[0]! + 1) / 256;
  return new SessionPings(nowMs, nowMs + share * pingIntervalMs, pingIntervalMs, unityIdleMs);
}

export class SessionPings {
  readonly #intervalMs: number;
  readonly #unityIdleMs: number;
  /** Last complete frame, for Unity's rule. */
  #frameMs = 0;
  #isUnityPingOut = false;
  #nextMs: number;
  #sequence = 0;
  #sentMs = NO_PING;

  /**
   * @param firstMs When the first measuring ping is due; clients spread it so that they do not ping in step.
   * @param intervalMs Of measuring pings; 0: none.
   * @param unityIdleMs Time without a frame after which Unity's client pings; 0: never.
   */
  constructor(nowMs: number, firstMs: number, intervalMs: number, unityIdleMs: number) {
    this.#frameMs = nowMs;
    this.#intervalMs = intervalMs;
    this.#unityIdleMs = unityIdleMs;
    this.#nextMs = intervalMs > 0 ? firstMs : Number.POSITIVE_INFINITY;
  }

  get nextDeadlineMs(): number {
    return Math.min(this.#nextMs, this.#unityDeadlineMs);
  }

  /** A complete frame of any kind. */
  sawFrame(nowMs: number): void {
    this.#frameMs = nowMs;
  }

  /** Whether Unity's client sends its empty ping now. */
  takeUnityPing(nowMs: number): boolean {
    if (nowMs < this.#unityDeadlineMs) return false;
    this.#isUnityPingOut = true;
    return true;
  }

  /** Payload of the measuring ping that is due now. While one is unanswered no other is, so that a stall is measured whole. */
  takeMeasuringPing(nowMs: number): Uint8Array | undefined {
    if (nowMs < this.#nextMs) return undefined;
    this.#nextMs = nowMs + this.#intervalMs;
    if (this.#sentMs !== NO_PING) return undefined;
    this.#sentMs = nowMs;
    const payload = new Uint8Array(PAYLOAD_BYTES);
    const view = new DataView(payload.buffer);
    view.setUint32(0, MARK);
    view.setUint32(4, ++this.#sequence);
    return payload;
  }

  /** A pong arrived: its round trip in ms if it answers our measuring ping. */
  matchPong(payload: Uint8Array, nowMs: number): number | undefined {
    if (this.#sentMs === NO_PING || payload.length !== PAYLOAD_BYTES) return undefined;
    const view = new DataView(payload.buffer, payload.byteOffset, PAYLOAD_BYTES);
    if (view.getUint32(0) !== MARK || view.getUint32(4) !== this.#sequence) return undefined;
    const rttMs = nowMs - this.#sentMs;
    this.#sentMs = NO_PING;
    return rttMs;
  }

  /** Any pong lets Unity's client ping again. */
  sawPong(): void {
    this.#isUnityPingOut = false;
  }

  get #unityDeadlineMs(): number {
    if (this.#unityIdleMs <= 0 || this.#isUnityPingOut) return Number.POSITIVE_INFINITY;
    return this.#frameMs + this.#unityIdleMs + 1;
  }
}
