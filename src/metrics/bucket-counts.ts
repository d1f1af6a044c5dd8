// Counts an HDR histogram into the few wide buckets that other systems keep. Whole counts are moved; no sample is recorded anew.
import hdr, { type Histogram } from "hdr-histogram-js";

const { JsHistogram } = hdr;

/** Histograms added up by bucket: what Prometheus and OpenTelemetry call an explicit-bucket histogram. */
export class BucketCounts {
  /** Upper ends of the buckets in microseconds, inclusive, ascending; one more bucket lies above the last. */
  readonly boundsUs: readonly number[];
  /** Of each bucket by itself; one more than there are bounds. */
  readonly counts: number[];
  totalCount = 0;
  /** To the histogram's 3 digits, like its mean. */
  sumUs = 0;

  constructor(boundsUs: readonly number[]) {
    this.boundsUs = boundsUs;
    this.counts = new Array<number>(boundsUs.length + 1).fill(0);
  }

  /**
   * Adds all that `histogram` holds. Every count goes to one bucket, by the lower end of its HDR range: exactly below 2.048 ms, to 0.1%
   * above.
   *
   * @throws {RangeError} If it is one for recording: those cannot be looked into.
   */
  add(histogram: Histogram): void {
    if (!(histogram instanceof JsHistogram)) {
      throw new RangeError("Cannot count into buckets: histogram must be decoded, got one for recording");
    }
    let left = histogram.totalCount;
    let bucket = 0;
    this.sumUs += left === 0 ? 0 : histogram.mean * left;
    this.totalCount += left;
    for (let index = 0; left > 0 && index < histogram.countsArrayLength; index++) {
      const count = histogram.getCountAtIndex(index);
      if (count === 0) continue;
      const valueUs = histogram.valueFromIndex(index);
      while (bucket < this.boundsUs.length && valueUs > this.boundsUs[bucket]!) bucket++;
      this.counts[bucket]! += count;
      left -= count;
    }
  }

  /** What of this is not in any of `parts`, which have the same bounds. */
  without(parts: readonly BucketCounts[]): BucketCounts {
    const rest = new BucketCounts(this.boundsUs);
    const less = (whole: number, of: (part: BucketCounts) => number): number =>
      parts.reduce((left, part) => left - of(part), whole);
    for (const [bucket, count] of this.counts.entries())
      rest.counts[bucket] = less(count, (part) => part.counts[bucket]!);
    rest.totalCount = less(this.totalCount, (part) => part.totalCount);
    rest.sumUs = Math.max(
      0,
      less(this.sumUs, (part) => part.sumUs),
    );
    return rest;
  }
}
