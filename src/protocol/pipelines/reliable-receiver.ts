// The receiving half of a reliable stage: what has arrived, what of it is delivered, what we owe the peer. Sends no ack itself.
import { AckMask } from "./ack-mask.js";
import { PacketSlot } from "./packet-slot.js";
import type { InitialMask } from "./pipeline-settings.js";
import type { Inlet } from "./pipeline-stage.js";
import { maskBytesOf } from "./reliable-header.js";
import { LAST_TIMED_ID, nearestId } from "./sequence-numbers.js";

/** So many duplicates since our last packet say that the peer has missed our ack. */
const DUPLICATES_FOR_ACK = 3;

/** What a sequence id is to us: to be taken, known already, or none that can come now. */
export type Arrival = "new" | "duplicate" | "outOfWindow";

/** @see protocol page, 6.4.3 and 6.4.5 */
export class ReliableReceiver {
  readonly #window: number;
  /** Bit i: the packet i before the highest was received. */
  readonly mask: AckMask;
  /** Packets that wait for an older one, slot `id mod window`; made only when order was lost. */
  readonly #waiting: PacketSlot[] = [];
  #highestId = -1;
  #highestReceivedMs = 0;
  /** The next one to deliver. */
  #nextId = 0;
  #isChanged = false;
  #duplicates = 0;

  constructor(window: number, initialMask: InitialMask) {
    this.#window = window;
    this.mask = new AckMask(maskBytesOf(window), initialMask);
  }

  /** Low 16 bits of the highest id received, 65535 if none. */
  get acked(): number {
    return this.#highestId & 0xffff;
  }

  /** Whether the peer must hear from us although we have nothing to say. */
  get isAckOwed(): boolean {
    return this.#isChanged || this.#duplicates >= DUPLICATES_FOR_ACK;
  }

  /** Whole ms since the highest packet arrived, mod 65536; 0 before the first, and after 65,536 packets, as in Unity. */
  processingTimeMs(nowMs: number): number {
    if (this.#highestId < 0 || this.#highestId > LAST_TIMED_ID) return 0;
    return Math.floor(Math.max(0, nowMs - this.#highestReceivedMs)) & 0xffff;
  }

  /** The current ack fields are on their way. */
  noteAcked(): void {
    this.#isChanged = false;
    this.#duplicates = 0;
  }

  /** They were not, after all. */
  oweAck(): void {
    this.#isChanged = true;
  }

  /** Notes the arrival of a payload packet; one that is `new` is to be handed to `deliver`. */
  note(sequence: number, nowMs: number): Arrival {
    const id = nearestId(sequence, this.#highestId);
    const distance = this.#highestId - id;
    // Newer by more than the window is ignored; counted from what is delivered, so that no waiting packet loses its slot: a peer
    // that keeps to its own window cannot get there.
    if (id < 0 || distance >= this.#window || id >= this.#nextId + this.#window) return "outOfWindow";
    if (distance >= 0 && this.mask.has(distance)) {
      this.#duplicates++;
      return "duplicate";
    }
    if (distance < 0) this.#advance(id, nowMs);
    this.mask.set(this.#highestId - id);
    this.#isChanged = true;
    return "new";
  }

  /** Hands `payload` up if it is the next one, and everything that waited for it; keeps a copy if it must wait itself. */
  deliver(sequence: number, payload: Uint8Array, above: Inlet, nowMs: number): void {
    const id = nearestId(sequence, this.#highestId);
    if (id !== this.#nextId) return this.#keep(id, payload);
    this.#nextId++;
    above.receive(payload, nowMs);
    for (let slot = this.#nextWaiting(); slot !== undefined; slot = this.#nextWaiting()) {
      this.#nextId++;
      above.receive(slot.view, nowMs);
    }
  }

  #advance(id: number, nowMs: number): void {
    this.mask.shift(id - this.#highestId);
    this.#highestId = id;
    this.#highestReceivedMs = nowMs;
  }

  #keep(id: number, payload: Uint8Array): void {
    const index = id % this.#window;
    const slot = this.#waiting[index] ?? new PacketSlot();
    slot.store(id, payload);
    this.#waiting[index] = slot;
  }

  #nextWaiting(): PacketSlot | undefined {
    const slot = this.#waiting[this.#nextId % this.#window];
    return slot?.id === this.#nextId ? slot : undefined;
  }
}
