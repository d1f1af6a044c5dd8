// One direction of a network on a virtual clock: delay, jitter, loss and duplication, seeded. Never sleeps, never changes bytes.
import type { VirtualClock } from "./virtual-clock.js";

export interface LinkOptions {
  readonly delayMs?: number;
  /** Added to each packet, uniform in [0, jitterMs): order may change. */
  readonly jitterMs?: number;
  readonly lossRatio?: number;
  readonly duplicateRatio?: number;
}

export class VirtualLink {
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #deliver: (packet: Uint8Array) => void;
  options: LinkOptions;
  sent = 0;
  lost = 0;

  constructor(clock: VirtualClock, random: () => number, options: LinkOptions, deliver: (packet: Uint8Array) => void) {
    this.#clock = clock;
    this.#random = random;
    this.options = options;
    this.#deliver = deliver;
  }

  /** Takes the bytes at once, as a socket does. */
  send(packet: Uint8Array): void {
    this.sent++;
    if (this.#random() < (this.options.lossRatio ?? 0)) {
      this.lost++;
      return;
    }
    const copies = this.#random() < (this.options.duplicateRatio ?? 0) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const bytes = packet.slice();
      const travelMs = (this.options.delayMs ?? 0) + this.#random() * (this.options.jitterMs ?? 0);
      this.#clock.at(this.#clock.nowMs() + travelMs, () => this.#deliver(bytes));
    }
  }
}
