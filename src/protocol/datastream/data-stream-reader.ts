// Unity's DataStreamReader: values of every type out of a buffer (protocol page 8). Never throws on what the buffer holds, and
// keeps no bytes of it beyond the next reset, except in copies.
import {
  decodeUtf8,
  encodeFixedString,
  type FixedStringSize,
  type FixedStringValue,
  LARGEST_STRING_BYTES,
  maxStringBytes,
} from "./fixed-string.js";
import { PackedReader } from "./packed-reader.js";
import { floatFromBits, Words } from "./words.js";

/** One read at a time: filled and emptied within a call. */
const words = new Words();
const baselineScratch = new Uint8Array(LARGEST_STRING_BYTES);

/**
 * Methods are Unity's, in camel case; raw bits, bytes, unsigned short and int come from {@link BitReader}, packed numbers from
 * {@link PackedReader}. A read beyond the end yields zero, or an empty string, and is counted in `failedReads`.
 *
 * Whole-byte values discard the unread bits of a byte first; raw bits and packed values do not.
 *
 * @see com.unity.collections@2.6.6, Unity.Collections.DataStreamReader
 */
export class DataStreamReader extends PackedReader {
  readShort(): number {
    return (this.readUShort() << 16) >> 16;
  }

  readInt(): number {
    return this.readUInt() | 0;
  }

  readLong(): bigint {
    this.readLongWords(words);
    return words.long;
  }

  readULong(): bigint {
    this.readLongWords(words);
    return words.ulong;
  }

  /** A long or unsigned long as two words, without a bigint: into `target`. */
  readLongWords(target: Words): void {
    const start = this.bitsRead;
    const failedBefore = this.failedReads;
    target.set(this.readUInt(), this.readUInt());
    if (this.hasFailedSince(start, failedBefore)) target.set(0, 0);
  }

  readUShortNetworkByteOrder(): number {
    const value = this.readUShort();
    return ((value & 0xff) << 8) | (value >>> 8);
  }

  readShortNetworkByteOrder(): number {
    return (this.readUShortNetworkByteOrder() << 16) >> 16;
  }

  readUIntNetworkByteOrder(): number {
    return this.readIntNetworkByteOrder() >>> 0;
  }

  readIntNetworkByteOrder(): number {
    const value = this.readUInt();
    return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
  }

  readFloat(): number {
    return floatFromBits(this.readUInt());
  }

  /** A float as its IEEE 754 bits: sign and payload of a NaN are kept. */
  readFloatBits(): number {
    return this.readUInt();
  }

  readDouble(): number {
    this.readLongWords(words);
    return words.double;
  }

  /** A double as its IEEE 754 bits, into `target`: sign and payload of a NaN are kept. */
  readDoubleBits(target: Words): void {
    this.readLongWords(target);
  }

  /** A fixed string as text; bytes that are not UTF-8 become U+FFFD. Failures as in {@link readFixedStringBytes}. */
  readFixedString(size: FixedStringSize): string {
    return decodeUtf8(this.readFixedStringBytes(size));
  }

  /**
   * A copy of a fixed string's bytes. Empty, counted as a failed read, and with only the 2 length bytes consumed, if it is longer
   * than the type holds or the buffer goes on.
   */
  readFixedStringBytes(size: FixedStringSize): Uint8Array {
    const lengthBytes = this.readUShort();
    if (lengthBytes > maxStringBytes(size) || lengthBytes * 8 > this.remainingBits) {
      this.fail();
      return new Uint8Array(0);
    }
    const bytes = new Uint8Array(lengthBytes);
    this.readBytes(bytes);
    return bytes;
  }

  /** A packed fixed string as text. Failures as in {@link readPackedFixedStringDeltaBytes}. */
  readPackedFixedStringDelta(size: FixedStringSize, baseline: FixedStringValue): string {
    return decodeUtf8(this.readPackedFixedStringDeltaBytes(size, baseline));
  }

  /**
   * The bytes of a packed fixed string. Empty, counted as a failed read, and with only its length consumed, if it is longer than the
   * type holds or the buffer goes on.
   *
   * @throws {RangeError} If the baseline, which is the caller's, is longer than the type holds.
   */
  readPackedFixedStringDeltaBytes(size: FixedStringSize, baseline: FixedStringValue): Uint8Array {
    const baselineBytes = encodeFixedString(size, baseline, baselineScratch);
    const base = typeof baseline === "string" ? baselineScratch : baseline;
    const lengthBytes = this.readPackedUIntDelta(baselineBytes);
    if (lengthBytes > maxStringBytes(size)) {
      this.fail();
      return new Uint8Array(0);
    }
    const bytes = new Uint8Array(lengthBytes);
    const start = this.bitsRead;
    const failedBefore = this.failedReads;
    for (let i = 0; i < lengthBytes && this.failedReads === failedBefore; i++) {
      bytes[i] = i < baselineBytes ? this.readPackedUIntDelta(base[i]!) : this.readPackedUInt();
    }
    return this.hasFailedSince(start, failedBefore) ? new Uint8Array(0) : bytes;
  }
}
