// Unity's DataStreamWriter: values of every type into a buffer that the caller owns (protocol page 8). Sends nothing, never grows
// the buffer, and allocates nothing for numbers and texts (a bigint is the caller's own allocation).
import {
  encodeFixedString,
  type FixedStringSize,
  type FixedStringValue,
  LARGEST_STRING_BYTES,
} from "./fixed-string.js";
import { PackedWriter } from "./packed-writer.js";
import { floatBits, Words } from "./words.js";

/** One write at a time: filled and emptied within a call. */
const words = new Words();
const textScratch = new Uint8Array(LARGEST_STRING_BYTES);
const baselineScratch = new Uint8Array(LARGEST_STRING_BYTES);

/**
 * Methods are Unity's, in camel case; raw bits, bytes, unsigned short and int come from {@link BitWriter}, packed numbers from
 * {@link PackedWriter}. Integers are taken modulo the size of their field. Every method says whether it had room; one that had none
 * writes nothing, is counted in `failedWrites`, and throws nothing.
 *
 * Whole-byte values complete a pending partial byte with zero bits first; raw bits and packed values do not.
 *
 * @see com.unity.collections@2.6.6, Unity.Collections.DataStreamWriter
 */
export class DataStreamWriter extends PackedWriter {
  writeShort(value: number): boolean {
    return this.writeUShort(value);
  }

  writeInt(value: number): boolean {
    return this.writeUInt(value);
  }

  writeLong(value: bigint): boolean {
    words.setLong(value);
    return this.writeLongWords(words.low, words.high);
  }

  writeULong(value: bigint): boolean {
    return this.writeLong(value);
  }

  /** A long or unsigned long as two words, without a bigint: 8 bytes, low word first. */
  writeLongWords(low: number, high: number): boolean {
    const start = this.lengthBits;
    return (this.writeUInt(low) && this.writeUInt(high)) || this.rewind(start);
  }

  /** High byte first. There is no form of 8 bytes. */
  writeUShortNetworkByteOrder(value: number): boolean {
    return this.writeUShort(((value & 0xff) << 8) | ((value >>> 8) & 0xff));
  }

  writeShortNetworkByteOrder(value: number): boolean {
    return this.writeUShortNetworkByteOrder(value);
  }

  /** High byte first. */
  writeUIntNetworkByteOrder(value: number): boolean {
    const low = ((value & 0xff) << 8) | ((value >>> 8) & 0xff);
    const high = ((value >>> 8) & 0xff00) | (value >>> 24);
    return this.writeUInt((low << 16) | high);
  }

  writeIntNetworkByteOrder(value: number): boolean {
    return this.writeUIntNetworkByteOrder(value);
  }

  /** Rounded to a float, 4 bytes. A NaN is written as `00 00 C0 7F`. */
  writeFloat(value: number): boolean {
    return this.writeUInt(floatBits(value));
  }

  /** A float given as its IEEE 754 bits: sign and payload of a NaN are kept. */
  writeFloatBits(bits: number): boolean {
    return this.writeUInt(bits);
  }

  /** 8 bytes. A NaN is written as the positive quiet one, ending `F8 7F`. */
  writeDouble(value: number): boolean {
    words.setDouble(value);
    return this.writeLongWords(words.low, words.high);
  }

  /** A double given as its IEEE 754 bits: sign and payload of a NaN are kept. */
  writeDoubleBits(low: number, high: number): boolean {
    return this.writeLongWords(low, high);
  }

  /**
   * Length in bytes as 2 bytes, then the text as UTF-8. The size only limits the length: 29, 61, 125, 509 or 4093 bytes.
   *
   * @throws {RangeError} If the text is longer than that.
   */
  writeFixedString(size: FixedStringSize, text: FixedStringValue): boolean {
    const lengthBytes = encodeFixedString(size, text, textScratch);
    const start = this.lengthBits;
    const bytes = typeof text === "string" ? textScratch : text;
    return (this.writeUShort(lengthBytes) && this.writeBytes(bytes, lengthBytes)) || this.rewind(start);
  }

  /**
   * Length and bytes, each as its packed difference to the baseline's; bytes beyond the baseline are packed as they are.
   *
   * @throws {RangeError} If text or baseline is longer than the type holds.
   */
  writePackedFixedStringDelta(size: FixedStringSize, text: FixedStringValue, baseline: FixedStringValue): boolean {
    const lengthBytes = encodeFixedString(size, text, textScratch);
    const baselineBytes = encodeFixedString(size, baseline, baselineScratch);
    const bytes = typeof text === "string" ? textScratch : text;
    const base = typeof baseline === "string" ? baselineScratch : baseline;
    const start = this.lengthBits;
    let isWritten = this.writePackedUIntDelta(lengthBytes, baselineBytes);
    for (let i = 0; i < lengthBytes && isWritten; i++) {
      const byte = bytes[i]!;
      isWritten = i < baselineBytes ? this.writePackedUIntDelta(byte, base[i]!) : this.writePackedUInt(byte);
    }
    return isWritten || this.rewind(start);
  }
}
