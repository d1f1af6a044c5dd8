// What leaves the server: one write per socket and flush, and Unity's send queue, whose places a client that does not read keeps.
import type { ServerClient } from "./server-client.js";

/** The network under a server. Sockets are named by the caller's numbers. */
export interface ServerSink {
  /** The bytes are never changed afterwards. */
  write(socketId: number, bytes: Uint8Array): void;
  /** Ends TCP behind what was written. Nothing is told about the socket after that. */
  close(socketId: number): void;
  /** Reads no more from the socket until `resume`. */
  pause(socketId: number): void;
  resume(socketId: number): void;
  /** Bytes written that the system has not taken. */
  unsentBytes(socketId: number): number;
}

/** Without the send limit a client that does not read may keep this much waiting; the rest of it is dropped and counted. */
const SLOW_READER_BYTES = 1 << 20;

export class Outbox {
  readonly #sink: ServerSink;
  readonly #capacity: number;
  readonly #onRefused: () => void;
  #used = 0;
  #dirty: ServerClient[] = [];
  readonly #charged = new Set<ServerClient>();
  readonly #slow = new Set<ServerClient>();

  /** @param capacity Places for packets, shared by all; Infinity: no limit. `onRefused`: one packet found no place. */
  constructor(sink: ServerSink, capacity: number, onRefused: () => void) {
    this.#sink = sink;
    this.#capacity = capacity;
    this.#onRefused = onRefused;
  }

  /** A place for one packet until it has left; false: none is free. */
  takePlace(): boolean {
    if (this.#used >= this.#capacity) {
      this.#onRefused();
      return false;
    }
    this.#used++;
    return true;
  }

  mark(client: ServerClient): void {
    if (client.isDirty) return;
    client.isDirty = true;
    this.#dirty.push(client);
  }

  /** Writes what waits, binary frames before control frames. */
  flush(): void {
    if (this.#dirty.length === 0) return;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const client of dirty) {
      client.isDirty = false;
      if (client.web.state === "ended") continue;
      this.#flushOne(client);
      client.web.settle();
    }
  }

  /** Frees the places of packets that have left since. */
  refresh(): void {
    for (const client of this.#charged) {
      const sentBytes = client.writtenBytes - this.#sink.unsentBytes(client.id);
      while (client.charges.length > 0 && client.charges[0]!.endBytes <= sentBytes) this.#release(client);
      if (client.charges.length === 0) this.#charged.delete(client);
    }
    for (const client of this.#slow) {
      if (this.#sink.unsentBytes(client.id) > SLOW_READER_BYTES / 2) continue;
      client.isSlow = false;
      this.#slow.delete(client);
      if (!client.isPaused) this.#sink.resume(client.id);
    }
  }

  /** The client is gone, and its packets with it. */
  forget(client: ServerClient): void {
    while (client.charges.length > 0) this.#release(client);
    this.#used -= this.#placesOf(client.web.binaryFrames);
    this.#charged.delete(client);
    this.#slow.delete(client);
  }

  #flushOne(client: ServerClient): void {
    const frames = client.web.binaryFrames;
    const wantsControl = client.web.hasControl;
    const withControl = wantsControl && this.takePlace();
    const bytes = client.web.takeOutput(withControl);
    // Without a place it waits here for the next flush.
    if (wantsControl && !withControl) this.mark(client);
    if (bytes === undefined) return;
    this.#sink.write(client.id, bytes);
    client.writtenBytes += bytes.length;
    const unsentBytes = this.#sink.unsentBytes(client.id);
    if (this.#capacity === Number.POSITIVE_INFINITY) return this.#watch(client, unsentBytes);
    const places = frames + (withControl ? 1 : 0);
    if (unsentBytes === 0 && client.charges.length === 0) {
      this.#used -= places;
      return;
    }
    client.charges.push({ endBytes: client.writtenBytes, places });
    this.#charged.add(client);
  }

  #watch(client: ServerClient, unsentBytes: number): void {
    if (unsentBytes <= SLOW_READER_BYTES || client.isSlow) return;
    client.isSlow = true;
    this.#slow.add(client);
    // What it sends would only make more for it to read.
    this.#sink.pause(client.id);
  }

  #release(client: ServerClient): void {
    this.#used -= client.charges.shift()!.places;
  }

  #placesOf(frames: number): number {
    return this.#capacity === Number.POSITIVE_INFINITY ? 0 : frames;
  }
}
