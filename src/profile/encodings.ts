// The numbers that a payload may hold: the range of each encoding and how many bits it takes. Data and one measure; writes no message.
import { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
import type { DeltaEncoding, ScalarEncoding } from "./scenario.js";

export interface Encoding {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** Size of a whole-byte encoding; undefined where the value decides. */
  readonly bytes: number | undefined;
  /** Most bits that a value takes. */
  readonly mostBits: number;
  /** What it is, in a few words. */
  readonly words: string;
}

/** YAML and JSON numbers are exact up to here, so longer ones cannot be written. */
const EXACT = Number.MAX_SAFE_INTEGER;
const FLOAT_MAX = 3.4028234663852886e38;

function whole(min: number, max: number, bytes: number, words: string): Encoding {
  return { min, max, isWhole: true, bytes, mostBits: 8 * bytes, words };
}

function packed(min: number, max: number, mostBits: number, words: string): Encoding {
  return { min, max, isWhole: true, bytes: undefined, mostBits, words };
}

const SHORT = [-0x8000, 0x7fff] as const;
const INT = [-0x8000_0000, 0x7fff_ffff] as const;
const USHORT_MAX = 0xffff;
const UINT_MAX = 0xffff_ffff;
const SMALLER_IS_SHORTER = "the smaller the shorter";

/** By their names in Unity's DataStreamWriter. */
export const ENCODINGS: Readonly<Record<ScalarEncoding, Encoding>> = {
  byte: whole(0, 0xff, 1, "1 byte"),
  short: whole(...SHORT, 2, "2 bytes, signed"),
  ushort: whole(0, USHORT_MAX, 2, "2 bytes"),
  int: whole(...INT, 4, "4 bytes, signed"),
  uint: whole(0, UINT_MAX, 4, "4 bytes"),
  long: whole(-EXACT, EXACT, 8, "8 bytes, signed"),
  ulong: whole(0, EXACT, 8, "8 bytes"),
  shortNetworkByteOrder: whole(...SHORT, 2, "2 bytes, signed, high byte first"),
  ushortNetworkByteOrder: whole(0, USHORT_MAX, 2, "2 bytes, high byte first"),
  intNetworkByteOrder: whole(...INT, 4, "4 bytes, signed, high byte first"),
  uintNetworkByteOrder: whole(0, UINT_MAX, 4, "4 bytes, high byte first"),
  float: { ...whole(-FLOAT_MAX, FLOAT_MAX, 4, "4 bytes, a float"), isWhole: false },
  double: { ...whole(-Number.MAX_VALUE, Number.MAX_VALUE, 8, "8 bytes, a double"), isWhole: false },
  packedInt: packed(...INT, 38, `2 to 38 bits, signed, ${SMALLER_IS_SHORTER}`),
  packedUInt: packed(0, UINT_MAX, 38, `2 to 38 bits, ${SMALLER_IS_SHORTER}`),
  packedLong: packed(-EXACT, EXACT, 76, `4 to 76 bits, signed, ${SMALLER_IS_SHORTER}`),
  packedULong: packed(0, EXACT, 76, `4 to 76 bits, ${SMALLER_IS_SHORTER}`),
  packedFloat: { ...packed(-FLOAT_MAX, FLOAT_MAX, 33, "a float: 1 bit for 0, else 33"), isWhole: false },
  packedDouble: {
    ...packed(-Number.MAX_VALUE, Number.MAX_VALUE, 65, "a double: 1 bit for 0, else 65"),
    isWhole: false,
  },
};

/** Of a delta, value and baseline have the range of this encoding, and it takes as many bits at most. */
export const DELTA_OF: Readonly<Record<DeltaEncoding, ScalarEncoding>> = {
  packedIntDelta: "packedInt",
  packedUIntDelta: "packedUInt",
  packedLongDelta: "packedLong",
  packedULongDelta: "packedULong",
  packedFloatDelta: "packedFloat",
  packedDoubleDelta: "packedDouble",
};

export const DELTA_ENCODINGS = Object.keys(DELTA_OF) as DeltaEncoding[];
export const SCALAR_ENCODINGS = Object.keys(ENCODINGS) as ScalarEncoding[];

const scratch = new DataStreamWriter(new Uint8Array(16));

/** Bits that `value`, which is in the encoding's range, takes. */
export function bitsOfNumber(type: ScalarEncoding, value: number): number {
  scratch.reset();
  if (type === "packedInt") scratch.writePackedInt(value);
  else if (type === "packedUInt") scratch.writePackedUInt(value);
  else if (type === "packedLong") scratch.writePackedLong(BigInt(value));
  else if (type === "packedULong") scratch.writePackedULong(BigInt(value));
  else return ENCODINGS[type].mostBits;
  return scratch.lengthBits;
}
