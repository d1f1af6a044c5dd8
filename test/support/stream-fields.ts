// The typed methods of DataStreamWriter and DataStreamReader by the name of their type, for tests that take calls from data: how a
// call's arguments are read from text, how a value of the type is made, and how it is written and read.
import fc from "fast-check";
import type { DataStreamReader } from "../../src/protocol/datastream/data-stream-reader.js";
import type { DataStreamWriter } from "../../src/protocol/datastream/data-stream-writer.js";
import { FIXED_STRING_SIZES, maxStringBytes } from "../../src/protocol/datastream/fixed-string.js";

type Value = number | bigint | string;
export type Writer = DataStreamWriter;
export type Reader = DataStreamReader;

/** One type: `write` of a value, and `read` of it. A delta takes a baseline as well. */
export interface StreamField {
  readonly name: string;
  readonly isDelta: boolean;
  /** A whole-byte value, which aligns. */
  readonly isAligned: boolean;
  /** What a failed read yields. */
  readonly zero: Value;
  readonly values: fc.Arbitrary<Value>;
  parse(text: string): Value;
  write(writer: Writer, value: Value, baseline: Value): boolean;
  read(reader: Reader, baseline: Value): Value;
}

interface Kind<T extends Value> {
  readonly zero: T;
  readonly values: fc.Arbitrary<T>;
  readonly parse: (text: string) => T;
}

const whole = (min: number, max: number): Kind<number> => ({
  zero: 0,
  values: fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0, 1), fc.integer({ min: 0, max: 127 })),
  parse: Number,
});
const long = (min: bigint, max: bigint): Kind<bigint> => ({
  zero: 0n,
  values: fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 1n, 2n ** 32n), fc.nat(255).map(BigInt)),
  parse: BigInt,
});
const float: Kind<number> = { zero: 0, values: fc.float(), parse: Number };
const double: Kind<number> = { zero: 0, values: fc.double(), parse: Number };
const text = (maxBytes: number): Kind<string> => ({
  zero: "",
  values: fc
    .string({ unit: "grapheme", maxLength: 40 })
    .filter((value) => new TextEncoder().encode(value).length <= maxBytes),
  parse: (value) => value,
});

const [short, ushort] = [whole(-0x8000, 0x7fff), whole(0, 0xffff)];
const [int, uint] = [whole(-0x8000_0000, 0x7fff_ffff), whole(0, 0xffff_ffff)];
const [slong, ulong] = [long(-(2n ** 63n), 2n ** 63n - 1n), long(0n, 2n ** 64n - 1n)];

type Write<T> = (writer: Writer, value: T, baseline: T) => boolean;
type Read<T> = (reader: Reader, baseline: T) => T;

function field<T extends Value>(name: string, kind: Kind<T>, write: Write<T>, read: Read<T>): StreamField {
  return {
    ...kind,
    name,
    isDelta: name.endsWith("Delta"),
    isAligned: !name.startsWith("Packed"),
    write: (writer, value, baseline) => write(writer, value as T, baseline as T),
    read: (reader, baseline) => read(reader, baseline as T),
  };
}

const fixedStrings = FIXED_STRING_SIZES.flatMap((size) => [
  field(
    `FixedString${size}`,
    text(maxStringBytes(size)),
    (w, v) => w.writeFixedString(size, v),
    (r) => r.readFixedString(size),
  ),
  field(
    `PackedFixedString${size}Delta`,
    text(maxStringBytes(size)),
    (w, v, b) => w.writePackedFixedStringDelta(size, v, b),
    (r, b) => r.readPackedFixedStringDelta(size, b),
  ),
]);

/** One line a type, so that it reads as the table it is. */
// biome-ignore format: a table
const FIELDS: readonly StreamField[] = [
  field("Byte", whole(0, 255), (w, v) => w.writeByte(v), (r) => r.readByte()),
  field("Short", short, (w, v) => w.writeShort(v), (r) => r.readShort()),
  field("UShort", ushort, (w, v) => w.writeUShort(v), (r) => r.readUShort()),
  field("Int", int, (w, v) => w.writeInt(v), (r) => r.readInt()),
  field("UInt", uint, (w, v) => w.writeUInt(v), (r) => r.readUInt()),
  field("Long", slong, (w, v) => w.writeLong(v), (r) => r.readLong()),
  field("ULong", ulong, (w, v) => w.writeULong(v), (r) => r.readULong()),
  field("ShortNetworkByteOrder", short, (w, v) => w.writeShortNetworkByteOrder(v), (r) => r.readShortNetworkByteOrder()),
  field("UShortNetworkByteOrder", ushort, (w, v) => w.writeUShortNetworkByteOrder(v), (r) => r.readUShortNetworkByteOrder()),
  field("IntNetworkByteOrder", int, (w, v) => w.writeIntNetworkByteOrder(v), (r) => r.readIntNetworkByteOrder()),
  field("UIntNetworkByteOrder", uint, (w, v) => w.writeUIntNetworkByteOrder(v), (r) => r.readUIntNetworkByteOrder()),
  field("Float", float, (w, v) => w.writeFloat(v), (r) => r.readFloat()),
  field("Double", double, (w, v) => w.writeDouble(v), (r) => r.readDouble()),
  field("PackedUInt", uint, (w, v) => w.writePackedUInt(v), (r) => r.readPackedUInt()),
  field("PackedInt", int, (w, v) => w.writePackedInt(v), (r) => r.readPackedInt()),
  field("PackedULong", ulong, (w, v) => w.writePackedULong(v), (r) => r.readPackedULong()),
  field("PackedLong", slong, (w, v) => w.writePackedLong(v), (r) => r.readPackedLong()),
  field("PackedFloat", float, (w, v) => w.writePackedFloat(v), (r) => r.readPackedFloat()),
  field("PackedDouble", double, (w, v) => w.writePackedDouble(v), (r) => r.readPackedDouble()),
  field("PackedUIntDelta", uint, (w, v, b) => w.writePackedUIntDelta(v, b), (r, b) => r.readPackedUIntDelta(b)),
  field("PackedIntDelta", int, (w, v, b) => w.writePackedIntDelta(v, b), (r, b) => r.readPackedIntDelta(b)),
  field("PackedULongDelta", ulong, (w, v, b) => w.writePackedULongDelta(v, b), (r, b) => r.readPackedULongDelta(b)),
  field("PackedLongDelta", slong, (w, v, b) => w.writePackedLongDelta(v, b), (r, b) => r.readPackedLongDelta(b)),
  field("PackedFloatDelta", float, (w, v, b) => w.writePackedFloatDelta(v, b), (r, b) => r.readPackedFloatDelta(b)),
  field("PackedDoubleDelta", double, (w, v, b) => w.writePackedDoubleDelta(v, b), (r, b) => r.readPackedDoubleDelta(b)),
  ...fixedStrings,
];

/** All types by Unity's name, without `Write` and `Read`; raw bits, bytes and flush are no types. */
export const STREAM_FIELDS: ReadonlyMap<string, StreamField> = new Map(FIELDS.map((field) => [field.name, field]));

/** What a read of `value` yields: a delta that counts as unchanged gives the baseline, so the sign of a zero may be lost. */
export function asRead({ name, isDelta }: StreamField, value: Value, baseline: Value): Value {
  const isPackedFloating = /^Packed(Float|Double)/.test(name);
  if (!isPackedFloating) return value;
  const base = isDelta ? baseline : 0;
  return value === base ? base : value;
}
