// What holds for every read: alignment, the end of the buffer, strings that are too long. Nothing here may throw.
import { describe, expect, it } from "vitest";
import { DataStreamReader } from "../../../../src/protocol/datastream/data-stream-reader.js";
import { DataStreamWriter } from "../../../../src/protocol/datastream/data-stream-writer.js";
import { FIXED_STRING_SIZES, maxStringBytes } from "../../../../src/protocol/datastream/fixed-string.js";
import { Words } from "../../../../src/protocol/datastream/words.js";
import { bytes, hex } from "../../../support/bytes.js";
import { STREAM_FIELDS } from "../../../support/stream-fields.js";

describe.each([...STREAM_FIELDS.values()])("$name", (field) => {
  it("yields zero from an empty buffer, and one failure", () => {
    const reader = new DataStreamReader(new Uint8Array(0));
    const baseline = field.parse(field.name.includes("String") ? "abc" : "3");
    expect(field.read(reader, baseline)).toBe(field.zero);
    expect([reader.failedReads, reader.hasFailedReads, reader.bitsRead]).toEqual([1, true, 0]);
  });

  if (!field.isAligned) return;
  it("discards the unread bits of a byte first", () => {
    const writer = new DataStreamWriter(new Uint8Array(32));
    const value = field.parse(field.name.includes("String") ? "abc" : "77");
    writer.writeRawBits(1, 1);
    field.write(writer, value, value);
    const reader = new DataStreamReader(writer.written);
    expect(reader.readRawBits(1)).toBe(1);
    expect(field.read(reader, value)).toBe(value);
    expect([reader.bytesRead, reader.failedReads]).toEqual([writer.lengthBytes, 0]);
  });
});

describe("positions and flush", () => {
  it("count a byte of which some bits were read", () => {
    const reader = new DataStreamReader(bytes("FF 02"));
    expect([reader.bytesRead, reader.bitsRead, reader.lengthBytes]).toEqual([0, 0, 2]);
    reader.flush();
    expect(reader.bitsRead).toBe(0);
    reader.readRawBits(3);
    expect([reader.bytesRead, reader.bitsRead]).toEqual([1, 3]);
    reader.flush();
    expect([reader.bytesRead, reader.bitsRead]).toEqual([1, 8]);
    expect(reader.readByte()).toBe(2);
    reader.flush();
    expect(reader.bitsRead).toBe(16);
  });

  it("start anew with reset, in the same buffer or another", () => {
    const reader = new DataStreamReader(bytes("01"));
    reader.readUShort();
    reader.readByte();
    reader.reset();
    expect([reader.failedReads, reader.readByte()]).toEqual([0, 1]);
    reader.reset(bytes("02 03"));
    expect([reader.lengthBytes, reader.readUShort()]).toEqual([2, 0x0302]);
  });
});

describe("the end of the buffer", () => {
  it("is not consumed by what needs more, so that what fits can still be read", () => {
    const reader = new DataStreamReader(bytes("01 02 03"));
    reader.readRawBits(4);
    expect([reader.readUInt(), reader.readULong(), reader.readRawBits(32)]).toEqual([0, 0n, 0]);
    expect([reader.failedReads, reader.bitsRead]).toEqual([3, 4]);
    expect(reader.readUShort()).toBe(0x0302);
  });

  it("of a packed number counts one failure, at every bit", () => {
    const writer = new DataStreamWriter(new Uint8Array(16));
    writer.writePackedULong(2n ** 64n - 1n);
    for (let length = 0; length < writer.lengthBytes; length++) {
      const reader = new DataStreamReader(writer.written.subarray(0, length));
      expect([reader.readPackedULong(), reader.failedReads, reader.bitsRead]).toEqual([0n, 1, 0]);
    }
  });

  it("of a changed float or double counts one failure and consumes nothing", () => {
    const reader = new DataStreamReader(bytes("01 00 00 7F"));
    expect([reader.readPackedFloatDelta(5), reader.failedReads, reader.bitsRead]).toEqual([0, 1, 0]);
    expect([reader.readPackedDoubleDelta(5), reader.failedReads, reader.bitsRead]).toEqual([0, 2, 0]);
  });

  it("fills the target of raw bytes with zeros", () => {
    const reader = new DataStreamReader(bytes("01 02 03"));
    const target = bytes("AA AA");
    expect([reader.readBytes(target), hex(target)]).toEqual([true, "0102"]);
    expect([reader.readBytes(target), hex(target)]).toEqual([false, "0000"]);
    expect([reader.failedReads, reader.readByte()]).toEqual([1, 3]);
  });

  it("leaves zeros in words", () => {
    const words = new Words().set(1, 2);
    const reader = new DataStreamReader(bytes("01 02 03"));
    reader.readLongWords(words);
    expect([words.low, words.high]).toEqual([0, 0]);
    words.set(1, 2);
    reader.readPackedLongDeltaWords(words, 7, 7);
    expect(reader.failedReads).toBe(1);
    reader.reset(new Uint8Array(0));
    reader.readPackedLongDeltaWords(words, 7, 7);
    expect([words.low, words.high, reader.failedReads]).toEqual([0, 0, 1]);
  });
});

describe("fixed strings", () => {
  it.each(FIXED_STRING_SIZES)("longer than FixedString%i: empty, only the 2 length bytes are consumed", (size) => {
    const tooLong = maxStringBytes(size) + 1;
    const buffer = new Uint8Array(2 + tooLong).fill(0x61);
    buffer.set([tooLong & 0xff, tooLong >> 8]);
    const reader = new DataStreamReader(buffer);
    expect([reader.readFixedString(size), reader.bytesRead, reader.failedReads]).toEqual(["", 2, 1]);
  });

  it("cut short: the same", () => {
    const reader = new DataStreamReader(bytes("03 00 61 62"));
    expect([reader.readFixedString(32), reader.bytesRead, reader.failedReads]).toEqual(["", 2, 1]);
    expect(reader.readByte()).toBe(0x61);
  });

  it("packed and longer than the type: empty, only the length is consumed", () => {
    const writer = new DataStreamWriter(new Uint8Array(64));
    writer.writePackedFixedStringDelta(64, "x".repeat(30), "abc");
    const reader = new DataStreamReader(writer.written);
    expect([reader.readPackedFixedStringDelta(32, "abc"), reader.failedReads]).toEqual(["", 1]);
    const length = new DataStreamReader(writer.written);
    length.readPackedUIntDelta(3);
    expect(reader.bitsRead).toBe(length.bitsRead);
  });

  it("packed and cut short: empty, only the length is consumed", () => {
    const writer = new DataStreamWriter(new Uint8Array(64));
    writer.writePackedFixedStringDelta(32, "abcdef", "");
    const reader = new DataStreamReader(writer.written.subarray(0, 4));
    expect([reader.readPackedFixedStringDelta(32, ""), reader.failedReads, reader.bitsRead]).toEqual(["", 1, 7]);
  });

  it("keep bytes that are no text, and a byte order mark", () => {
    const reader = new DataStreamReader(bytes("02 00 FF 00"));
    expect(hex(reader.readFixedStringBytes(32))).toBe("ff00");
    reader.reset();
    expect(reader.readFixedString(32)).toBe("\u{fffd}\0");
    expect(new DataStreamReader(bytes("04 00 EF BB BF 61")).readFixedString(32)).toBe("\u{feff}a");
  });

  it("refuse a baseline that does not fit its type: our own misuse", () => {
    expect(() => new DataStreamReader(bytes("00")).readPackedFixedStringDelta(32, "x".repeat(30))).toThrow(RangeError);
  });
});
