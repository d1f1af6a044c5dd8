// Which sequence number is newer, and which id it stands for (protocol page 6.3 and 6.4.2), at the edges.
import { describe, expect, it } from "vitest";
import { isNewer, nearestId } from "../../../../src/protocol/pipelines/sequence-numbers.js";

describe("isNewer", () => {
  it.each([
    [0, 65_535, true],
    [65_535, 0, false],
    [1, 0, true],
    [0, 1, false],
    [5, 5, false],
    [16_384, 16_383, true],
    [16_383, 16_384, false],
    [32_767, 0, true],
    [0, 32_767, false],
    [32_768, 0, false],
    [0, 32_768, true],
    [100 + 32_767, 100, true],
    [100 + 32_768, 100, false],
    [100, 100 + 32_768, true],
    [32_766, 65_535, true],
    [32_767, 65_535, true],
    [32_768, 65_535, false],
  ])("%i after %i: %s", (sequence, last, expected) => {
    expect(isNewer(sequence, last)).toBe(expected);
  });
});

describe("nearestId", () => {
  it.each([
    ["none, before anything", 0xffff, -1, -1],
    ["the first", 0, -1, 0],
    ["a jump", 2039, -1, 2039],
    ["the same", 7, 7, 7],
    ["across the first quarter", 16_384, 16_383, 16_384],
    ["back across it", 16_383, 16_384, 16_383],
    ["across the wrap", 0, 65_535, 65_536],
    ["back across the wrap", 65_535, 65_536, 65_535],
    ["across the second wrap", 3, 131_070, 131_075],
    ["32767 ahead", 32_767, 0, 32_767],
    ["32768 apart: the older one", 32_768, 0, -32_768],
    ["far beyond 32 bits", 5, 2 ** 40 + 2, 2 ** 40 + 5],
    ["back, far beyond 32 bits", 0xfffe, 2 ** 40 + 2, 2 ** 40 - 2],
  ])("%s: %i seen from %i is %i", (_name, wire, referenceId, id) => {
    expect(nearestId(wire, referenceId)).toBe(id);
  });
});
