// The server's TCP or TLS sockets by number: what the server core writes and closes goes to them, what they bring goes to the core.
import type { Socket } from "node:net";
import type { Clock } from "../time/clock.js";
import type { ServerSink } from "./outbox.js";

/** Where the events of sockets go: the server core. */
export interface SocketTarget {
  arrive(socketId: number, nowMs: number): void;
  input(socketId: number, bytes: Uint8Array, nowMs: number): void;
  end(socketId: number, nowMs: number): void;
}

/** A peer that does not end its half of TCP has this long before the socket is dropped, ms. */
const HALF_OPEN_MS = 1000;

export class SocketSink implements ServerSink {
  readonly #sockets = new Map<number, Socket>();
  /** Closed by the core, not yet by the peer. */
  readonly #leaving = new Set<Socket>();
  readonly #clock: Clock;
  #nextId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sockets that the core has closed and the peer has not. */
  get leavingCount(): number {
    return this.#leaving.size;
  }

  add(socket: Socket, target: SocketTarget): void {
    const id = this.#nextId++;
    const clock = this.#clock;
    this.#sockets.set(id, socket);
    target.arrive(id, clock.nowMs());
    socket.on("data", (chunk: Uint8Array) => target.input(id, chunk, clock.nowMs()));
    const ended = (): void => target.end(id, clock.nowMs());
    socket.on("end", ended);
    socket.on("error", ended);
    socket.on("close", () => {
      this.#leaving.delete(socket);
      ended();
    });
  }

  write(socketId: number, bytes: Uint8Array): void {
    const socket = this.#sockets.get(socketId);
    if (socket?.writable) socket.write(bytes);
  }

  close(socketId: number): void {
    const socket = this.#sockets.get(socketId);
    if (socket === undefined) return;
    this.#sockets.delete(socketId);
    if (socket.destroyed) return;
    this.#leaving.add(socket);
    socket.end();
    // Reading on is what lets the peer's own end arrive; the bytes are of no use any more.
    socket.resume();
    setTimeout(() => socket.destroy(), HALF_OPEN_MS).unref();
  }

  pause(socketId: number): void {
    this.#sockets.get(socketId)?.pause();
  }

  resume(socketId: number): void {
    this.#sockets.get(socketId)?.resume();
  }

  unsentBytes(socketId: number): number {
    return this.#sockets.get(socketId)?.writableLength ?? 0;
  }

  /** Drops all sockets now. */
  destroyAll(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
    for (const socket of this.#leaving) socket.destroy();
  }
}
