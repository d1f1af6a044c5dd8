// The payload of a quick load: a mark, the client's number and a sequence number, then seeded filling. An echo is known by its bytes.
import { Random } from "./random.js";

/** `"UTPL" | client u32le | sequence u64le`: what a payload needs room for, so that its echo can be told. */
export const MARK_BYTES = 16;
const MARK = [0x55, 0x54, 0x50, 0x4c];
const HIGH = 0x1_0000_0000;

/** Writes and recognises the messages of one client. The same seed and number give the same bytes. */
export class MarkedPayload {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #client: number;

  /** @param sizeBytes Size of every message, >= 0. Under 16 bytes there is no room for the mark: no echo will be recognised. */
  constructor(seed: number, client: number, sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.#client = client >>> 0;
    new Random(seed, client).fill(this.#bytes);
    if (this.isMarked) {
      this.#bytes.set(MARK);
      this.#view.setUint32(4, this.#client, true);
    }
  }

  get isMarked(): boolean {
    return this.#bytes.length >= MARK_BYTES;
  }

  /** The message with this sequence number, 0 .. 2^53 - 1. The same buffer each time: sent before the next call. */
  write(sequence: number): Uint8Array {
    if (this.isMarked) {
      this.#view.setUint32(8, sequence >>> 0, true);
      this.#view.setUint32(12, Math.floor(sequence / HIGH), true);
    }
    return this.#bytes;
  }

  /** The sequence number of an echo of one of this client's messages; -1: something else. Never throws. */
  sequenceOf(payload: Uint8Array): number {
    if (!this.isMarked || payload.length !== this.#bytes.length) return -1;
    for (let i = 0; i < MARK.length; i++) if (payload[i] !== MARK[i]) return -1;
    if (uint32At(payload, 4) !== this.#client) return -1;
    return uint32At(payload, 8) + uint32At(payload, 12) * HIGH;
  }
}

function uint32At(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>> 0;
}
