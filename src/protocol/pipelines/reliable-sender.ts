// The sending half of a reliable stage: a window of packets that wait for their ack. Sends nothing: reliable-sequenced.ts does.
import { AckMask } from "./ack-mask.js";
import type { OutgoingPacket } from "./outgoing-packet.js";
import { PacketSlot } from "./packet-slot.js";
import { maskBytesOf, type ReliableHeader } from "./reliable-header.js";
import { LAST_TIMED_ID, nearestId } from "./sequence-numbers.js";

/** One packet as the stage got it, without the stage's own header. */
export class SentPacket extends PacketSlot {
  firstSentMs = 0;
  lastSentMs = 0;
  /** Not acked yet. */
  isHeld = false;
  /** Its id has given its one round trip. */
  isSampled = false;
  isResent = false;
}

/** Ids start at 0 and have no bound; their low 16 bits go over the wire. @see protocol page, 6.4.4 */
export class ReliableSender {
  readonly #window: number;
  /** Slot `id mod window`; a slot is made when it is first used and then kept. */
  readonly #slots: SentPacket[] = [];
  readonly #ackedMask: AckMask;
  #ackedId = -1;
  #nextId = 0;
  /** The oldest packet that is held, if one is. */
  #oldestId = 0;
  #held = 0;
  /** Of those, the ones sent more than once: without any, the oldest has waited longest. */
  #heldResent = 0;

  constructor(window: number) {
    this.#window = window;
    this.#ackedMask = new AckMask(maskBytesOf(window), "zeros");
  }

  /** The peer has acknowledged a packet of ours, or says so. */
  get isAcknowledged(): boolean {
    return this.#ackedId >= 0;
  }

  /** Whether `packets` more fit: each of their slots must be free. */
  hasRoom(packets: number): boolean {
    if (this.#held === 0) return packets <= this.#window;
    for (let i = 0; i < packets; i++) if (this.#slots[(this.#nextId + i) % this.#window]?.isHeld) return false;
    return packets <= this.#window;
  }

  /**
   * Gives a packet its id and keeps a copy of it until it is acked.
   *
   * @throws {RangeError} If there is no room.
   */
  keep(packet: OutgoingPacket, nowMs: number): SentPacket {
    const slot = this.#nextSlot();
    slot.store(this.#nextId++, packet.view);
    slot.firstSentMs = nowMs;
    slot.lastSentMs = nowMs;
    slot.isSampled = false;
    slot.isResent = false;
    if (this.#held === 0) this.#oldestId = slot.id;
    // A peer that has acked an id before it was sent has given up its claim to a repair.
    slot.isHeld = !this.#isReleased(slot.id);
    if (slot.isHeld) this.#held++;
    return slot;
  }

  /** Takes the ack fields of a header. Returns the round trip that it shows, ms, if it shows one. */
  acknowledge(header: ReliableHeader, nowMs: number): number | undefined {
    const id = nearestId(header.acked, this.#ackedId);
    if (id < 0) return undefined;
    if (id > this.#ackedId) {
      this.#ackedId = id;
      this.#ackedMask.copyFrom(header.mask);
      this.#release();
    } else if (id === this.#ackedId) {
      this.#ackedMask.or(header.mask);
      this.#release();
    }
    return this.#sample(id, header.processingTimeMs, nowMs);
  }

  /** The first packet from `fromId` on that was sent for the last time more than `resendMs` ago. */
  nextDue(fromId: number, resendMs: number, nowMs: number): SentPacket | undefined {
    for (let id = Math.max(fromId, this.#oldestId); id < this.#nextId; id++) {
      const slot = this.#slots[id % this.#window]!;
      if (slot.isHeld && nowMs > slot.lastSentMs + resendMs) return slot;
    }
    return undefined;
  }

  /** One that `nextDue` has found is sent again. */
  noteResent(slot: SentPacket, nowMs: number): void {
    slot.lastSentMs = nowMs;
    if (!slot.isResent) this.#heldResent++;
    slot.isResent = true;
  }

  /** Last transmission of the packet that has waited longest; Infinity: nothing waits. */
  get earliestSentMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    if (this.#held === 0) return earliestMs;
    if (this.#heldResent === 0) return this.#slots[this.#oldestId % this.#window]!.lastSentMs;
    for (let id = this.#oldestId; id < this.#nextId; id++) {
      const slot = this.#slots[id % this.#window]!;
      if (slot.isHeld) earliestMs = Math.min(earliestMs, slot.lastSentMs);
    }
    return earliestMs;
  }

  #nextSlot(): SentPacket {
    const index = this.#nextId % this.#window;
    const slot = this.#slots[index] ?? new SentPacket();
    if (slot.isHeld) throw new RangeError(`Cannot send a packet: the window must have room, got ${this.#held} in it`);
    this.#slots[index] = slot;
    return slot;
  }

  #isReleased(id: number): boolean {
    const distance = this.#ackedId - id;
    return distance >= 0 && (distance >= this.#window || this.#ackedMask.has(distance));
  }

  #release(): void {
    const end = Math.min(this.#ackedId, this.#nextId - 1);
    for (let id = this.#oldestId; id <= end; id++) {
      const slot = this.#slots[id % this.#window]!;
      if (!slot.isHeld || !this.#isReleased(id)) continue;
      slot.isHeld = false;
      this.#held--;
      if (slot.isResent) this.#heldResent--;
    }
    while (this.#oldestId < this.#nextId && !this.#slots[this.#oldestId % this.#window]!.isHeld) this.#oldestId++;
  }

  /** Only the acked id counts, never the mask; once, from its first transmission, while its slot is still its own. */
  #sample(id: number, processingTimeMs: number, nowMs: number): number | undefined {
    const slot = this.#slots[id % this.#window];
    if (slot === undefined || slot.id !== id || slot.isSampled || id > LAST_TIMED_ID) return undefined;
    slot.isSampled = true;
    return Math.max(nowMs - slot.firstSentMs - processingTimeMs, 1);
  }
}
