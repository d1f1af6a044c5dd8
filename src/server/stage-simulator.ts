// Unity's simulator stage of one pipeline of one connection, protocol page 7.1: decides packet by packet, in Unity's order, and holds
// what is delayed. Seeded: the same packets at the same times meet the same fate. Knows no socket.
import { seededRandom } from "./seeded-random.js";
import type { FaultCounts } from "./server-stats.js";
import type { StageSimulatorOptions } from "./simulator-options.js";

/** Sends a packet on its way; false: not taken, to be tried again. */
export type Onward = (packet: Uint8Array, nowMs: number) => boolean;

interface HeldPacket {
  readonly packet: Uint8Array;
  readonly dueMs: number;
}

/** One direction: what is held of it, the earliest due first, and where it goes. */
class Store {
  readonly onward: Onward;
  readonly held: HeldPacket[] = [];

  constructor(onward: Onward) {
    this.onward = onward;
  }

  hold(packet: Uint8Array, dueMs: number): void {
    let at = this.held.length;
    while (at > 0 && this.held[at - 1]!.dueMs > dueMs) at--;
    this.held.splice(at, 0, { packet, dueMs });
  }

  release(nowMs: number): void {
    while (this.held.length > 0 && this.held[0]!.dueMs <= nowMs) {
      const first = this.held.shift()!;
      if (this.onward(first.packet, nowMs)) continue;
      this.held.unshift(first);
      return;
    }
  }
}

export class StageSimulator {
  readonly #options: Required<StageSimulatorOptions>;
  readonly #counts: FaultCounts;
  readonly #random: () => number;
  readonly #sent: Store;
  readonly #received: Store;
  /** Packets and copies so far, both directions together. */
  #count = 0;

  /** @param sendOn Where packets that are sent go; `receiveOn`: those that were received. */
  constructor(
    options: Required<StageSimulatorOptions>,
    seed: number,
    counts: FaultCounts,
    sendOn: Onward,
    receiveOn: Onward,
  ) {
    this.#options = options;
    this.#counts = counts;
    this.#random = seededRandom(seed);
    this.#sent = new Store(sendOn);
    this.#received = new Store(receiveOn);
  }

  /** Packets that are held, both directions. */
  get heldCount(): number {
    return this.#sent.held.length + this.#received.held.length;
  }

  /** The view is valid during the call only. False: not taken. */
  send(packet: Uint8Array, nowMs: number): boolean {
    const { mode } = this.#options;
    if (mode === "received" || mode === "off") return this.#sent.onward(packet, nowMs);
    return this.#handle(this.#sent, packet, nowMs);
  }

  receive(packet: Uint8Array, nowMs: number): void {
    const { mode } = this.#options;
    if (mode === "sent" || mode === "off") this.#received.onward(packet, nowMs);
    else this.#handle(this.#received, packet, nowMs);
  }

  /** Start of an update: what is due goes on. */
  release(nowMs: number): void {
    this.#sent.release(nowMs);
    this.#received.release(nowMs);
  }

  #handle(store: Store, packet: Uint8Array, nowMs: number): boolean {
    if (packet.length > this.#options.maxPacketBytes) return store.onward(packet, nowMs);
    this.#count++;
    if (this.#isDropped()) {
      this.#counts.dropped++;
      return true;
    }
    const fuzzed = store === this.#sent ? this.#fuzz(packet) : packet;
    if (this.#isChosen(this.#options.duplicatePercent)) this.#copy(store, fuzzed, nowMs);
    return this.#delay(store, fuzzed, nowMs);
  }

  #isDropped(): boolean {
    const { dropInterval, dropPercent } = this.#options;
    return (dropInterval > 0 && (this.#count - 1) % dropInterval === 0) || this.#isChosen(dropPercent);
  }

  /** The packet itself, or a copy with bits flipped. */
  #fuzz(packet: Uint8Array): Uint8Array {
    const { fuzzPercent, fuzzOffsetBytes } = this.#options;
    // One in a hundred more than the factor says: Unity's comparison lets equality through.
    if (fuzzPercent === 0 || this.#percent() > fuzzPercent) return packet;
    const fuzzed = new Uint8Array(packet);
    for (let at = fuzzOffsetBytes; at < fuzzed.length; at++) {
      for (let bit = 0; bit < 8; bit++) if (this.#isChosen(fuzzPercent)) fuzzed[at]! ^= 1 << bit;
    }
    this.#counts.fuzzed++;
    return fuzzed;
  }

  #copy(store: Store, packet: Uint8Array, nowMs: number): void {
    if (store.held.length >= this.#options.maxPackets) return;
    this.#count++;
    this.#counts.duplicated++;
    store.hold(new Uint8Array(packet), nowMs + this.#delayMs());
  }

  #delay(store: Store, packet: Uint8Array, nowMs: number): boolean {
    const { delayMs, jitterMs, maxPackets } = this.#options;
    if (delayMs + jitterMs === 0 || store.held.length >= maxPackets) return store.onward(packet, nowMs);
    this.#counts.delayed++;
    store.hold(new Uint8Array(packet), nowMs + this.#delayMs());
    return true;
  }

  /** From D - J to D + J - 1, never below 0. */
  #delayMs(): number {
    const { delayMs, jitterMs } = this.#options;
    if (jitterMs === 0) return delayMs;
    return Math.max(0, delayMs + Math.floor(this.#random() * 2 * jitterMs) - jitterMs);
  }

  #isChosen(percent: number): boolean {
    return percent > 0 && this.#percent() < percent;
  }

  /** 0..99. */
  #percent(): number {
    return Math.floor(this.#random() * 100);
  }
}
