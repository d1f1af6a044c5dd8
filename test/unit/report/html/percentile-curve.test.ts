import { describe, expect, it } from "vitest";
import { newHistogram, recordMs } from "../../../../src/metrics/histogram.js";
import { percentileChart } from "../../../../src/report/html/percentile-curve.js";

/** 1 ms, 2 ms, ... */
function upTo(count: number): ReturnType<typeof newHistogram> {
  const histogram = newHistogram();
  for (let valueMs = 1; valueMs <= count; valueMs++) recordMs(histogram, valueMs);
  return histogram;
}

const look = { label: "rtt", tone: "high", look: "line" } as const;

describe("percentileChart()", () => {
  it("goes from the smallest sample to the slowest, with the percentiles where they belong", () => {
    const chart = percentileChart("curve", [{ ...look, histogram: upTo(1000) }])!;
    const values = chart.series[0]!.values;
    const at = (x: number): number => values[chart.xs.indexOf(x)]!;
    expect([chart.xs[0], chart.xs.at(-1)]).toEqual([1, 1000]);
    expect(at(1)).toBe(1);
    expect(at(10) / 900).toBeCloseTo(1, 2);
    expect(at(100) / 990).toBeCloseTo(1, 2);
    expect(at(1000) / 1000).toBeCloseTo(1, 2);
    const measured = values.filter((value) => value !== null);
    expect(measured).toEqual([...measured].sort((a, b) => a - b));
  });

  it("tells nothing of a curve beyond one sample in all of its own", () => {
    const chart = percentileChart("curve", [
      { ...look, histogram: upTo(1000) },
      { ...look, label: "ping", histogram: upTo(10) },
    ])!;
    const last = chart.xs.filter((_, index) => chart.series[1]!.values[index] !== null).at(-1);
    expect(last).toBe(10);
  });

  it("leaves out what has no samples", () => {
    const curves = [
      { ...look, histogram: newHistogram() },
      { ...look, histogram: undefined },
    ];
    expect(percentileChart("curve", curves)).toBeUndefined();
    expect(percentileChart("curve", [...curves, { ...look, histogram: upTo(1) }])?.series).toHaveLength(1);
  });
});
