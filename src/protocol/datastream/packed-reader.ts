// Packed numbers and their deltas, read (protocol page 8.3, 8.4). Never aligns, never throws on what the buffer holds.
import { BitReader } from "./bit-reader.js";
import { BASES, BUCKET_OF_PEEK, CODE_BITS, EXTRA_BITS, PEEK_BITS } from "./compression-model.js";
import { floatBits, floatFromBits, unZigZag, Words } from "./words.js";

/** One read at a time: filled and emptied within a call. */
const words = new Words();
const baselineWords = new Words();

/** A read of several parts is consumed whole or not at all; a failed one yields zero, whatever its baseline. */
export class PackedReader extends BitReader {
  /** 0 .. 2^32 - 1. */
  readPackedUInt(): number {
    const bucket = BUCKET_OF_PEEK[this.peekBits(PEEK_BITS)]!;
    const codeBits = CODE_BITS[bucket]!;
    const extraBits = EXTRA_BITS[bucket]!;
    if (codeBits + extraBits > this.remainingBits) return this.fail();
    this.readRawBits(codeBits);
    return (BASES[bucket]! + this.readRawBits(extraBits)) >>> 0;
  }

  readPackedInt(): number {
    return unZigZag(this.readPackedUInt());
  }

  readPackedULong(): bigint {
    this.readPackedULongWords(words);
    return words.ulong;
  }

  readPackedLong(): bigint {
    this.readPackedLongWords(words);
    return words.long;
  }

  /** {@link readPackedULong} without a bigint: into `target`. */
  readPackedULongWords(target: Words): void {
    const start = this.bitsRead;
    const failedBefore = this.failedReads;
    target.set(this.readPackedUInt(), this.readPackedUInt());
    if (this.hasFailedSince(start, failedBefore)) target.set(0, 0);
  }

  /** {@link readPackedLong} without a bigint: two's complement into `target`. */
  readPackedLongWords(target: Words): void {
    this.readPackedULongWords(target);
    target.unZigZag();
  }

  readPackedFloat(): number {
    return this.readPackedFloatDelta(0);
  }

  readPackedDouble(): number {
    return this.readPackedDoubleDelta(0);
  }

  readPackedUIntDelta(baseline: number): number {
    return this.readPackedIntDelta(baseline) >>> 0;
  }

  readPackedIntDelta(baseline: number): number {
    const failedBefore = this.failedReads;
    const difference = this.readPackedInt();
    return this.failedReads === failedBefore ? (baseline - difference) | 0 : 0;
  }

  readPackedULongDelta(baseline: bigint): bigint {
    baselineWords.setLong(baseline);
    this.readPackedLongDeltaWords(words, baselineWords.low, baselineWords.high);
    return words.ulong;
  }

  readPackedLongDelta(baseline: bigint): bigint {
    baselineWords.setLong(baseline);
    this.readPackedLongDeltaWords(words, baselineWords.low, baselineWords.high);
    return words.long;
  }

  /** {@link readPackedLongDelta} and {@link readPackedULongDelta} without bigints: into `target`. */
  readPackedLongDeltaWords(target: Words, baselineLow: number, baselineHigh: number): void {
    const failedBefore = this.failedReads;
    this.readPackedLongWords(target);
    if (this.failedReads === failedBefore) target.subtractFrom(baselineLow, baselineHigh);
  }

  readPackedFloatDelta(baseline: number): number {
    return floatFromBits(this.readPackedFloatDeltaBits(floatBits(baseline)));
  }

  readPackedDoubleDelta(baseline: number): number {
    baselineWords.setDouble(baseline);
    this.readPackedDoubleDeltaBits(words, baselineWords.low, baselineWords.high);
    return words.double;
  }

  /** {@link readPackedFloatDelta} as IEEE 754 bits, the baseline's too: sign and payload of a NaN are kept. */
  readPackedFloatDeltaBits(baselineBits: number): number {
    const start = this.bitsRead;
    const failedBefore = this.failedReads;
    const bits = this.#isUnchanged() ? baselineBits >>> 0 : this.readRawBits(32);
    return this.hasFailedSince(start, failedBefore) ? 0 : bits;
  }

  /** {@link readPackedDoubleDelta} as IEEE 754 bits, the baseline's too, into `target`: sign and payload of a NaN are kept. */
  readPackedDoubleDeltaBits(target: Words, baselineLow: number, baselineHigh: number): void {
    const start = this.bitsRead;
    const failedBefore = this.failedReads;
    if (this.#isUnchanged()) target.set(baselineLow, baselineHigh);
    else target.set(this.readRawBits(32), this.readRawBits(32));
    if (this.hasFailedSince(start, failedBefore)) target.set(0, 0);
  }

  #isUnchanged(): boolean {
    return this.readRawBits(1) === 0;
  }
}
