// Packed numbers and their deltas (protocol page 8.3, 8.4). Never aligns: what is packed follows bit upon bit.
import { BitWriter } from "./bit-writer.js";
import { BASES, bucketOf, CODE_BITS, CODE_WORDS, EXTRA_BITS } from "./compression-model.js";
import { floatBits, floatFromBits, Words, zigZag } from "./words.js";

/** One write at a time: filled and emptied within a call. */
const words = new Words();
const baselineWords = new Words();

/** Integers are taken modulo 2^32 or 2^64. A write of several parts is written whole or not at all. */
export class PackedWriter extends BitWriter {
  /** 2..38 bits: the smaller the fewer. */
  writePackedUInt(value: number): boolean {
    const unsigned = value >>> 0;
    const bucket = bucketOf(unsigned);
    const code = CODE_WORDS[bucket]!;
    const codeBits = CODE_BITS[bucket]!;
    const extraBits = EXTRA_BITS[bucket]!;
    const extra = unsigned - BASES[bucket]!;
    if (codeBits + extraBits <= 32) return this.writeRawBits(code | (extra << codeBits), codeBits + extraBits);
    const start = this.lengthBits;
    return (this.writeRawBits(code, codeBits) && this.writeRawBits(extra, extraBits)) || this.rewind(start);
  }

  writePackedInt(value: number): boolean {
    return this.writePackedUInt(zigZag(value));
  }

  /** 4..76 bits. */
  writePackedULong(value: bigint): boolean {
    words.setLong(value);
    return this.writePackedULongWords(words.low, words.high);
  }

  writePackedLong(value: bigint): boolean {
    words.setLong(value);
    return this.writePackedLongWords(words.low, words.high);
  }

  /** {@link writePackedULong} of `high * 2^32 + low`, without a bigint. */
  writePackedULongWords(low: number, high: number): boolean {
    const start = this.lengthBits;
    return (this.writePackedUInt(low) && this.writePackedUInt(high)) || this.rewind(start);
  }

  /** {@link writePackedLong} of the two's complement `high`, `low`, without a bigint. */
  writePackedLongWords(low: number, high: number): boolean {
    words.set(low, high).zigZag();
    return this.writePackedULongWords(words.low, words.high);
  }

  /** 1 bit for 0 and -0, else 33. */
  writePackedFloat(value: number): boolean {
    return this.writePackedFloatDeltaBits(floatBits(value), 0);
  }

  /** 1 bit for 0 and -0, else 65. */
  writePackedDouble(value: number): boolean {
    return this.writePackedDoubleDelta(value, 0);
  }

  writePackedUIntDelta(value: number, baseline: number): boolean {
    return this.writePackedInt(baseline - value);
  }

  /** The bytes of {@link writePackedUIntDelta}; readers differ in the sign. */
  writePackedIntDelta(value: number, baseline: number): boolean {
    return this.writePackedInt(baseline - value);
  }

  writePackedULongDelta(value: bigint, baseline: bigint): boolean {
    return this.writePackedLongDelta(value, baseline);
  }

  /** The bytes of {@link writePackedULongDelta}; readers differ in the sign. */
  writePackedLongDelta(value: bigint, baseline: bigint): boolean {
    words.setLong(value);
    baselineWords.setLong(baseline);
    return this.writePackedLongDeltaWords(words.low, words.high, baselineWords.low, baselineWords.high);
  }

  /** {@link writePackedLongDelta} and {@link writePackedULongDelta} without bigints. */
  writePackedLongDeltaWords(low: number, high: number, baselineLow: number, baselineHigh: number): boolean {
    words.set(low, high).subtractFrom(baselineLow, baselineHigh).zigZag();
    return this.writePackedULongWords(words.low, words.high);
  }

  /** 1 bit if both are the same float (0 and -0 are, a NaN never is), else 33. */
  writePackedFloatDelta(value: number, baseline: number): boolean {
    return this.writePackedFloatDeltaBits(floatBits(value), baseline);
  }

  /** 1 bit if both are equal, else 65. */
  writePackedDoubleDelta(value: number, baseline: number): boolean {
    words.setDouble(value);
    return this.writePackedDoubleDeltaBits(words.low, words.high, baseline);
  }

  /** {@link writePackedFloatDelta} of a float given as its bits: sign and payload of a NaN are kept. */
  writePackedFloatDeltaBits(bits: number, baseline: number): boolean {
    if (floatFromBits(bits) === Math.fround(baseline)) return this.writeRawBits(0, 1);
    const start = this.lengthBits;
    return (this.writeRawBits(1, 1) && this.writeRawBits(bits, 32)) || this.rewind(start);
  }

  /** {@link writePackedDoubleDelta} of a double given as its bits: sign and payload of a NaN are kept. */
  writePackedDoubleDeltaBits(low: number, high: number, baseline: number): boolean {
    if (words.set(low, high).double === baseline) return this.writeRawBits(0, 1);
    const start = this.lengthBits;
    const isWritten = this.writeRawBits(1, 1) && this.writeRawBits(low, 32) && this.writeRawBits(high, 32);
    return isWritten || this.rewind(start);
  }
}
