// A TCP socket without a network, for tests on a virtual clock: a test plays the network and the server. As with a real one, `close`
// never comes from inside a call.
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import type { VirtualClock } from "./virtual-clock.js";

export interface SocketWrite {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

export class MemorySocket extends EventEmitter {
  /** What left together, with the time; corked writes are one. */
  readonly writes: SocketWrite[] = [];
  readonly remoteAddress = "127.0.0.1";
  writableLength = 0;
  destroyed = false;
  /** When our side ended or dropped the connection. */
  finMs: number | undefined;
  readonly #clock: VirtualClock;
  #corks = 0;
  #corked: Uint8Array[] = [];
  #sawPeerEnd = false;

  constructor(clock: VirtualClock) {
    super();
    this.#clock = clock;
  }

  /** The socket as the transport's factory returns it. */
  get duplex(): Duplex {
    return this as unknown as Duplex;
  }

  connect(): void {
    this.emit("connect");
  }

  /** One read of the socket. */
  receive(bytes: Uint8Array): void {
    if (!this.destroyed) this.emit("data", Buffer.from(bytes));
  }

  /** The peer's FIN; as allowHalfOpen is off, our side ends too. */
  peerEnd(): void {
    if (this.destroyed) return;
    this.#sawPeerEnd = true;
    this.emit("end");
    this.end();
  }

  /** A reset, or a connect that fails. */
  fail(code: string): void {
    if (this.destroyed) return;
    this.emit("error", Object.assign(new Error(`socket ${code}`), { code }));
    this.destroy();
  }

  write(data: Uint8Array | string): boolean {
    if (this.finMs !== undefined) throw new Error("Cannot write: the socket must be open, got one that has ended");
    this.#corked.push(typeof data === "string" ? Buffer.from(data, "latin1") : Uint8Array.from(data));
    if (this.#corks === 0) this.#flush();
    return true;
  }

  cork(): void {
    this.#corks++;
  }

  uncork(): void {
    this.#corks = Math.max(0, this.#corks - 1);
    if (this.#corks === 0) this.#flush();
  }

  end(): void {
    this.#flush();
    this.finMs ??= this.#clock.nowMs();
    if (this.#sawPeerEnd) this.#closeSoon();
  }

  destroy(): void {
    this.finMs ??= this.#clock.nowMs();
    this.#closeSoon();
  }

  #closeSoon(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#clock.at(this.#clock.nowMs(), () => this.emit("close"));
  }

  #flush(): void {
    if (this.#corked.length === 0) return;
    this.writes.push({ atMs: this.#clock.nowMs(), bytes: Buffer.concat(this.#corked) });
    this.#corked = [];
  }
}
