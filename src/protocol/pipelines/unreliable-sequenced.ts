// The UnreliableSequenced stage of one connection: numbers packets, lets only newer ones through. Keeps and repairs nothing.
import type { OutgoingPacket } from "./outgoing-packet.js";
import type { Inlet, Stage, StageContext } from "./pipeline-stage.js";
import { isNewer } from "./sequence-numbers.js";

export const UNRELIABLE_SEQUENCED_HEADER_BYTES = 2;

/**
 * Header: `sequence u16le`, from 0.
 *
 * @see protocol page, 6.3
 */
export class UnreliableSequenced implements Stage {
  above: Inlet;
  readonly #context: StageContext;
  #next = 0;
  #last = 0xffff;

  constructor(context: StageContext, above: Inlet) {
    this.#context = context;
    this.above = above;
  }

  send(packet: OutgoingPacket, nowMs: number): boolean {
    const at = packet.prepend(UNRELIABLE_SEQUENCED_HEADER_BYTES);
    packet.bytes[at] = this.#next & 0xff;
    packet.bytes[at + 1] = this.#next >> 8;
    this.#next = (this.#next + 1) & 0xffff;
    return this.#context.below.send(packet, nowMs);
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    const { counters } = this.#context;
    if (bytes.length < UNRELIABLE_SEQUENCED_HEADER_BYTES) {
      counters.dropped++;
      return;
    }
    const sequence = bytes[0]! | (bytes[1]! << 8);
    if (!isNewer(sequence, this.#last)) {
      if (sequence === this.#last) counters.duplicates++;
      else counters.dropped++;
      return;
    }
    this.#last = sequence;
    this.above.receive(bytes.subarray(UNRELIABLE_SEQUENCED_HEADER_BYTES), nowMs);
  }
}
