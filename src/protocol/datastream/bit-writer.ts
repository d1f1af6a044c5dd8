// Bits and whole bytes into a buffer that the caller owns, in the order that UTP has them (protocol page 8.1, 8.2). Knows nothing
// of types beyond whole numbers of up to 32 bits; never grows the buffer, never allocates.
import { checkBitCount, MAX_RAW_BITS } from "./bit-count.js";

/**
 * First bit written: lowest bit of the first byte. Every write says whether it had room. One that had none changes nothing but
 * `failedWrites`, and later ones that do fit are written.
 */
export class BitWriter {
  #buffer: Uint8Array;
  #lengthBits = 0;
  #failedWrites = 0;

  /** @param buffer The caller's; its length is the capacity. Bytes beyond `lengthBytes` may have any value. */
  constructor(buffer: Uint8Array) {
    this.#buffer = buffer;
  }

  /** Starts anew in a buffer, by default the same one. Forgets failures. */
  reset(buffer: Uint8Array = this.#buffer): void {
    this.#buffer = buffer;
    this.#lengthBits = 0;
    this.#failedWrites = 0;
  }

  get capacityBytes(): number {
    return this.#buffer.length;
  }

  /** Written so far; a partial byte counts as one. It is complete in the buffer, with zero bits: no flush is needed to send it. */
  get lengthBytes(): number {
    return (this.#lengthBits + 7) >>> 3;
  }

  get lengthBits(): number {
    return this.#lengthBits;
  }

  /** Writes that were skipped for want of room. A message with any must not be sent: Unity's EndSend fails with -4. */
  get failedWrites(): number {
    return this.#failedWrites;
  }

  get hasFailedWrites(): boolean {
    return this.#failedWrites > 0;
  }

  /** A view of what was written. */
  get written(): Uint8Array {
    return this.#buffer.subarray(0, this.lengthBytes);
  }

  /**
   * Appends the low `bitCount` bits of `value`, lowest first, without aligning.
   *
   * @param bitCount 0..32.
   * @throws {RangeError} If bitCount is anything else.
   */
  writeRawBits(value: number, bitCount: number): boolean {
    checkBitCount("write", bitCount);
    if (bitCount === 0) return true;
    const buffer = this.#buffer;
    const start = this.#lengthBits;
    if (start + bitCount > buffer.length * 8) return this.#fail();
    let rest = (value & (0xffff_ffff >>> (MAX_RAW_BITS - bitCount))) >>> 0;
    let left = bitCount;
    let index = start >>> 3;
    const usedBits = start & 7;
    if (usedBits > 0) {
      buffer[index]! |= rest << usedBits;
      rest >>>= 8 - usedBits;
      left -= 8 - usedBits;
      index++;
    }
    // A byte is stored, not added to: what lay in the buffer before does not show.
    for (; left > 0; left -= 8) {
      buffer[index++] = rest;
      rest >>>= 8;
    }
    this.#lengthBits = start + bitCount;
    return true;
  }

  /** Completes a partial byte with zero bits. */
  flush(): void {
    this.#lengthBits = this.lengthBytes * 8;
  }

  /** The low 8 bits of `value`. Like all whole-byte writes, flushes first. */
  writeByte(value: number): boolean {
    const start = this.#reserve(1);
    if (start < 0) return false;
    this.#buffer[start] = value;
    return true;
  }

  /** The low 16 bits of `value`, low byte first. */
  writeUShort(value: number): boolean {
    const start = this.#reserve(2);
    if (start < 0) return false;
    this.#buffer[start] = value;
    this.#buffer[start + 1] = value >>> 8;
    return true;
  }

  /** The low 32 bits of `value`, low byte first. */
  writeUInt(value: number): boolean {
    const start = this.#reserve(4);
    if (start < 0) return false;
    const buffer = this.#buffer;
    buffer[start] = value;
    buffer[start + 1] = value >>> 8;
    buffer[start + 2] = value >>> 16;
    buffer[start + 3] = value >>> 24;
    return true;
  }

  /** The first `byteCount` bytes, by default all; no length is written. `byteCount` is at most `bytes.length`. */
  writeBytes(bytes: Uint8Array, byteCount: number = bytes.length): boolean {
    const start = this.#reserve(byteCount);
    if (start < 0) return false;
    if (byteCount === bytes.length) this.#buffer.set(bytes, start);
    else for (let i = 0; i < byteCount; i++) this.#buffer[start + i] = bytes[i]!;
    return true;
  }

  /** Takes back what was written since the length was `lengthBits`: the end of a write of several parts that had no room for all. */
  protected rewind(lengthBits: number): false {
    const keptBits = lengthBits & 7;
    if (keptBits > 0) this.#buffer[lengthBits >>> 3]! &= (1 << keptBits) - 1;
    this.#lengthBits = lengthBits;
    return false;
  }

  /** Where the next whole bytes go, or -1 without room for them. */
  #reserve(byteCount: number): number {
    const start = this.lengthBytes;
    if (start + byteCount > this.#buffer.length) {
      this.#failedWrites++;
      return -1;
    }
    this.#lengthBits = (start + byteCount) * 8;
    return start;
  }

  #fail(): false {
    this.#failedWrites++;
    return false;
  }
}
