// The vectors of 8.2 and 8.4, each alone in a stream: bits, bytes, and the value read back. Written and read by the same table.
import { describe, expect, it } from "vitest";
import { DataStreamReader } from "../../../../src/protocol/datastream/data-stream-reader.js";
import { DataStreamWriter } from "../../../../src/protocol/datastream/data-stream-writer.js";
import { bytes, hex } from "../../../support/bytes.js";
import { STREAM_FIELDS } from "../../../support/stream-fields.js";

/** Type, value, bits, bytes; for deltas the baseline last. */
const VECTORS: readonly (readonly [string, number | bigint | string, number, string, (number | string)?])[] = [
  ["PackedUInt", 0, 2, "00"],
  ["PackedUInt", 1, 3, "02"],
  ["PackedUInt", 2, 4, "06"],
  ["PackedUInt", 3, 4, "0E"],
  ["PackedUInt", 5, 5, "09"],
  ["PackedUInt", 10, 7, "25"],
  ["PackedUInt", 31, 8, "FD"],
  ["PackedUInt", 32, 10, "03 00"],
  ["PackedUInt", 95, 10, "F3 03"],
  ["PackedUInt", 96, 13, "0B 00"],
  ["PackedUInt", 100, 13, "8B 00"],
  ["PackedUInt", 1000, 15, "1B 51"],
  ["PackedUInt", 1376, 17, "07 00 00"],
  ["PackedUInt", 65535, 24, "F7 A7 1A"],
  ["PackedUInt", 100000, 24, "37 50 3C"],
  ["PackedUInt", 1000000, 27, "0F 38 AB 02"],
  ["PackedUInt", 4294967295, 38, "FF A7 DA B6 3D"],
  ["PackedInt", 0, 2, "00"],
  ["PackedInt", -1, 3, "02"],
  ["PackedInt", 1, 4, "06"],
  ["PackedInt", -2, 4, "0E"],
  ["PackedInt", 2, 5, "01"],
  ["PackedInt", 100, 13, "0B 0D"],
  ["PackedInt", -100, 13, "EB 0C"],
  ["PackedInt", -2147483648, 38, "FF A7 DA B6 3D"],
  ["PackedLong", -1n, 5, "02"],
  ["PackedULong", 0x123456789n, 41, "7F 8A 34 88 86 00"],
  ["PackedUIntDelta", 7, 5, "11", 10],
  ["PackedUIntDelta", 10, 5, "09", 7],
  ["PackedFloat", 1, 33, "01 00 00 7F 00"],
  ["PackedFloat", 0, 1, "00"],
  ["PackedDouble", 1, 65, "01 00 00 00 00 00 E0 7F 00"],
  ["PackedFixedString32Delta", "abc", 20, "82 35 00", "ab"],
  ["PackedFixedString32Delta", "ab", 8, "60", "ac"],
  // Whole bytes, section 8.1.
  ["Byte", 0xab, 8, "AB"],
  ["Short", -2, 16, "FE FF"],
  ["UShort", 0x0102, 16, "02 01"],
  ["Int", -2, 32, "FE FF FF FF"],
  ["UInt", 0x01020304, 32, "04 03 02 01"],
  ["Long", -2n, 64, "FE FF FF FF FF FF FF FF"],
  ["ULong", 0x0102030405060708n, 64, "08 07 06 05 04 03 02 01"],
  ["ShortNetworkByteOrder", -2, 16, "FF FE"],
  ["UShortNetworkByteOrder", 0xf102, 16, "F1 02"],
  ["IntNetworkByteOrder", -2, 32, "FF FF FF FE"],
  ["UIntNetworkByteOrder", 0xf1020304, 32, "F1 02 03 04"],
  ["Float", 1, 32, "00 00 80 3F"],
  ["Float", -0, 32, "00 00 00 80"],
  ["Double", 1, 64, "00 00 00 00 00 00 F0 3F"],
  ["FixedString64", "aé", 40, "03 00 61 C3 A9"],
];

const rows = VECTORS.map(
  ([name, value, bits, expected, baseline = 0]) => [name, value, bits, expected, baseline] as const,
);

describe.each(rows)("%s %s", (name, value, bits, expected, baseline) => {
  const field = STREAM_FIELDS.get(name)!;

  it(`is ${expected}, ${bits} bits`, () => {
    // What lay in the buffer before must not show.
    const writer = new DataStreamWriter(new Uint8Array(32).fill(0xff));
    expect(field.write(writer, value, baseline)).toBe(true);
    expect(writer.lengthBits).toBe(bits);
    expect(hex(writer.written)).toBe(hex(bytes(expected)));
  });

  it("reads back", () => {
    const reader = new DataStreamReader(bytes(expected));
    expect(field.read(reader, baseline)).toBe(value);
    expect([reader.bitsRead, reader.failedReads]).toEqual([bits, 0]);
  });
});

describe("several in a row", () => {
  it("3 bits, a byte, 1 bit, a packed uint: only the byte aligns", () => {
    const writer = new DataStreamWriter(new Uint8Array(8).fill(0xff));
    writer.writeRawBits(5, 3);
    writer.writeByte(0xab);
    writer.writeRawBits(1, 1);
    writer.writePackedUInt(5);
    expect(hex(writer.written)).toBe("05ab13");
    const reader = new DataStreamReader(writer.written);
    expect(reader.readRawBits(3)).toBe(5);
    expect(reader.readByte()).toBe(0xab);
    expect(reader.readRawBits(1)).toBe(1);
    expect(reader.readPackedUInt()).toBe(5);
  });

  it("packed uints 0, 1, 2 are 9 bits", () => {
    const writer = new DataStreamWriter(new Uint8Array(8));
    for (const value of [0, 1, 2]) writer.writePackedUInt(value);
    expect([writer.lengthBits, hex(writer.written)]).toEqual([9, "c800"]);
  });

  it("9 raw bits and packed uint 100 are 22 bits", () => {
    const writer = new DataStreamWriter(new Uint8Array(8));
    writer.writeRawBits(0x1ff, 9);
    writer.writePackedUInt(100);
    expect([writer.lengthBits, hex(writer.written)]).toEqual([22, "ff1701"]);
  });
});
