// A server core on a virtual clock: updates at their rate, sockets by number, and everything it writes and closes with its time.
import { createHash } from "node:crypto";
import type { Peer } from "../../src/protocol/acceptor.js";
import type { UnityReason } from "../../src/protocol/disconnect-reason.js";
import type { ServerSink } from "../../src/server/outbox.js";
import { ServerCore } from "../../src/server/server-core.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { join, type ServerPart, serverParts } from "./wire-bytes.js";

export interface Written {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** What the application was told. */
export type Told =
  | { readonly what: "connected"; readonly peer: Peer; readonly payload: Uint8Array | undefined }
  | { readonly what: "message"; readonly peer: Peer; readonly pipelineId: number; readonly payload: Uint8Array }
  | { readonly what: "disconnected"; readonly peer: Peer; readonly reason: UnityReason };

export class ServerBench implements ServerSink {
  readonly core: ServerCore;
  readonly told: Told[] = [];
  readonly paused = new Set<number>();
  /** Sockets that do not read: what is written to them stays unsent. */
  readonly deaf = new Set<number>();
  readonly closedMs = new Map<number, number>();
  nowMs: number;
  /** Updates run so far. */
  updates = 0;
  readonly #everyMs: number;
  readonly #startMs: number;
  readonly #written = new Map<number, Written[]>();
  readonly #unsent = new Map<number, number>();

  /** Without a tick, timers are looked at every ms. `startMs` is the time of the first update, less one period. */
  constructor(behaviour: ServerBehaviour, startMs = 0) {
    this.nowMs = startMs;
    this.core = new ServerCore(behaviour, {
      sink: this,
      listener: {
        connected: (peer, payload) => this.told.push({ what: "connected", peer, payload }),
        message: (peer, pipelineId, payload) =>
          this.told.push({ what: "message", peer, pipelineId, payload: payload.slice() }),
        disconnected: (peer, reason) => this.told.push({ what: "disconnected", peer, reason }),
      },
      acceptValue,
      startMs,
    });
    const { tickHz } = this.core.behaviour;
    this.#everyMs = tickHz > 0 ? 1000 / tickHz : 1;
    this.#startMs = startMs;
  }

  write(socketId: number, bytes: Uint8Array): void {
    if (this.closedMs.has(socketId)) throw new Error(`Cannot write: socket ${socketId} is closed`);
    const written = this.#written.get(socketId) ?? [];
    written.push({ atMs: this.nowMs, bytes: bytes.slice() });
    this.#written.set(socketId, written);
    if (this.deaf.has(socketId)) this.#unsent.set(socketId, this.unsentBytes(socketId) + bytes.length);
  }

  close(socketId: number): void {
    this.closedMs.set(socketId, this.nowMs);
  }

  pause(socketId: number): void {
    this.paused.add(socketId);
  }

  resume(socketId: number): void {
    this.paused.delete(socketId);
  }

  unsentBytes(socketId: number): number {
    return this.#unsent.get(socketId) ?? 0;
  }

  /** A deaf socket reads again. */
  hear(socketId: number): void {
    this.deaf.delete(socketId);
    this.#unsent.delete(socketId);
  }

  arrive(socketId: number): void {
    this.core.arrive(socketId, this.nowMs);
  }

  /** The bytes are copied: a test may use them again. */
  input(socketId: number, bytes: Uint8Array): void {
    this.core.input(socketId, bytes.slice(), this.nowMs);
  }

  end(socketId: number): void {
    this.core.end(socketId, this.nowMs);
  }

  /** Time of the next update: a multiple of the period, as errors of a running sum would put all updates into step with 500 ms. */
  get #nextMs(): number {
    return this.#startMs + (this.updates + 1) * this.#everyMs;
  }

  /** Runs all updates that fall before or on `toMs`. */
  advanceTo(toMs: number): void {
    while (this.#nextMs <= toMs) {
      this.nowMs = this.#nextMs;
      this.updates++;
      this.core.tick(this.nowMs);
    }
    this.nowMs = toMs;
  }

  /** Runs so many updates. */
  tick(count = 1): void {
    for (let i = 0; i < count; i++) this.advanceTo(this.#nextMs);
  }

  written(socketId: number): readonly Written[] {
    return this.#written.get(socketId) ?? [];
  }

  /** Everything written to a socket so far, cut into its parts. */
  parts(socketId: number): ServerPart[] {
    return serverParts(join(...this.written(socketId).map(({ bytes }) => bytes)));
  }

  /** Payloads of the binary frames of a socket. */
  packets(socketId: number): Uint8Array[] {
    return this.parts(socketId).flatMap((part) => (part.kind === "frame" && part.opcode === 2 ? [part.payload] : []));
  }

  disconnects(): UnityReason[] {
    return this.told.flatMap((told) => (told.what === "disconnected" ? [told.reason] : []));
  }
}

export function acceptValue(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
