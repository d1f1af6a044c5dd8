// The header of the ReliableSequenced stage as bytes: one class per window size. Layout only: no state of a connection, no decisions.
import { AckMask } from "./ack-mask.js";

const FIXED_BYTES = 8;
const SMALL_WINDOW = 32;
const LARGE_WINDOW = 64;
export const RELIABLE_TYPE = { payload: 0, ack: 1 } as const;
export type ReliableType = keyof typeof RELIABLE_TYPE;

/** Bytes of the whole ack mask: 4 for a window up to 32, 8 up to 64, an eighth of a larger one. */
export function maskBytesOf(window: number): number {
  if (window <= SMALL_WINDOW) return 4;
  return window <= LARGE_WINDOW ? 8 : window / 8;
}

/** Largest header: 12, 16, or 8 + window / 8 bytes. Sizes of messages are computed with it. */
export function reliableHeaderBytes(window: number): number {
  return FIXED_BYTES + maskBytesOf(window);
}

/**
 * One header, read or about to be written; reused, nothing is allocated per packet.
 *
 * Layout: `type u8 | mask length u8 | processing time u16le | sequence u16le | acked u16le | mask`
 *
 * The mask length is 0 for a window up to 64, whose mask is whole; above it, 1 to window / 8 bytes follow, and those left out are ones.
 *
 * @see protocol page, 6.4.1
 */
export class ReliableHeader {
  type: ReliableType = "payload";
  /** 0..65535 ms since the sender of this header received the packet named in `acked`. */
  processingTimeMs = 0;
  /** Low 16 bits; 0 in acks. */
  sequence = 0;
  /** Low 16 bits of the highest id received; 65535 if none. */
  acked = 0xffff;
  readonly mask: AckMask;
  /** Bytes of the header as it was read last. */
  lengthBytes = 0;
  readonly #isVariable: boolean;

  /**
   * @param window A multiple of 8, 8..2040; both ends have the same.
   * @param mask Kept, not copied: a header that is only written shows whatever its owner's mask is at the moment.
   */
  constructor(window: number, mask = new AckMask(maskBytesOf(window), "ones")) {
    this.#isVariable = window > LARGE_WINDOW;
    this.mask = mask;
  }

  /** Reads the header that `bytes` begin with. False: cut short, or not one of this window's class. */
  read(bytes: Uint8Array): boolean {
    if (bytes.length < FIXED_BYTES || bytes[0]! > RELIABLE_TYPE.ack) return false;
    const lengthField = bytes[1]!;
    const maskBytes = this.#isVariable ? lengthField : this.mask.bytes.length;
    const isOfClass = this.#isVariable ? maskBytes > 0 && maskBytes <= this.mask.bytes.length : lengthField === 0;
    if (!isOfClass || bytes.length < FIXED_BYTES + maskBytes) return false;
    this.type = bytes[0] === RELIABLE_TYPE.ack ? "ack" : "payload";
    this.processingTimeMs = bytes[2]! | (bytes[3]! << 8);
    this.sequence = bytes[4]! | (bytes[5]! << 8);
    this.acked = bytes[6]! | (bytes[7]! << 8);
    this.lengthBytes = FIXED_BYTES + maskBytes;
    this.mask.bytes.set(bytes.subarray(FIXED_BYTES, this.lengthBytes));
    this.mask.bytes.fill(0xff, maskBytes);
    return true;
  }

  /** Bytes that `write` writes: with a window above 64 and `isTrimmed`, trailing ones of the mask are left out. */
  writtenBytes(isTrimmed: boolean): number {
    return FIXED_BYTES + (this.#isVariable && isTrimmed ? this.mask.trimmedBytes : this.mask.bytes.length);
  }

  /** Writes `lengthBytes`, as `writtenBytes` said, at `at`; fields are cut to their low 16 bits. */
  write(target: Uint8Array, at: number, lengthBytes: number): void {
    const maskBytes = lengthBytes - FIXED_BYTES;
    target[at] = RELIABLE_TYPE[this.type];
    target[at + 1] = this.#isVariable ? maskBytes : 0;
    target[at + 2] = this.processingTimeMs & 0xff;
    target[at + 3] = this.processingTimeMs >> 8;
    target[at + 4] = this.sequence & 0xff;
    target[at + 5] = this.sequence >> 8;
    target[at + 6] = this.acked & 0xff;
    target[at + 7] = this.acked >> 8;
    for (let i = 0; i < maskBytes; i++) target[at + FIXED_BYTES + i] = this.mask.bytes[i]!;
  }
}
