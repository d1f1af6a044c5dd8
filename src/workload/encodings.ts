// The numeric encodings of payload fields by Unity's names: what each holds, how long it gets, and how it is written and read.
import type { ScalarEncoding } from "../profile/scenario.js";
import type { DataStreamReader } from "../protocol/datastream/data-stream-reader.js";
import type { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
import type { Words } from "../protocol/datastream/words.js";
import { DOUBLE_RANGE, FLOAT_RANGE, type ValueRange, wholeRange } from "./value-range.js";
import type { ValueRegister } from "./value-register.js";

/**
 * How a number of the encoding is read: as a number, or as the two words of a 64-bit integer. `nearest` is what reading yields for a
 * number of the range that was written.
 */
export type EncodingReader =
  | {
      readonly kind: "number";
      read(reader: DataStreamReader): number;
      nearest(number: number | bigint): number | bigint;
    }
  | { readonly kind: "long"; readonly isSigned: boolean; read(reader: DataStreamReader, into: Words): void };

export interface Encoding {
  readonly range: ValueRange;
  /** Most bits it takes; the number of them where it is whole bytes. */
  readonly maxBits: number;
  /** Whole bytes: completes a partial one before it. */
  readonly isAligned: boolean;
  /** Writes what the register holds; false if the range does not have it: it then was wrapped. */
  write(writer: DataStreamWriter, value: ValueRegister): boolean;
  readonly reader: EncodingReader;
}

type Write = (writer: DataStreamWriter, low: number, high: number) => boolean;
type ReadNumber = (reader: DataStreamReader) => number;
type ReadLong = (reader: DataStreamReader, into: Words) => void;

/** An integer of up to 32 bits. */
function whole(range: ValueRange, maxBits: number, isAligned: boolean, write: Write, read: ReadNumber): Encoding {
  return {
    ...wholeOf(range, maxBits, isAligned, write),
    reader: { kind: "number", read, nearest: (number) => number },
  };
}

function long(range: ValueRange, maxBits: number, isAligned: boolean, write: Write, read: ReadLong): Encoding {
  return {
    ...wholeOf(range, maxBits, isAligned, write),
    reader: { kind: "long", isSigned: range.min < 0, read },
  };
}

function wholeOf(range: ValueRange, maxBits: number, isAligned: boolean, write: Write): Omit<Encoding, "reader"> {
  return {
    range,
    maxBits,
    isAligned,
    write: (writer, value) => {
      const isHeld = value.toWhole(range);
      write(writer, value.low, value.high);
      return isHeld;
    },
  };
}

function float(maxBits: number, isAligned: boolean, write: Write, read: ReadNumber): Encoding {
  return {
    range: FLOAT_RANGE,
    maxBits,
    isAligned,
    write: (writer, value) => {
      const isHeld = value.toFloat(FLOAT_RANGE);
      write(writer, value.low, 0);
      return isHeld;
    },
    reader: { kind: "number", read, nearest: (number) => Math.fround(Number(number)) },
  };
}

function double(maxBits: number, isAligned: boolean, write: Write, read: ReadNumber): Encoding {
  return {
    range: DOUBLE_RANGE,
    maxBits,
    isAligned,
    write: (writer, value) => {
      value.toDouble();
      write(writer, value.low, value.high);
      return true;
    },
    reader: { kind: "number", read, nearest: Number },
  };
}

const [UINT8, INT16, UINT16] = [wholeRange(8, false), wholeRange(16, true), wholeRange(16, false)];
const [INT32, UINT32, INT64, UINT64] = [
  wholeRange(32, true),
  wholeRange(32, false),
  wholeRange(64, true),
  wholeRange(64, false),
];

/** One line an encoding, so that it reads as the table it is. */
// biome-ignore format: a table
export const ENCODINGS: Readonly<Record<ScalarEncoding, Encoding>> = {
  byte: whole(UINT8, 8, true, (w, low) => w.writeByte(low), (r) => r.readByte()),
  short: whole(INT16, 16, true, (w, low) => w.writeShort(low), (r) => r.readShort()),
  ushort: whole(UINT16, 16, true, (w, low) => w.writeUShort(low), (r) => r.readUShort()),
  int: whole(INT32, 32, true, (w, low) => w.writeInt(low), (r) => r.readInt()),
  uint: whole(UINT32, 32, true, (w, low) => w.writeUInt(low), (r) => r.readUInt()),
  long: long(INT64, 64, true, (w, low, high) => w.writeLongWords(low, high), (r, into) => r.readLongWords(into)),
  ulong: long(UINT64, 64, true, (w, low, high) => w.writeLongWords(low, high), (r, into) => r.readLongWords(into)),
  shortNetworkByteOrder: whole(INT16, 16, true, (w, low) => w.writeShortNetworkByteOrder(low), (r) => r.readShortNetworkByteOrder()),
  ushortNetworkByteOrder: whole(UINT16, 16, true, (w, low) => w.writeUShortNetworkByteOrder(low), (r) => r.readUShortNetworkByteOrder()),
  intNetworkByteOrder: whole(INT32, 32, true, (w, low) => w.writeIntNetworkByteOrder(low), (r) => r.readIntNetworkByteOrder()),
  uintNetworkByteOrder: whole(UINT32, 32, true, (w, low) => w.writeUIntNetworkByteOrder(low), (r) => r.readUIntNetworkByteOrder()),
  float: float(32, true, (w, low) => w.writeFloatBits(low), (r) => r.readFloat()),
  double: double(64, true, (w, low, high) => w.writeDoubleBits(low, high), (r) => r.readDouble()),
  packedInt: whole(INT32, 38, false, (w, low) => w.writePackedInt(low), (r) => r.readPackedInt()),
  packedUInt: whole(UINT32, 38, false, (w, low) => w.writePackedUInt(low), (r) => r.readPackedUInt()),
  packedLong: long(INT64, 76, false, (w, low, high) => w.writePackedLongWords(low, high), (r, into) => r.readPackedLongWords(into)),
  packedULong: long(UINT64, 76, false, (w, low, high) => w.writePackedULongWords(low, high), (r, into) => r.readPackedULongWords(into)),
  packedFloat: float(33, false, (w, low) => w.writePackedFloatDeltaBits(low, 0), (r) => r.readPackedFloat()),
  packedDouble: double(65, false, (w, low, high) => w.writePackedDoubleDeltaBits(low, high, 0), (r) => r.readPackedDouble()),
};

/**
 * Raw bits as an encoding.
 *
 * @param bitCount 1..32. @throws {RangeError} If it is not.
 */
export function rawBitsEncoding(bitCount: number, what: string): Encoding {
  if (!(Number.isInteger(bitCount) && bitCount >= 1 && bitCount <= 32)) {
    throw new RangeError(`Cannot compile a script: ${what} must have 1 to 32 bits, got ${bitCount}`);
  }
  const range = wholeRange(bitCount, false);
  return whole(
    range,
    bitCount,
    false,
    (writer, low) => writer.writeRawBits(low, bitCount),
    (reader) => reader.readRawBits(bitCount),
  );
}
