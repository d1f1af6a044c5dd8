// The network between a server core and client sockets on a virtual clock: bytes as they are, a delay each way, in order. No socket, no sleep.
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import type { ServerSink } from "../../src/server/outbox.js";
import { ServerCore } from "../../src/server/server-core.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { AppliedDelays } from "./applied-delays.js";
import { acceptValue } from "./server-bench.js";
import type { VirtualClock } from "./virtual-clock.js";

/** Where a socket's other end lives; undefined: a client that is not one of the run's and hears nothing. */
type ClientEnd = NetworkSocket | undefined;

interface Line {
  readonly client: ClientEnd;
  /** What the server has not been given because it asked for a pause. */
  waiting: (() => void)[];
  isPaused: boolean;
  unsentBytes: number;
}

export interface NetworkOptions {
  readonly server: ServerBehaviour;
  /** One way, ms. */
  readonly delayMs: number;
  /** Without a tick the server looks at its clock this often, ms. */
  readonly stepMs: number;
  /** Keep what the server did to each message; costs time. */
  readonly isWatched: boolean;
  /** When something happens at the clients' end that was due at `atMs`: later, where their thread is blocked. */
  readonly clientTime: (atMs: number) => number;
}

export class VirtualNetwork implements ServerSink {
  readonly core: ServerCore;
  readonly clock: VirtualClock;
  /** Where `isWatched`. */
  readonly applied = new AppliedDelays();
  readonly #options: NetworkOptions;
  readonly #lines = new Map<number, Line>();
  readonly #startMs: number;
  readonly #everyMs: number;
  #updates = 0;
  #nextId = 0;
  #isStopped = false;

  constructor(clock: VirtualClock, options: NetworkOptions) {
    this.clock = clock;
    this.#options = options;
    this.#startMs = clock.nowMs();
    this.core = new ServerCore(options.server, {
      sink: this,
      listener: { connected: () => undefined, message: () => undefined, disconnected: () => undefined },
      acceptValue,
      startMs: this.#startMs,
    });
    const { tickHz } = this.core.behaviour;
    this.#everyMs = tickHz > 0 ? 1000 / tickHz : options.stepMs;
    this.#planUpdate();
  }

  /** The server's process is gone: it does nothing any more; `cuts`: its system resets every connection. */
  stop(cuts: boolean): void {
    this.#isStopped = true;
    if (cuts) for (const { client } of this.#lines.values()) client?.fail("ECONNRESET");
  }

  /** A new socket of the run's clients. */
  newSocket(): Duplex {
    const id = this.#nextId++;
    const socket = new NetworkSocket(this, id);
    this.#lines.set(id, { client: socket, waiting: [], isPaused: false, unsentBytes: 0 });
    this.#toServer(id, () => this.core.arrive(id, this.clock.nowMs()));
    this.#toClient(socket, 2 * this.#options.delayMs, () => socket.emit("connect"));
    return socket as unknown as Duplex;
  }

  /** A client of somebody else that sends what it is told to and never reads. Returns what sends its bytes. */
  deafClient(): (bytes: Uint8Array) => void {
    const id = this.#nextId++;
    this.#lines.set(id, { client: undefined, waiting: [], isPaused: false, unsentBytes: 0 });
    this.core.arrive(id, this.clock.nowMs());
    return (bytes) => this.send(id, bytes);
  }

  send(id: number, bytes: Uint8Array): void {
    const copy = bytes.slice();
    this.#toServer(id, () => {
      if (this.#options.isWatched) this.applied.toServer(id, copy, this.clock.nowMs());
      this.core.input(id, copy, this.clock.nowMs());
    });
  }

  finish(id: number): void {
    this.#toServer(id, () => this.core.end(id, this.clock.nowMs()));
  }

  write(id: number, bytes: Uint8Array): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    if (this.#options.isWatched) this.applied.fromServer(id, bytes, this.clock.nowMs());
    if (line.client === undefined) line.unsentBytes += bytes.length;
    else this.#toClient(line.client, this.#options.delayMs, () => line.client?.receive(bytes));
  }

  close(id: number): void {
    const client = this.#lines.get(id)?.client;
    this.#lines.delete(id);
    if (client !== undefined) this.#toClient(client, this.#options.delayMs, () => client.peerEnd());
  }

  pause(id: number): void {
    const line = this.#lines.get(id);
    if (line !== undefined) line.isPaused = true;
  }

  resume(id: number): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    line.isPaused = false;
    for (const deliver of line.waiting.splice(0)) deliver();
  }

  unsentBytes(id: number): number {
    return this.#lines.get(id)?.unsentBytes ?? 0;
  }

  #toServer(id: number, deliver: () => void): void {
    this.clock.at(this.clock.nowMs() + this.#options.delayMs, () => {
      if (this.#isStopped) return;
      const line = this.#lines.get(id);
      if (line?.isPaused === true) line.waiting.push(deliver);
      else deliver();
    });
  }

  #toClient(client: NetworkSocket, delayMs: number, deliver: () => void): void {
    const dueMs = this.#options.clientTime(this.clock.nowMs() + delayMs);
    this.clock.at(dueMs, () => {
      if (!client.destroyed) deliver();
    });
  }

  /** Updates are multiples of the period: a running sum would drift. */
  #planUpdate(): void {
    this.clock.at(this.#startMs + ++this.#updates * this.#everyMs, () => {
      if (this.#isStopped) return;
      this.core.tick(this.clock.nowMs());
      this.#planUpdate();
    });
  }
}

/** The client's end, as far as the transport needs a socket. Nothing is emitted from inside a call. */
class NetworkSocket extends EventEmitter {
  readonly writableLength = 0;
  destroyed = false;
  readonly #network: VirtualNetwork;
  readonly #id: number;
  #corks = 0;
  #corked: Uint8Array[] = [];
  #isFinished = false;
  #sawPeerEnd = false;

  constructor(network: VirtualNetwork, id: number) {
    super();
    this.#network = network;
    this.#id = id;
  }

  receive(bytes: Uint8Array): void {
    this.emit("data", Buffer.from(bytes));
  }

  peerEnd(): void {
    this.#sawPeerEnd = true;
    this.emit("end");
    this.end();
  }

  fail(code: string): void {
    if (this.destroyed) return;
    this.emit("error", Object.assign(new Error(`socket ${code}`), { code }));
    this.destroy();
  }

  write(data: Uint8Array | string): boolean {
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
    this.#finish();
    if (this.#sawPeerEnd) this.#closeSoon();
  }

  destroy(): void {
    this.#finish();
    this.#closeSoon();
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#network.finish(this.#id);
  }

  #closeSoon(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#network.clock.at(this.#network.clock.nowMs(), () => this.emit("close"));
  }

  #flush(): void {
    if (this.#corked.length === 0 || this.#isFinished) return;
    this.#network.send(this.#id, Buffer.concat(this.#corked));
    this.#corked = [];
  }
}
