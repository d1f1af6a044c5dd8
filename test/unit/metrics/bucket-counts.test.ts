// HDR histograms in wide buckets: every count is in one of them, and in the right one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BucketCounts } from "../../../src/metrics/bucket-counts.js";
import { newHistogram, newRecordingHistogram } from "../../../src/metrics/histogram.js";
import { propertyParameters } from "../../support/property.js";

const BOUNDS_US = [0, 500, 1000, 10_000, 1_000_000];

function counted(valuesUs: readonly number[], bounds: readonly number[] = BOUNDS_US): BucketCounts {
  const histogram = newHistogram();
  for (const valueUs of valuesUs) histogram.recordValue(valueUs);
  const buckets = new BucketCounts(bounds);
  buckets.add(histogram);
  return buckets;
}

describe("BucketCounts", () => {
  it.each([
    ["nothing", [], [0, 0, 0, 0, 0, 0]],
    ["zero at the bound 0", [0], [1, 0, 0, 0, 0, 0]],
    ["a value at its bound, and one above", [500, 501], [0, 1, 1, 0, 0, 0]],
    ["a value at a bound that HDR rounds", [10_000], [0, 0, 0, 1, 0, 0]],
    ["values above the last bound", [1_001_000, 3_000_000_000], [0, 0, 0, 0, 0, 2]],
  ])("counts %s", (_, valuesUs, counts) => {
    expect(counted(valuesUs).counts).toEqual(counts);
  });

  it("adds up over histograms", () => {
    const buckets = counted([400, 2000]);
    const more = newHistogram();
    more.recordValue(600);
    buckets.add(more);
    expect([buckets.counts, buckets.totalCount, buckets.sumUs]).toEqual([[0, 1, 1, 1, 0, 0], 3, 3000]);
  });

  it("tells what is in none of the parts", () => {
    const rest = counted([100, 200, 5000]).without([counted([100]), counted([5000])]);
    expect([rest.counts, rest.totalCount]).toEqual([[0, 1, 0, 0, 0, 0], 1]);
    expect(rest.sumUs).toBeCloseTo(200, 0);
  });

  it("refuses a histogram that it cannot look into", () => {
    expect(() => new BucketCounts(BOUNDS_US).add(newRecordingHistogram())).toThrow(RangeError);
  });

  it("loses no count, and misplaces none beyond HDR's digits", () => {
    const values = fc.array(fc.nat(5_000_000_000), { maxLength: 200 });
    const bounds = fc.uniqueArray(fc.nat(2_000_000_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, bounds, (valuesUs, unordered) => {
        const boundsUs = [...unordered].sort((a, b) => a - b);
        const { counts, totalCount, sumUs } = counted(valuesUs, boundsUs);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(valuesUs.length);
        expect(totalCount).toBe(valuesUs.length);
        const sum = valuesUs.reduce((total, value) => total + value, 0);
        expect(Math.abs(sumUs - sum)).toBeLessThanOrEqual(sum / 1000 + valuesUs.length);
        let below = 0;
        for (const [index, bound] of boundsUs.entries()) {
          below += counts[index]!;
          expect(below).toBeGreaterThanOrEqual(valuesUs.filter((value) => value <= bound).length);
          expect(below).toBeLessThanOrEqual(valuesUs.filter((value) => value <= bound * 1.001 + 1).length);
        }
      }),
      propertyParameters("bucket counts", 200),
    );
  });
});
