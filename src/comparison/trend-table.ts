// One trend of one run as counts by row and value, summed up in both directions, so that a percentile of any choice of rows is a few
// look-ups. Exact: no value is interpolated.
import type { Segment } from "./block-bootstrap.js";
import type { ComparedTrend } from "./figures.js";
import type { BucketCounts, SecondFacts } from "./run-facts.js";
import { segmentsOf } from "./segments.js";

export class TrendTable {
  /** Rows that are alike; only seconds with samples are rows. */
  readonly segments: readonly Segment[];
  readonly #rows: readonly BucketCounts[];
  readonly #valuesMs: Float64Array;
  /** At `row * values + value`: samples of all rows before `row` that are at most that value. */
  readonly #sums: Float64Array;

  constructor(seconds: readonly SecondFacts[], trend: ComparedTrend) {
    const filled = seconds.filter((second) => second.trends[trend] !== undefined);
    this.segments = segmentsOf(filled);
    this.#rows = filled.map((second) => second.trends[trend]!);
    this.#valuesMs = distinctValues(this.#rows);
    this.#sums = summedUp(this.#rows, this.#valuesMs);
  }

  /** All of them. */
  get samples(): number {
    return this.#sums.at(-1) ?? 0;
  }

  /**
   * The value in ms that `percentile` percent of the samples in these rows do not exceed; as HdrHistogram counts.
   *
   * @param blocks Pairs of from and to (excluded), with a sample at least.
   */
  percentileMs(blocks: Int32Array, length: number, percentile: number): number {
    const last = this.#valuesMs.length - 1;
    const samples = this.#atMost(blocks, length, last);
    // The tolerance takes back what the product was rounded up by.
    const wanted = Math.max(1, Math.ceil((percentile / 100) * samples * (1 - 1e-15)));
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#atMost(blocks, length, middle) >= wanted) high = middle;
      else low = middle + 1;
    }
    return this.#valuesMs[low]!;
  }

  /** The percentile of each row by itself. */
  rowPercentilesMs(percentile: number): number[] {
    return this.#rows.map((_, row) => this.percentileMs(Int32Array.of(row, row + 1), 2, percentile));
  }

  #atMost(blocks: Int32Array, length: number, value: number): number {
    const values = this.#valuesMs.length;
    let sum = 0;
    for (let i = 0; i < length; i += 2) {
      sum += this.#sums[blocks[i + 1]! * values + value]! - this.#sums[blocks[i]! * values + value]!;
    }
    return sum;
  }
}

function distinctValues(rows: readonly BucketCounts[]): Float64Array {
  const distinct = new Set<number>();
  for (const { valuesMs } of rows) for (let i = 0; i < valuesMs.length; i++) distinct.add(valuesMs[i]!);
  return Float64Array.from(distinct).sort();
}

function summedUp(rows: readonly BucketCounts[], valuesMs: Float64Array): Float64Array {
  const columns = valuesMs.length;
  const sums = new Float64Array((rows.length + 1) * columns);
  for (const [row, bucket] of rows.entries()) {
    let next = 0;
    let inRow = 0;
    for (let value = 0; value < columns; value++) {
      if (next < bucket.valuesMs.length && bucket.valuesMs[next] === valuesMs[value]) inRow += bucket.counts[next++]!;
      sums[(row + 1) * columns + value] = sums[row * columns + value]! + inRow;
    }
  }
  return sums;
}
