// What a person reads of a histogram: count, mean and percentiles in ms. It measures and stores nothing.
import type { Histogram } from "hdr-histogram-js";

/** Times in ms; `null` where the histogram is empty, never 0. */
export interface Distribution {
  count: number;
  min: number | null;
  mean: number | null;
  max: number | null;
  stdDev: number | null;
  p50: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  "p99.9": number | null;
  "p99.99": number | null;
}

const PERCENTILES = [50, 75, 90, 95, 99, 99.9, 99.99] as const;
type PercentileKey = `p${(typeof PERCENTILES)[number]}`;

/** Whole microseconds as ms: what the histogram can tell apart, and no digit more. */
function toMs(valueUs: number): number {
  return Math.round(valueUs) / 1000;
}

/**
 * The value at `percentile` (0..100, decimals allowed) in ms; 0 gives the minimum, 100 the maximum, an empty histogram `null`.
 * The library answers with the upper end of a bucket, which may lie beyond the largest value: then that value is given.
 */
export function percentileMs(histogram: Histogram, percentile: number): number | null {
  if (histogram.totalCount === 0) return null;
  return toMs(Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue));
}

/** The mean in ms, `null` where there is nothing; from the middles of buckets, so kept between minimum and maximum. */
export function meanMs(histogram: Histogram): number | null {
  if (histogram.totalCount === 0) return null;
  // The library's own minimum leaves out zeros; its 0th percentile does not.
  const minUs = histogram.getValueAtPercentile(0);
  return toMs(Math.min(Math.max(histogram.mean, minUs), histogram.maxValue));
}

/** Width of a bucket, as a share of its values. */
const BUCKET_SHARE = 0.001;

/** How many values are above `valueMs`, as far as 3 digits tell. */
export function countAbove(histogram: Histogram, valueMs: number): number {
  if (histogram.totalCount === 0) return 0;
  // The library tells values of percentiles, not the other way round, and of each the upper end of its bucket.
  const limitUs = valueMs * 1000 * (1 + BUCKET_SHARE);
  let below = 0;
  let above = histogram.totalCount;
  while (below < above) {
    const rank = Math.ceil((below + above) / 2);
    const isAbove = histogram.getValueAtPercentile((100 * rank) / histogram.totalCount) > limitUs;
    if (isAbove) above = rank - 1;
    else below = rank;
  }
  return histogram.totalCount - below;
}

/** All figures of a histogram of microseconds, in ms. */
export function distributionOf(histogram: Histogram): Distribution {
  const isEmpty = histogram.totalCount === 0;
  const at = Object.fromEntries(PERCENTILES.map((p) => [`p${p}`, percentileMs(histogram, p)]));
  return {
    count: histogram.totalCount,
    min: percentileMs(histogram, 0),
    mean: meanMs(histogram),
    max: percentileMs(histogram, 100),
    stdDev: isEmpty ? null : toMs(histogram.stdDeviation),
    ...(at as Record<PercentileKey, number | null>),
  };
}
