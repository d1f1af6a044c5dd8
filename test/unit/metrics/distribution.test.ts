import { expect, it } from "vitest";
import { countAbove, distributionOf, meanMs, percentileMs } from "../../../src/metrics/distribution.js";
import { newHistogram, recordMs } from "../../../src/metrics/histogram.js";

function histogramOf(valuesMs: number[]) {
  const histogram = newHistogram();
  for (const valueMs of valuesMs) recordMs(histogram, valueMs);
  return histogram;
}

it("distributionOf() gives null, never 0, for what an empty histogram does not have", () => {
  const { count, ...rest } = distributionOf(newHistogram());
  expect(count).toBe(0);
  expect(Object.keys(rest)).toHaveLength(11);
  expect(new Set(Object.values(rest))).toEqual(new Set([null]));
});

it("distributionOf() of 1 to 100 ms", () => {
  const found = distributionOf(histogramOf(Array.from({ length: 100 }, (_, index) => index + 1)));
  expect(found.count).toBe(100);
  const near = { min: 1, mean: 50.5, max: 100, stdDev: 28.866, p50: 50, p75: 75, p90: 90, p95: 95, p99: 99 };
  for (const [key, value] of Object.entries(near)) {
    expect(Math.abs(found[key as keyof typeof near]! - value) / value, key).toBeLessThan(0.001);
  }
  expect(found["p99.99"]).toBe(100);
});

it("counts zeros in the minimum: a real 0 is a 0", () => {
  const found = distributionOf(histogramOf([0, 0, 0, 5]));
  expect([found.min, found.p50, found.max]).toEqual([0, 0, 5]);
});

it.each([[[40.728]], [[0.001]], [[3.3, 3_700_000]]])("keeps figures in order for %j ms", (valuesMs) => {
  const { min, p50, p99, max, mean } = distributionOf(histogramOf(valuesMs));
  expect(min! <= p50! && p50! <= p99! && p99! <= max!).toBe(true);
  expect(min! <= mean! && mean! <= max!).toBe(true);
  expect(max).toBe(Math.max(...valuesMs));
});

it("percentileMs() and meanMs() answer at the edges", () => {
  expect([percentileMs(newHistogram(), 50), meanMs(newHistogram())]).toEqual([null, null]);
  const histogram = histogramOf([1, 2, 3, 4]);
  expect([0, 25, 50, 99.999, 100].map((p) => percentileMs(histogram, p))).toEqual([1, 1, 2, 4, 4]);
  expect(meanMs(histogram)).toBeCloseTo(2.5, 2);
});

it.each([
  [[], 5, 0],
  [[1, 2, 3], 5, 0],
  [[1, 2, 3], 2, 1],
  [[7, 8, 9], 5, 3],
  [[1, 5, 5, 5, 9, 9], 5, 2],
  [[0, 0, 1000], 0, 1],
])("countAbove() of %j above %d: %d", (valuesMs, limitMs, count) => {
  expect(countAbove(histogramOf(valuesMs), limitMs)).toBe(count);
});
