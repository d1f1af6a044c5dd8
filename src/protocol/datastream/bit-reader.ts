// Bits and whole bytes out of a buffer, in the order that UTP has them (protocol page 8.1, 8.2). Never throws on what the buffer
// holds, and never reads beyond it.
import { checkBitCount, MAX_RAW_BITS } from "./bit-count.js";

/** A read that would go beyond the end yields zero, consumes nothing and is counted in `failedReads`. */
export class BitReader {
  #buffer: Uint8Array;
  #positionBits = 0;
  #failedReads = 0;

  /** @param buffer Borrowed, not copied. */
  constructor(buffer: Uint8Array) {
    this.#buffer = buffer;
  }

  /** Starts anew in a buffer, by default the same one. Forgets failures. */
  reset(buffer: Uint8Array = this.#buffer): void {
    this.#buffer = buffer;
    this.#positionBits = 0;
    this.#failedReads = 0;
  }

  get lengthBytes(): number {
    return this.#buffer.length;
  }

  /** Consumed so far; a byte of which some bits were read counts. */
  get bytesRead(): number {
    return (this.#positionBits + 7) >>> 3;
  }

  get bitsRead(): number {
    return this.#positionBits;
  }

  /** Reads that got zero in place of a value. */
  get failedReads(): number {
    return this.#failedReads;
  }

  get hasFailedReads(): boolean {
    return this.#failedReads > 0;
  }

  /**
   * The next `bitCount` bits as an unsigned number, first one lowest, without aligning.
   *
   * @param bitCount 0..32.
   * @throws {RangeError} If bitCount is anything else.
   */
  readRawBits(bitCount: number): number {
    checkBitCount("read", bitCount);
    if (bitCount === 0) return 0;
    const start = this.#positionBits;
    if (start + bitCount > this.#buffer.length * 8) return this.fail();
    this.#positionBits = start + bitCount;
    let index = start >>> 3;
    let value = this.#buffer[index]! >>> (start & 7);
    for (let got = 8 - (start & 7); got < bitCount; got += 8) value |= this.#buffer[++index]! << got;
    return (value & (0xffff_ffff >>> (MAX_RAW_BITS - bitCount))) >>> 0;
  }

  /** Discards the unread bits of the current byte. */
  flush(): void {
    this.#positionBits = this.bytesRead * 8;
  }

  /** 0..255. Like all whole-byte reads, discards the unread bits of the current byte first. */
  readByte(): number {
    const start = this.#take(1);
    return start < 0 ? 0 : this.#buffer[start]!;
  }

  /** 0..65535. */
  readUShort(): number {
    const start = this.#take(2);
    if (start < 0) return 0;
    return this.#buffer[start]! | (this.#buffer[start + 1]! << 8);
  }

  /** 0 .. 2^32 - 1. */
  readUInt(): number {
    const start = this.#take(4);
    if (start < 0) return 0;
    const buffer = this.#buffer;
    const high = (buffer[start + 2]! << 16) | (buffer[start + 3]! << 24);
    return (buffer[start]! | (buffer[start + 1]! << 8) | high) >>> 0;
  }

  /** Fills `target` with the next bytes, and says whether there were as many; with zeros where not. */
  readBytes(target: Uint8Array): boolean {
    const start = this.#take(target.length);
    if (start < 0) {
      target.fill(0);
      return false;
    }
    target.set(this.#buffer.subarray(start, start + target.length));
    return true;
  }

  /** Passes over the next bytes, and says whether there were as many. */
  skipBytes(byteCount: number): boolean {
    return this.#take(byteCount) >= 0;
  }

  /** The next bits without consuming them; zeros beyond the end. At most 9. */
  protected peekBits(bitCount: number): number {
    const index = this.#positionBits >>> 3;
    const two = (this.#buffer[index] ?? 0) | ((this.#buffer[index + 1] ?? 0) << 8);
    return (two >>> (this.#positionBits & 7)) & ((1 << bitCount) - 1);
  }

  protected get remainingBits(): number {
    return this.#buffer.length * 8 - this.#positionBits;
  }

  /** Counts a failed read; zero, for the caller to hand on. */
  protected fail(): 0 {
    this.#failedReads++;
    return 0;
  }

  /**
   * Whether a read of several parts failed in one of them. It then counts as one failure, and nothing was consumed.
   *
   * @param startBits `bitsRead` to go back to. @param failedBefore `failedReads` before the parts.
   */
  protected hasFailedSince(startBits: number, failedBefore: number): boolean {
    if (this.#failedReads === failedBefore) return false;
    this.#failedReads = failedBefore + 1;
    this.#positionBits = startBits;
    return true;
  }

  /** Where the next whole bytes are, or -1 if there are not as many. */
  #take(byteCount: number): number {
    const start = this.bytesRead;
    if (start + byteCount > this.#buffer.length) {
      this.#failedReads++;
      return -1;
    }
    this.#positionBits = (start + byteCount) * 8;
    return start;
  }
}
