// Requests, their retries, and the payloads that Request and Accept carry (protocol page 3.3, 3.4). Decides nothing about states.
import type { ConnectionEffects } from "./connection-effects.js";
import type { ConnectionOptions } from "./connection-options.js";
import type { KeepAlive } from "./keep-alive.js";
import type { UtpParameters } from "./parameters.js";
import { encodeConnectAccept, encodeConnectRequest, handshakePayload } from "./wire.js";

export class Handshake {
  /** Requests sent so far: 1 is the first try. */
  requests = 0;
  readonly #token: Uint8Array;
  #ownPayload: Uint8Array | undefined;
  readonly #retryMs: number;
  readonly #maxRequests: number;
  readonly #keepAlive: KeepAlive;
  #requestMs = 0;
  #peerPayload: Uint8Array | undefined;

  constructor(options: ConnectionOptions, parameters: UtpParameters, keepAlive: KeepAlive) {
    this.#token = options.token;
    this.#ownPayload = options.payload;
    this.#retryMs = parameters.connectTimeoutMs;
    this.#maxRequests = options.maxRequests ?? parameters.maxConnectAttempts;
    this.#keepAlive = keepAlive;
  }

  sendRequest(nowMs: number, effects: ConnectionEffects): void {
    this.requests++;
    this.#requestMs = nowMs;
    this.#keepAlive.sentMs = nowMs;
    effects.send(encodeConnectRequest(this.#token, this.#ownPayload), true);
  }

  /** Requests from now on carry no payload. */
  dropPayload(): void {
    this.#ownPayload = undefined;
  }

  sendAccept(nowMs: number, effects: ConnectionEffects): void {
    this.#keepAlive.sentMs = nowMs;
    effects.send(encodeConnectAccept(this.#token, this.#ownPayload), true);
  }

  get nextDeadlineMs(): number {
    return this.#requestMs + this.#retryMs + 1;
  }

  /** What a request without an Accept calls for at `nowMs`. */
  due(nowMs: number): "retry" | "exhausted" | undefined {
    if (nowMs - this.#requestMs <= this.#retryMs) return undefined;
    return this.requests < this.#maxRequests ? "retry" : "exhausted";
  }

  /** Copies what stands behind the token; a length that disagrees is counted and the payload ignored. */
  keepPeerPayload(packet: Uint8Array, effects: ConnectionEffects): void {
    const payload = handshakePayload(packet);
    if (payload.kind === "bad") effects.drop("badPayloadLength");
    this.#peerPayload = payload.kind === "payload" ? new Uint8Array(payload.bytes) : undefined;
  }

  /** Gives the peer's payload out, once. */
  takePeerPayload(): Uint8Array | undefined {
    const payload = this.#peerPayload;
    this.#peerPayload = undefined;
    return payload;
  }
}
