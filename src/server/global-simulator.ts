// Unity's global network simulator, protocol page 7.2: one store of held packets for all connections, which does not keep their order.
// Seeded; it never touches WebSocket control frames, and so no Close waits for it.
import { WEBSOCKET_PADDING_BYTES } from "../protocol/parameters.js";
import type { OutgoingFaults, Transmit } from "./fault-line.js";
import { seededRandom } from "./seeded-random.js";
import type { ServerClient } from "./server-client.js";
import type { FaultCounts } from "./server-stats.js";
import type { GlobalSimulatorOptions } from "./simulator-options.js";

interface HeldPacket {
  readonly client: ServerClient;
  readonly packet: Uint8Array;
  readonly dueMs: number;
}

export class GlobalSimulator implements OutgoingFaults {
  readonly isActive = true;
  readonly #options: Required<GlobalSimulatorOptions>;
  readonly #counts: FaultCounts;
  readonly #random: () => number;
  #held: HeldPacket[] = [];

  constructor(options: Required<GlobalSimulatorOptions>, seed: number, counts: FaultCounts) {
    this.#options = options;
    this.#counts = counts;
    this.#random = seededRandom(seed);
  }

  /** Whether a received packet gets through; false: it is lost, and counted. */
  passesIn(packet: Uint8Array): boolean {
    const { receiveLossRatio, receiveMtuBytes } = this.#options;
    const isTooLarge = packet.length + WEBSOCKET_PADDING_BYTES > receiveMtuBytes;
    if (!isTooLarge && !this.#happens(receiveLossRatio)) return true;
    this.#counts.dropped++;
    return false;
  }

  delaysClose(): boolean {
    return false;
  }

  offer(client: ServerClient, packet: Uint8Array, nowMs: number, transmit: Transmit): boolean {
    const { sendLossRatio, sendDuplicateRatio, sendDelayMs, sendJitterMs } = this.#options;
    if (this.#happens(sendLossRatio)) {
      this.#counts.dropped++;
      return true;
    }
    const isTwice = this.#happens(sendDuplicateRatio);
    if (sendDelayMs + sendJitterMs === 0) {
      if (!transmit(client, packet)) return false;
    } else {
      // Jitter only ever adds, and is none in half of the cases: that is what runs in Unity.
      this.#hold(client, packet, nowMs + sendDelayMs + Math.max(0, this.#jitter()));
      this.#counts.delayed++;
    }
    if (!isTwice) return true;
    this.#hold(client, packet, nowMs + sendDelayMs + this.#jitter());
    this.#counts.duplicated++;
    return true;
  }

  /** Of several that are due the first leaves first and then the last, the last but one, and so on: a gap is filled from the end. */
  release(nowMs: number, transmit: Transmit): void {
    const held = this.#held;
    for (let i = 0; i < held.length; ) {
      const { client, packet, dueMs } = held[i]!;
      if (dueMs > nowMs || !transmit(client, packet)) {
        i++;
        continue;
      }
      const last = held.pop()!;
      if (i < held.length) held[i] = last;
    }
  }

  forget(client: ServerClient): void {
    const kept = this.#held.filter((held) => held.client !== client);
    this.#counts.discarded += this.#held.length - kept.length;
    this.#held = kept;
  }

  #hold(client: ServerClient, packet: Uint8Array, dueMs: number): void {
    this.#held.push({ client, packet: new Uint8Array(packet), dueMs });
  }

  #happens(ratio: number): boolean {
    return ratio > 0 && this.#random() < ratio;
  }

  /** A whole number from -J to J - 1; 0 without jitter. */
  #jitter(): number {
    const { sendJitterMs } = this.#options;
    return sendJitterMs === 0 ? 0 : Math.floor(this.#random() * 2 * sendJitterMs) - sendJitterMs;
  }
}
