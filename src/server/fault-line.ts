// Fault injection on what the server sends, the plain model of protocol page 7.4: loss, duplicates, delay with the order kept.
// Seeded: the same seed and the same messages give the same faults.

import { seededRandom } from "./seeded-random.js";
import type { ServerClient } from "./server-client.js";
import type { ResolvedFaults } from "./server-options.js";
import type { FaultCounts } from "./server-stats.js";

interface HeldPacket {
  readonly packet: Uint8Array;
  readonly dueMs: number;
}

/** Sends a packet on; false: no room now, to be tried again. */
export type Transmit = (client: ServerClient, packet: Uint8Array) => boolean;

/** What stands between a server's packets and its sockets. The upgrade and WebSocket control frames never come here. */
export interface OutgoingFaults {
  /** Whether there is anything to inject; without, packets need not come here. */
  readonly isActive: boolean;
  /** Whether the Close of this client must wait for packets that are held. */
  delaysClose(client: ServerClient): boolean;
  /** One packet on its way out. False: it was neither sent nor lost nor held, there is no room. */
  offer(client: ServerClient, packet: Uint8Array, nowMs: number, transmit: Transmit): boolean;
  /** Sends on what is due; `freed` hears of each client whose Close need not wait any more. */
  release(nowMs: number, transmit: Transmit, freed: (client: ServerClient) => void): void;
  /** The client is gone, and what was held for it is counted. */
  forget(client: ServerClient): void;
}

export class FaultLine implements OutgoingFaults {
  readonly #faults: Omit<ResolvedFaults, "stall">;
  readonly #counts: FaultCounts;
  readonly #random: () => number;
  readonly #held = new Map<ServerClient, HeldPacket[]>();

  constructor(faults: Omit<ResolvedFaults, "stall">, seed: number, counts: FaultCounts) {
    this.#faults = faults;
    this.#counts = counts;
    this.#random = seededRandom(seed);
  }

  get isActive(): boolean {
    const { latencyMs, slow, jitterMs, dropRatio, duplicateRatio } = this.#faults;
    return latencyMs > 0 || slow !== undefined || jitterMs > 0 || dropRatio > 0 || duplicateRatio > 0;
  }

  delaysClose(client: ServerClient): boolean {
    return this.#held.has(client);
  }

  offer(client: ServerClient, packet: Uint8Array, nowMs: number, transmit: Transmit): boolean {
    const { dropRatio, duplicateRatio } = this.#faults;
    if (dropRatio > 0 && this.#random() < dropRatio) {
      this.#counts.dropped++;
      return true;
    }
    const isTwice = duplicateRatio > 0 && this.#random() < duplicateRatio;
    if (!this.#pass(client, packet, nowMs, transmit)) return false;
    if (isTwice && this.#pass(client, packet, nowMs, transmit)) this.#counts.duplicated++;
    return true;
  }

  /** Nothing leaves before what came earlier for the same client. */
  release(nowMs: number, transmit: Transmit, freed: (client: ServerClient) => void): void {
    for (const [client, packets] of this.#held) {
      let sent = 0;
      while (sent < packets.length && packets[sent]!.dueMs <= nowMs && transmit(client, packets[sent]!.packet)) sent++;
      if (sent === 0) continue;
      packets.splice(0, sent);
      if (packets.length > 0) continue;
      this.#held.delete(client);
      freed(client);
    }
  }

  forget(client: ServerClient): void {
    this.#counts.discarded += this.#held.get(client)?.length ?? 0;
    this.#held.delete(client);
  }

  #pass(client: ServerClient, packet: Uint8Array, nowMs: number, transmit: Transmit): boolean {
    const delayMs = this.#delayMs();
    // Even without a delay, nothing overtakes what is held.
    if (delayMs === 0 && !this.#held.has(client)) return transmit(client, packet);
    const packets = this.#held.get(client) ?? [];
    if (packets.length === 0) this.#held.set(client, packets);
    packets.push({ packet: new Uint8Array(packet), dueMs: nowMs + delayMs });
    this.#counts.delayed++;
    return true;
  }

  #delayMs(): number {
    const { latencyMs, slow, jitterMs } = this.#faults;
    const baseMs = slow !== undefined && this.#random() < slow.ratio ? slow.latencyMs : latencyMs;
    return baseMs + (jitterMs > 0 ? this.#random() * jitterMs : 0);
  }
}
