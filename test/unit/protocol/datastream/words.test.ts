// Arithmetic on two words against the same on bigints, and zig-zag of both widths: a round trip alone would not see an error in both
// directions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unZigZag, Words, zigZag } from "../../../../src/protocol/datastream/words.js";
import { propertyParameters } from "../../../support/property.js";

const edges = [0n, 1n, -1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 32n)];
const long = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...edges));

it("two words compute as a bigint does", () => {
  fc.assert(
    fc.property(long, long, (value, baseline) => {
      const words = new Words().setLong(value);
      const from = new Words().setLong(baseline);
      expect([words.long, words.ulong]).toEqual([value, BigInt.asUintN(64, value)]);
      expect(words.subtractFrom(from.low, from.high).long).toBe(BigInt.asIntN(64, baseline - value));
      expect(words.setLong(value).zigZag().ulong).toBe(value < 0n ? -2n * value - 1n : 2n * value);
      expect(words.unZigZag().long).toBe(value);
      // Signed words, as bit operations leave them, are as good.
      expect(words.setLong(value).subtractFrom(from.low | 0, from.high | 0).long).toBe(
        BigInt.asIntN(64, baseline - value),
      );
    }),
    propertyParameters("words", 1000),
  );
});

describe("zig-zag of 32 bits", () => {
  it.each([
    [0, 0],
    [-1, 1],
    [1, 2],
    [-2, 3],
    [0x7fff_ffff, 0xffff_fffe],
    [-0x8000_0000, 0xffff_ffff],
  ])("%i is %i", (value, zigZagged) => {
    expect(zigZag(value)).toBe(zigZagged);
    expect(unZigZag(zigZagged)).toBe(value);
  });
});
