// The tables of 8.3 as the protocol page prints them, against ours, which are built by rule.
import { describe, expect, it } from "vitest";
import {
  BASES,
  BUCKET_COUNT,
  BUCKET_OF_PEEK,
  bucketOf,
  CODE_BITS,
  CODE_WORDS,
  EXTRA_BITS,
} from "../../../../src/protocol/datastream/compression-model.js";

/** Base, extra bits, last value, code length, canonical word with its first bit left, word as emitted. */
const PAGE = [
  [0, 0, 0, 2, "00", 0],
  [1, 0, 1, 3, "010", 2],
  [2, 1, 3, 3, "011", 6],
  [4, 2, 7, 3, "100", 1],
  [8, 3, 15, 4, "1010", 5],
  [16, 4, 31, 4, "1011", 13],
  [32, 6, 95, 4, "1100", 3],
  [96, 8, 351, 5, "11010", 11],
  [352, 10, 1375, 5, "11011", 27],
  [1376, 12, 5471, 5, "11100", 7],
  [5472, 15, 38239, 6, "111010", 23],
  [38240, 18, 300383, 6, "111011", 55],
  [300384, 21, 2397535, 6, "111100", 15],
  [2397536, 24, 19174751, 6, "111101", 47],
  [19174752, 27, 153392479, 6, "111110", 31],
  [153392480, 32, 4294967295, 6, "111111", 63],
] as const;

const PEEKS = [
  [0, 3, 1, 6, 0, 4, 2, 9],
  [0, 3, 1, 7, 0, 5, 2, 12],
  [0, 3, 1, 6, 0, 4, 2, 10],
  [0, 3, 1, 8, 0, 5, 2, 14],
  [0, 3, 1, 6, 0, 4, 2, 9],
  [0, 3, 1, 7, 0, 5, 2, 13],
  [0, 3, 1, 6, 0, 4, 2, 11],
  [0, 3, 1, 8, 0, 5, 2, 15],
];

describe("the model", () => {
  it.each(PAGE.map((row, bucket) => [bucket, row] as const))("bucket %i is as the page has it", (bucket, row) => {
    const [base, extraBits, last, codeBits, canonical, emitted] = row;
    expect([BASES[bucket], EXTRA_BITS[bucket], CODE_BITS[bucket]]).toEqual([base, extraBits, codeBits]);
    expect(CODE_WORDS[bucket]).toBe(emitted);
    const firstBitLeft = [...emitted.toString(2).padStart(codeBits, "0")].reverse().join("");
    expect(firstBitLeft).toBe(canonical);
    expect([bucketOf(base), bucketOf(last)]).toEqual([bucket, bucket]);
    if (bucket > 0) expect(bucketOf(base - 1)).toBe(bucket - 1);
  });

  it("finds a bucket by 6 bits as the page's table does", () => {
    expect([...BUCKET_OF_PEEK]).toEqual(PEEKS.flat());
  });

  it("finds the bucket of every value around every power of two", () => {
    for (let bits = 0; bits <= 32; bits++) {
      for (const value of [2 ** bits - 1, 2 ** bits, 2 ** bits + 1].filter((value) => value < 2 ** 32)) {
        expect(bucketOf(value)).toBe(PAGE.findIndex(([, , last]) => value <= last));
      }
    }
    expect(BUCKET_COUNT).toBe(PAGE.length);
  });
});
