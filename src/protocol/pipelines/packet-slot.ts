// A place in a window that keeps a copy of one packet and is used again for the next. Knows no header.

/** Small messages are the rule: a slot grows only when it must. */
const SMALLEST_BYTES = 64;

export class PacketSlot {
  /** The packet whose copy this is; -1: none yet. */
  id = -1;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** The copy; overwritten by the next `store`. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  store(id: number, packet: Uint8Array): void {
    if (packet.length > this.#bytes.length) this.#bytes = new Uint8Array(Math.max(SMALLEST_BYTES, packet.length));
    this.#bytes.set(packet);
    this.#length = packet.length;
    this.id = id;
  }
}
