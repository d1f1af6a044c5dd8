// What is written is read back, whatever the types, their order and their values; and a stream cut anywhere, or of any bytes, ends in
// zeros and counted failures.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataStreamReader } from "../../../../src/protocol/datastream/data-stream-reader.js";
import { DataStreamWriter } from "../../../../src/protocol/datastream/data-stream-writer.js";
import { encodeUtf8, maxStringBytes } from "../../../../src/protocol/datastream/fixed-string.js";
import { Words } from "../../../../src/protocol/datastream/words.js";
import { propertyParameters } from "../../../support/property.js";
import { asRead, STREAM_FIELDS, type StreamField } from "../../../support/stream-fields.js";

const fields = [...STREAM_FIELDS.values()];
const fieldOf = (name: string): StreamField => STREAM_FIELDS.get(name)!;

/** A type by its name, so that a failure prints short. */
const call = fc.constantFrom(...fields).chain(({ name, values }) =>
  fc.record({
    name: fc.constant(name),
    value: values,
    baseline: values,
    /** Raw bits before it, so that it starts anywhere in a byte. */
    leadBits: fc.nat(32),
    isSame: fc.boolean(),
  }),
);

const roundTripParameters = propertyParameters("round trip of each type", 100);

it.each(fields)("$name reads back", (field) => {
  fc.assert(
    fc.property(field.values, field.values, fc.nat(9), (value, baseline, leadBits) => {
      const writer = new DataStreamWriter(new Uint8Array(16_384));
      writer.writeRawBits(0, leadBits);
      expect(field.write(writer, value, baseline)).toBe(true);
      const reader = new DataStreamReader(writer.written);
      reader.readRawBits(leadBits);
      expect(field.read(reader, baseline)).toBe(asRead(field, value, baseline));
      expect([reader.bitsRead, reader.failedReads]).toEqual([writer.lengthBits, 0]);
    }),
    roundTripParameters,
  );
});

it("a stream of many types reads back, and never throws when cut short", () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 8 }), (calls) => {
      const writer = new DataStreamWriter(new Uint8Array(4096).fill(0xff));
      for (const { name, value, baseline, leadBits, isSame } of calls) {
        writer.writeRawBits(leadBits, leadBits);
        fieldOf(name).write(writer, value, isSame ? value : baseline);
      }
      expect(writer.failedWrites).toBe(0);
      for (let length = 0; length <= writer.lengthBytes; length++) {
        const reader = new DataStreamReader(writer.written.subarray(0, length));
        for (const { name, value, baseline, leadBits, isSame } of calls) {
          const field = fieldOf(name);
          const base = isSame ? value : baseline;
          const lead = reader.readRawBits(leadBits);
          const result = field.read(reader, base);
          if (reader.failedReads > 0) continue;
          expect(lead).toBe(leadBits % 2 ** leadBits);
          expect(result).toBe(asRead(field, value, base));
        }
        expect(reader.hasFailedReads).toBe(length < writer.lengthBytes);
      }
    }),
    propertyParameters("stream of many types, cut at every length", 150),
  );
});

it("any bytes: nothing throws, nothing is read beyond the end, a failure is zero", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(call, { maxLength: 20 }), (buffer, calls) => {
      const reader = new DataStreamReader(buffer);
      for (const { name, baseline, leadBits } of calls) {
        const field = fieldOf(name);
        reader.readRawBits(leadBits);
        const failedBefore = reader.failedReads;
        const result = field.read(reader, baseline);
        expect(reader.failedReads - failedBefore).toBeLessThanOrEqual(1);
        if (reader.failedReads > failedBefore) expect(result).toBe(field.zero);
        expect(reader.bytesRead).toBeLessThanOrEqual(buffer.length);
      }
    }),
    propertyParameters("any bytes, DataStreamReader", 1000),
  );
});

describe("bits and words", () => {
  it("of floats and doubles read back, NaNs included", () => {
    const bits = fc.oneof(fc.nat(0x7fff_ffff), fc.constantFrom(0xffc0_0001, 0x7f80_0001, 0x8000_0000, 0xffff_ffff));
    fc.assert(
      fc.property(bits, bits, bits, bits, (low, high, baselineLow, baselineHigh) => {
        const writer = new DataStreamWriter(new Uint8Array(64));
        const baseline = new Words().set(baselineLow, baselineHigh);
        writer.writeFloatBits(low);
        writer.writeDoubleBits(low, high);
        writer.writePackedDoubleDeltaBits(low, high, baseline.double);
        writer.writePackedLongDeltaWords(low, high, baselineLow, baselineHigh);
        const reader = new DataStreamReader(writer.written);
        const words = new Words();
        expect(reader.readFloatBits()).toBe(low);
        reader.readDoubleBits(words);
        expect([words.low, words.high]).toEqual([low, high]);
        const isEqual = words.double === baseline.double;
        reader.readPackedDoubleDeltaBits(words, baselineLow, baselineHigh);
        expect([words.low, words.high]).toEqual(isEqual ? [baselineLow, baselineHigh] : [low, high]);
        reader.readPackedLongDeltaWords(words, baselineLow, baselineHigh);
        expect([words.low, words.high]).toEqual([low, high]);
      }),
      propertyParameters("round trip, bits and words", 500),
    );
  });
});

describe("texts and bytes", () => {
  it("any text is the UTF-8 that an encoder of the platform writes", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.constantFrom("", "\ud800", "\udc00x"),
        (text, half) => {
          const expected = new TextEncoder().encode(text + half);
          const target = new Uint8Array(expected.length + 1);
          expect(encodeUtf8(text + half, target)).toBe(expected.length);
          expect(target.subarray(0, expected.length)).toEqual(expected);
        },
      ),
      propertyParameters("UTF-8", 500),
    );
  });

  it("any bytes are kept in a fixed string, plain and packed", () => {
    const any = fc.uint8Array({ maxLength: maxStringBytes(128) });
    fc.assert(
      fc.property(any, any, (value, baseline) => {
        const writer = new DataStreamWriter(new Uint8Array(1024));
        writer.writeFixedString(128, value);
        writer.writePackedFixedStringDelta(128, value, baseline);
        const reader = new DataStreamReader(writer.written);
        expect(reader.readFixedStringBytes(128)).toEqual(value);
        expect(reader.readPackedFixedStringDeltaBytes(128, baseline)).toEqual(value);
      }),
      propertyParameters("round trip, bytes of fixed strings", 300),
    );
  });
});
