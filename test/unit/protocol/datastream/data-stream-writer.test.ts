// What holds for every write: alignment, lengths, no room, misuse; and the forms that take words and bits instead of numbers.
import { describe, expect, it } from "vitest";
import { DataStreamReader } from "../../../../src/protocol/datastream/data-stream-reader.js";
import { DataStreamWriter } from "../../../../src/protocol/datastream/data-stream-writer.js";
import { FIXED_STRING_SIZES, maxStringBytes } from "../../../../src/protocol/datastream/fixed-string.js";
import { bytes, hex } from "../../../support/bytes.js";
import { STREAM_FIELDS } from "../../../support/stream-fields.js";

const writerOf = (capacityBytes: number): DataStreamWriter =>
  new DataStreamWriter(new Uint8Array(capacityBytes).fill(0xff));

const written = (write: (writer: DataStreamWriter) => void): string => {
  const writer = writerOf(64);
  write(writer);
  expect(writer.failedWrites).toBe(0);
  return hex(writer.written);
};

/** Type, a value of several bits or bytes, and a baseline that differs. */
const sampleOf = (name: string): readonly [number | bigint | string, number | bigint | string] => {
  if (name.includes("String")) return ["abcdé", "abx"];
  return name.includes("Long") ? [0x7654_3210_0123_4567n, 1n] : [77, 1];
};

describe.each([...STREAM_FIELDS.values()])("$name", (field) => {
  const [value, baseline] = sampleOf(field.name);
  const sizeBits = (leadBits: number): number => {
    const writer = writerOf(64);
    writer.writeRawBits(0, leadBits);
    field.write(writer, value, baseline);
    return writer.lengthBits;
  };

  it(field.isAligned ? "completes a partial byte first" : "follows bit upon bit", () => {
    expect(sizeBits(3) - sizeBits(0)).toBe(field.isAligned ? 8 : 3);
  });

  it("is written whole or not at all, at every capacity", () => {
    for (const leadBits of [0, 1, 7, 8]) {
      const neededBits = sizeBits(leadBits);
      for (let capacityBytes = Math.ceil(leadBits / 8); capacityBytes * 8 < neededBits + 16; capacityBytes++) {
        const writer = writerOf(capacityBytes);
        writer.writeRawBits(0x55, leadBits);
        const hasRoom = capacityBytes * 8 >= neededBits;
        expect(field.write(writer, value, baseline)).toBe(hasRoom);
        expect(writer.failedWrites).toBe(hasRoom ? 0 : 1);
        expect(writer.hasFailedWrites).toBe(!hasRoom);
        expect(writer.lengthBits).toBe(hasRoom ? neededBits : leadBits);
        if (!hasRoom && leadBits > 0) expect(writer.written[0]).toBe(0x55 & ((1 << leadBits) - 1));
      }
    }
  });
});

describe("lengths and flush", () => {
  it("count a partial byte as one, and flush completes it with zeros", () => {
    const writer = writerOf(4);
    expect([writer.lengthBits, writer.lengthBytes]).toEqual([0, 0]);
    writer.flush();
    expect(writer.lengthBits).toBe(0);
    writer.writeRawBits(0b101, 3);
    expect([writer.lengthBits, writer.lengthBytes]).toEqual([3, 1]);
    writer.flush();
    expect([writer.lengthBits, writer.lengthBytes, hex(writer.written)]).toEqual([8, 1, "05"]);
    writer.flush();
    expect(writer.lengthBits).toBe(8);
    writer.writeRawBits(1, 1);
    expect(hex(writer.written)).toBe("0501");
  });

  it("start anew with reset, in the same buffer or another", () => {
    const writer = writerOf(1);
    writer.writeUShort(1);
    writer.writeRawBits(0xff, 8);
    writer.reset();
    expect([writer.lengthBits, writer.failedWrites, writer.capacityBytes]).toEqual([0, 0, 1]);
    writer.writeRawBits(1, 1);
    expect(hex(writer.written)).toBe("01");
    writer.reset(new Uint8Array(2));
    expect(writer.writeUShort(0x0201)).toBe(true);
    expect(hex(writer.written)).toBe("0102");
  });
});

describe("raw bits", () => {
  it.each([
    [0, 0, ""],
    [0x1ff, 9, "ff01"],
    [0xffff_ffff, 1, "01"],
    [-1, 32, "ffffffff"],
    [0xdeadbeef, 32, "efbeadde"],
  ])("%i in %i bits", (value, bitCount, expected) => {
    expect(written((writer) => writer.writeRawBits(value, bitCount))).toBe(expected);
  });

  it("fit at every bit of a byte, and read back", () => {
    for (let leadBits = 0; leadBits <= 16; leadBits++) {
      for (let bitCount = 0; bitCount <= 32; bitCount++) {
        const writer = writerOf(8);
        writer.writeRawBits(0, leadBits);
        writer.writeRawBits(0xa5c3_9617, bitCount);
        expect(writer.lengthBits).toBe(leadBits + bitCount);
        const reader = new DataStreamReader(writer.written);
        expect(reader.readRawBits(leadBits)).toBe(0);
        expect(reader.readRawBits(bitCount)).toBe(0xa5c3_9617 % 2 ** bitCount);
      }
    }
  });

  it("of no bits succeed in a full buffer; one bit does not", () => {
    const writer = writerOf(0);
    expect([writer.writeRawBits(1, 0), writer.writeRawBits(1, 1), writer.failedWrites]).toEqual([true, false, 1]);
  });

  it.each([-1, 33, 1.5, Number.NaN])("refuse a number of %s: our own misuse", (bitCount) => {
    expect(() => writerOf(8).writeRawBits(0, bitCount)).toThrow(RangeError);
    expect(() => new DataStreamReader(new Uint8Array(8)).readRawBits(bitCount)).toThrow(RangeError);
  });
});

describe("no room", () => {
  it("leaves what was written, and lets through what fits later", () => {
    const writer = writerOf(3);
    writer.writeByte(1);
    expect(writer.writeUInt(0)).toBe(false);
    expect(writer.writeBytes(bytes("AA BB CC"))).toBe(false);
    expect(writer.writeUShort(0x0302)).toBe(true);
    expect([hex(writer.written), writer.failedWrites]).toEqual(["010203", 2]);
  });
});

describe("bytes", () => {
  it("are written raw, aligned, as many as asked for", () => {
    const write = (writer: DataStreamWriter): void => {
      writer.writeRawBits(1, 1);
      writer.writeBytes(bytes("0A 0B 0C"));
      writer.writeBytes(bytes("0D 0E 0F"), 2);
      writer.writeBytes(new Uint8Array(0));
    };
    expect(written(write)).toBe("010a0b0c0d0e");
  });
});

describe("integers are taken modulo their field", () => {
  it.each([
    ["Byte", 0x1ff, "ff"],
    ["Byte", -1, "ff"],
    ["UShort", 0x1_0203, "0302"],
    ["ShortNetworkByteOrder", -2, "fffe"],
    ["UInt", -1, "ffffffff"],
    ["UInt", 0x1_0000_0001, "01000000"],
    ["ULong", -1n, "ffffffffffffffff"],
    ["PackedUInt", -1, "ffa7dab63d"],
  ])("%s %s", (name, value, expected) => {
    expect(written((writer) => STREAM_FIELDS.get(name)!.write(writer, value, 0))).toBe(expected);
  });
});

describe("bits in place of numbers", () => {
  it("keep sign and payload of a float's NaN", () => {
    expect(written((writer) => writer.writeFloatBits(0xffc0_0000))).toBe("0000c0ff");
    expect(written((writer) => writer.writeFloatBits(0x7f80_0001))).toBe("0100807f");
    expect(written((writer) => writer.writePackedFloatDeltaBits(0xffc0_0000, 0))).toBe("010080ff01");
    expect(new DataStreamReader(bytes("01 00 80 7F")).readFloatBits()).toBe(0x7f80_0001);
    expect(new DataStreamReader(bytes("01 00 80 FF 01")).readPackedFloatDeltaBits(0)).toBe(0xffc0_0000);
    expect(new DataStreamReader(bytes("00")).readPackedFloatDeltaBits(0xffc0_0001)).toBe(0xffc0_0001);
  });

  it("keep sign and payload of a double's NaN", () => {
    expect(written((writer) => writer.writeDoubleBits(1, 0xfff8_0000))).toBe("010000000000f8ff");
    expect(written((writer) => writer.writePackedDoubleDeltaBits(0, 0xfff8_0000, 0))).toBe("010000000000f0ff01");
  });

  it("are compared as numbers in a delta", () => {
    expect(written((writer) => writer.writePackedFloatDeltaBits(0x8000_0000, 0))).toBe("00");
    expect(written((writer) => writer.writePackedDoubleDeltaBits(0, 0x8000_0000, 0))).toBe("00");
    expect(written((writer) => writer.writePackedFloatDeltaBits(0x3f80_0000, 1))).toBe("00");
  });
});

describe("numbers that are NaN, or no floats", () => {
  it("write the positive quiet NaN, whatever bits it was read with", () => {
    const negative = new DataStreamReader(bytes("01 00 00 00 00 00 F8 FF")).readDouble();
    expect(written((writer) => writer.writeFloat(negative))).toBe("0000c07f");
    expect(written((writer) => writer.writeDouble(negative))).toBe("000000000000f87f");
  });

  it("never equal a NaN baseline", () => {
    expect(written((writer) => writer.writePackedFloatDelta(Number.NaN, Number.NaN))).toBe("010080ff00");
    expect(written((writer) => writer.writePackedDoubleDelta(Number.NaN, Number.NaN))).toBe("010000000000f0ff00");
  });

  it("are compared after rounding to a float", () => {
    expect(written((writer) => writer.writePackedFloatDelta(0.1, Math.fround(0.1)))).toBe("00");
    expect(written((writer) => writer.writePackedFloatDelta(Math.fround(0.1), 0.1))).toBe("00");
    expect(new DataStreamReader(bytes("00")).readPackedFloatDelta(0.1)).toBe(Math.fround(0.1));
  });
});

describe("words in place of bigints", () => {
  const value = -0x1234_5678_9abc_def1n;
  const [low, high] = [Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n))];
  it.each([
    ["writeLong", (w: DataStreamWriter) => w.writeLong(value), (w: DataStreamWriter) => w.writeLongWords(low, high)],
    [
      "writePackedLong",
      (w: DataStreamWriter) => w.writePackedLong(value),
      (w: DataStreamWriter) => w.writePackedLongWords(low, high | 0),
    ],
    [
      "writePackedULong",
      (w: DataStreamWriter) => w.writePackedULong(BigInt.asUintN(64, value)),
      (w: DataStreamWriter) => w.writePackedULongWords(low, high),
    ],
    [
      "writePackedLongDelta",
      (w: DataStreamWriter) => w.writePackedLongDelta(value, 5n),
      (w: DataStreamWriter) => w.writePackedLongDeltaWords(low, high, 5, 0),
    ],
  ])("%s gives the same bytes", (_name, ofBigint, ofWords) => {
    expect(written(ofWords)).toBe(written(ofBigint));
  });
});

describe("fixed strings", () => {
  it.each(FIXED_STRING_SIZES)("FixedString%i takes its longest text, as text and as bytes", (size) => {
    const longest = "x".repeat(maxStringBytes(size));
    const writer = writerOf(20_000);
    expect(writer.writeFixedString(size, longest)).toBe(true);
    expect(writer.lengthBytes).toBe(2 + maxStringBytes(size));
    expect(writer.writeFixedString(size, new TextEncoder().encode(longest))).toBe(true);
    expect(writer.lengthBytes).toBe(2 * (2 + maxStringBytes(size)));
    const delta = writer.writePackedFixedStringDelta(size, longest, new TextEncoder().encode(longest));
    expect([delta, writer.failedWrites]).toEqual([true, 0]);
    expect(writer.lengthBits % 8).toBe((2 * (1 + maxStringBytes(size))) % 8);
  });

  it.each(FIXED_STRING_SIZES)("FixedString%i refuses a longer one, and a longer baseline: our own misuse", (size) => {
    const tooLong = "x".repeat(maxStringBytes(size) + 1);
    const writer = writerOf(20_000);
    expect(() => writer.writeFixedString(size, tooLong)).toThrow(RangeError);
    expect(() => writer.writeFixedString(size, new TextEncoder().encode(tooLong))).toThrow(RangeError);
    expect(() => writer.writePackedFixedStringDelta(size, tooLong, "")).toThrow(RangeError);
    expect(() => writer.writePackedFixedStringDelta(size, "", tooLong)).toThrow(RangeError);
    expect(writer.lengthBits).toBe(0);
  });
});
