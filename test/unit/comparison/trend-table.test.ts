// Percentiles of any choice of rows, against a histogram of the same samples.
import { describe, expect, it } from "vitest";
import { allBlocks } from "../../../src/comparison/block-bootstrap.js";
import type { SecondFacts } from "../../../src/comparison/run-facts.js";
import { TrendTable } from "../../../src/comparison/trend-table.js";
import { percentileMs } from "../../../src/metrics/distribution.js";
import { bucketsOf, newHistogram, recordMs } from "../../../src/metrics/histogram.js";
import { seededRandom } from "../../support/random.js";

function histogramOf(valuesMs: readonly number[]) {
  const histogram = newHistogram();
  for (const valueMs of valuesMs) recordMs(histogram, valueMs);
  return histogram;
}

function secondOf(valuesMs: readonly number[], segment = 0): SecondFacts {
  const trends = valuesMs.length === 0 ? {} : { rtt: bucketsOf(histogramOf(valuesMs)) };
  return { segment, lengthMs: 1000, messagesReceived: valuesMs.length, trends };
}

const random = seededRandom(7);
const rows = Array.from({ length: 12 }, () =>
  Array.from({ length: 1 + Math.floor(200 * random()) }, () => 300 * random() ** 4),
);
const table = new TrendTable(
  rows.map((values) => secondOf(values)),
  "rtt",
);

describe("percentileMs", () => {
  it.each([0.1, 50, 95, 99])("p%f of all rows is the histogram's", (percentile) => {
    const blocks = allBlocks(table.segments);
    expect(table.percentileMs(blocks, blocks.length, percentile)).toBe(
      percentileMs(histogramOf(rows.flat()), percentile),
    );
  });

  it("of blocks, one of them twice, is that of their samples", () => {
    const chosen = [...rows.slice(2, 5), ...rows.slice(2, 5), ...rows.slice(9, 10)].flat();
    for (const percentile of [50, 95, 99]) {
      expect(table.percentileMs(Int32Array.of(2, 5, 2, 5, 9, 10), 6, percentile)).toBe(
        percentileMs(histogramOf(chosen), percentile),
      );
    }
  });
});

// A bucket is told by the largest value that it may stand for.
it("seconds without samples are no rows, and segments stay apart", () => {
  const seconds = [secondOf([1], 0), secondOf([], 0), secondOf([2, 3], 0), secondOf([4], 1), secondOf([], 2)];
  const sparse = new TrendTable(seconds, "rtt");
  expect(sparse.segments).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 3 },
  ]);
  expect(sparse.samples).toBe(4);
  expect(sparse.rowPercentilesMs(100)).toEqual([1, 3.001, 4.001]);
  expect(new TrendTable([secondOf([])], "rtt").samples).toBe(0);
});

it("bucketsOf holds every sample", () => {
  const histogram = histogramOf([0, 0, 0.0004, 5, 5.001, 70_000]);
  const { valuesMs, counts } = bucketsOf(histogram);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect([...valuesMs].sort((a, b) => a - b)).toEqual(valuesMs);
  expect(valuesMs[0]).toBe(0);
});
