// The server's sockets: those that wait to be accepted, and the slots of those that were, lowest free slot first as in Unity.
import type { ServerClient } from "./server-client.js";

export class SocketTable {
  readonly #byId = new Map<number, ServerClient>();
  readonly #slots: (ServerClient | undefined)[] = [];
  readonly #slotOf = new Map<ServerClient, number>();
  readonly #waiting = new Set<ServerClient>();
  /** No slot below this is free. */
  #lowestFree = 0;

  /** Sockets in slots. */
  get size(): number {
    return this.#slotOf.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get(id: number): ServerClient | undefined {
    return this.#byId.get(id);
  }

  /** A socket that the system has connected and the server has not looked at. */
  arrive(client: ServerClient): void {
    this.#byId.set(client.id, client);
    this.#waiting.add(client);
  }

  /** Puts the socket that waits longest into the lowest free slot; undefined: none waits. */
  acceptOne(): ServerClient | undefined {
    const [client] = this.#waiting;
    if (client === undefined) return undefined;
    this.#waiting.delete(client);
    while (this.#slots[this.#lowestFree] !== undefined) this.#lowestFree++;
    this.#slots[this.#lowestFree] = client;
    this.#slotOf.set(client, this.#lowestFree);
    return client;
  }

  remove(client: ServerClient): void {
    this.#byId.delete(client.id);
    this.#waiting.delete(client);
    const slot = this.#slotOf.get(client);
    if (slot === undefined) return;
    this.#slotOf.delete(client);
    this.#slots[slot] = undefined;
    this.#lowestFree = Math.min(this.#lowestFree, slot);
    while (this.#slots.length > 0 && this.#slots[this.#slots.length - 1] === undefined) this.#slots.pop();
  }

  /** Accepted sockets in slot order. Removing some of them on the way is allowed. */
  *inSlotOrder(): Generator<ServerClient> {
    for (let slot = 0; slot < this.#slots.length; slot++) {
      const client = this.#slots[slot];
      if (client !== undefined) yield client;
    }
  }
}
