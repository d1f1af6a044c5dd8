import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeHistogram,
  encodeHistogram,
  newHistogram,
  newRecordingHistogram,
  recordMs,
} from "../../../src/metrics/histogram.js";

const kinds = [
  { kind: "plain", create: newHistogram },
  { kind: "recording", create: newRecordingHistogram },
];
const PERCENTILES = [0, 1, 50, 95, 99.9, 100];

describe.each(kinds)("a $kind histogram", ({ create }) => {
  it("keeps every count through text and addition, whatever the values", () => {
    const durations = fc.array(fc.double({ min: 0, max: 5e7, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(durations, durations, (first, second) => {
        const total = newHistogram();
        const expected = newHistogram();
        for (const part of [first, second]) {
          const histogram = create();
          for (const valueMs of part) {
            recordMs(histogram, valueMs);
            recordMs(expected, valueMs);
          }
          total.add(decodeHistogram(encodeHistogram(histogram)));
        }
        expect(total.totalCount).toBe(first.length + second.length);
        for (const p of PERCENTILES) expect(total.getValueAtPercentile(p)).toBe(expected.getValueAtPercentile(p));
        expect(total.mean).toBeCloseTo(expected.mean, 6);
      }),
      { numRuns: 100 },
    );
  });

  it("forgets all at a reset, also the range it had grown to", () => {
    const histogram = create();
    recordMs(histogram, 90 * 60_000);
    histogram.reset();
    recordMs(histogram, 2);
    const back = decodeHistogram(encodeHistogram(histogram));
    expect([back.totalCount, back.maxValue, back.getValueAtPercentile(0)]).toEqual([1, 2000, 2000]);
  });

  it.each([
    { valueMs: -0.4, us: 0 },
    { valueMs: Number.NaN, us: 0 },
    { valueMs: 0, us: 0 },
    { valueMs: 1.2344, us: 1234 },
  ])("records $valueMs ms as $us microseconds", ({ valueMs, us }) => {
    const histogram = create();
    recordMs(histogram, valueMs);
    expect([histogram.totalCount, decodeHistogram(encodeHistogram(histogram)).maxValue]).toEqual([1, us]);
  });

  it("counts an endless value as 30 days", () => {
    const histogram = create();
    recordMs(histogram, Number.POSITIVE_INFINITY);
    const days = decodeHistogram(encodeHistogram(histogram)).maxValue / 86_400_000_000;
    expect(days).toBeCloseTo(30, 1);
  });
});

it("counts beyond 2^32 in one bucket of a total", () => {
  const total = newHistogram();
  total.recordValueWithCount(5, 2 ** 32 - 1);
  recordMs(total, 0.005);
  recordMs(total, 0.005);
  expect([total.totalCount, total.getValueAtPercentile(100)]).toEqual([2 ** 32 + 1, 5]);
  expect(decodeHistogram(encodeHistogram(newHistogram())).totalCount).toBe(0);
});
