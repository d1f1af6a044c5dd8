// The Fragmentation stage of one connection: cuts messages into packets, puts packets together again. Repairs no loss.
import { OutgoingPacket } from "./outgoing-packet.js";
import type { FragmentationSettings } from "./pipeline-settings.js";
import type { Inlet, PipelineSink, Stage, StageContext } from "./pipeline-stage.js";
import { Reassembly } from "./reassembly.js";

export const FRAGMENTATION_HEADER_BYTES = 2;
const FIRST = 0x8000;
const LAST = 0x4000;
/** 14 bits: they count packets, across messages. */
const COUNTER_MASK = 0x3fff;

/** Fragments are built here: whoever is below has taken the bytes when `send` returns. */
const fragment = new OutgoingPacket();

/**
 * Header, u16le: `first 0x8000 | last 0x4000 | packet counter 14 bits`.
 *
 * @see protocol page, 6.2
 */
export class Fragmentation implements Stage {
  above: Inlet;
  readonly #context: StageContext;
  readonly #sink: PipelineSink;
  readonly #reassembly: Reassembly;
  #nextCounter = 0;
  /** Counter that continues what has arrived; a first fragment brings its own. */
  #expected = 0;
  /** A fragment is missing: what follows is of no use until the next first one. */
  #isDiscarding = false;

  constructor(settings: FragmentationSettings, context: StageContext, sink: PipelineSink, above: Inlet) {
    this.#context = context;
    this.#sink = sink;
    this.above = above;
    this.#reassembly = new Reassembly(settings.payloadCapacityBytes);
  }

  /** Bytes of one fragment, headers of earlier stages included; every fragment but the last has this size. */
  get blockBytes(): number {
    return this.#sink.maxBodyBytes - this.#context.headroomBytes;
  }

  /** Packets that a message of `messageBytes` becomes; an empty one is a packet too. */
  packetsOf(messageBytes: number): number {
    return Math.max(1, Math.ceil(messageBytes / this.blockBytes));
  }

  send(packet: OutgoingPacket, nowMs: number): boolean {
    return this.split(packet.view, nowMs);
  }

  /** Sends a message as one packet or several. False: one was not taken, the message is lost and its rest is not sent. */
  split(message: Uint8Array, nowMs: number): boolean {
    const blockBytes = this.blockBytes;
    let from = 0;
    do {
      const to = Math.min(from + blockBytes, message.length);
      fragment.fill(message, from, to, this.#context.headroomBytes);
      this.#writeHeader((from === 0 ? FIRST : 0) | (to === message.length ? LAST : 0));
      if (!this.#context.below.send(fragment, nowMs)) return false;
      from = to;
    } while (from < message.length);
    return true;
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    if (bytes.length < FRAGMENTATION_HEADER_BYTES) return this.#discard(1);
    const header = bytes[0]! | (bytes[1]! << 8);
    const isFirst = (header & FIRST) !== 0;
    const isLast = (header & LAST) !== 0;
    if (!this.#isNext(isFirst, header & COUNTER_MASK)) return;
    const part = bytes.subarray(FRAGMENTATION_HEADER_BYTES);
    // A message in one piece is not held to the capacity, as in Unity.
    if (isFirst && isLast) this.above.receive(part, nowMs);
    else if (!this.#reassembly.append(part)) this.#loseMessage();
    else if (isLast) this.#complete(nowMs);
  }

  /** Whether this packet continues what has arrived, or begins anew; counts what is lost by it. */
  #isNext(isFirst: boolean, counter: number): boolean {
    if (isFirst) {
      this.#discard(this.#reassembly.clear());
      this.#isDiscarding = false;
    } else if (this.#isDiscarding) {
      this.#discard(1);
      return false;
    } else if (counter !== this.#expected) {
      this.#loseMessage();
      return false;
    }
    this.#expected = (counter + 1) & COUNTER_MASK;
    return true;
  }

  #complete(nowMs: number): void {
    const message = this.#reassembly.view;
    if (this.#reassembly.clear() > 1) this.#context.counters.reassembled++;
    this.above.receive(message, nowMs);
  }

  /** The fragment in hand and those before it are lost, and so are those behind it. */
  #loseMessage(): void {
    this.#discard(1 + this.#reassembly.clear());
    this.#isDiscarding = true;
  }

  #discard(packets: number): void {
    this.#context.counters.dropped += packets;
  }

  #writeHeader(flags: number): void {
    const header = flags | this.#nextCounter;
    this.#nextCounter = (this.#nextCounter + 1) & COUNTER_MASK;
    const at = fragment.prepend(FRAGMENTATION_HEADER_BYTES);
    fragment.bytes[at] = header & 0xff;
    fragment.bytes[at + 1] = header >> 8;
  }
}
