import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../src/profile/duration.js";

describe("parseDuration()", () => {
  const cases: [text: string, durationMs: number | undefined][] = [
    ["10s", 10_000],
    ["500ms", 500],
    ["1m30s", 90_000],
    ["2h", 7_200_000],
    ["1h2m3s4ms", 3_723_004],
    ["1.5s", 1500],
    ["0s", 0],
    ["0", 0],
    ["", undefined],
    ["10", undefined],
    ["s", undefined],
    ["-1s", undefined],
    ["+1s", undefined],
    ["1 s", undefined],
    ["1S", undefined],
    ["1d", undefined],
    ["30s1m", undefined],
    ["1s1s", undefined],
    [".5s", undefined],
    ["1e3s", undefined],
    ["10s ", undefined],
    ["Infinity", undefined],
  ];
  it.each(cases)("reads %j as %j ms", (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });
});

describe("formatDuration()", () => {
  const cases: [durationMs: number, text: string][] = [
    [0, "0s"],
    [1, "1ms"],
    [999, "999ms"],
    [1000, "1s"],
    [1500, "1.5s"],
    [60_000, "1m"],
    [60_001, "1m1ms"],
    [90_000, "1m30s"],
    [7_200_000, "2h"],
  ];
  it.each(cases)("writes %j ms as %j", (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it("writes what parseDuration() reads back, for any number of milliseconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (durationMs) => {
        expect(parseDuration(formatDuration(durationMs))).toBeCloseTo(durationMs, 6);
      }),
    );
  });
});
