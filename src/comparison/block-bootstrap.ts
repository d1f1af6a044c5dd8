// Moving-block bootstrap: how far a figure of a run could be off by chance. Seconds next to each other are alike, so they are drawn
// in blocks, each within its segment. Seeded; it knows nothing of metrics.
import type { Random } from "../workload/random.js";

/** Rows `from`..`to` (excluded) of a table, which are alike but for chance. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

/** A figure of the rows in `blocks`: pairs of from and to (excluded), `length` numbers of them. */
export type BlockStatistic = (blocks: Int32Array, length: number) => number;

export interface Spread {
  /** Standard error of the figure. */
  readonly standardError: number;
  /** How well that is known: blocks that do not overlap, less one a segment; at least 1. */
  readonly degreesOfFreedom: number;
}

/** The standard error is known to a twentieth by then, better than the seconds themselves know it. */
const RESAMPLES = 200;
const TWO_POWER_32 = 2 ** 32;

/** Long enough to hold what hangs together, short enough to leave several: the root of the rows, at most a quarter of them. */
export function blockLength(rows: number): number {
  return Math.max(1, Math.min(Math.round(Math.sqrt(rows)), Math.floor(rows / 4)));
}

/** The whole table, as blocks. */
export function allBlocks(segments: readonly Segment[]): Int32Array {
  return Int32Array.from(segments.flatMap(({ from, to }) => [from, to]));
}

/**
 * The spread of `statistic` over resamples of its rows.
 *
 * @param segments Not empty, each with a row at least.
 */
export function blockBootstrap(segments: readonly Segment[], statistic: BlockStatistic, random: Random): Spread {
  const blocks = new Int32Array(segments.reduce((sum, segment) => sum + 2 * blocksOf(segment), 0));
  let mean = 0;
  let squares = 0;
  for (let resample = 1; resample <= RESAMPLES; resample++) {
    const value = statistic(blocks, draw(segments, blocks, random));
    const away = value - mean;
    mean += away / resample;
    squares += away * (value - mean);
  }
  const independent = segments.reduce((sum, { from, to }) => sum + (to - from) / blockLength(to - from), 0);
  const degreesOfFreedom = Math.max(1, independent - segments.length);
  // Blocks vary about the mean of these rows, not about the true one: as in a sample's variance, n over n - 1.
  const correction = (independent / degreesOfFreedom) * beyondBlocks(segments, statistic);
  return { standardError: Math.sqrt((squares / (RESAMPLES - 1)) * correction), degreesOfFreedom };
}

/** More than this is a slope rather than a memory, and no block is long enough for it. */
const MOST_MEMORY = 0.9;

/** The factor on the variance for what reaches from one block into the next: rows taken as a process that keeps a share of its last value. */
function beyondBlocks(segments: readonly Segment[], statistic: BlockStatistic): number {
  const longest = segments.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  const memory = memoryOf(segments, statistic);
  const length = blockLength(longest);
  const outside = (2 * memory * (1 - memory ** length)) / (length * (1 - memory ** 2));
  return 1 / (1 - outside);
}

/** The correlation of each row with the next, 0..MOST_MEMORY, freed from the bias that a short series has. */
function memoryOf(segments: readonly Segment[], statistic: BlockStatistic): number {
  let products = 0;
  let squares = 0;
  let rows = 0;
  for (const { from, to } of segments) {
    const values = Array.from({ length: to - from }, (_, row) =>
      statistic(Int32Array.of(from + row, from + row + 1), 2),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const [row, value] of values.entries()) {
      squares += (value - mean) ** 2;
      if (row > 0) products += (value - mean) * (values[row - 1]! - mean);
    }
    rows += values.length;
  }
  if (squares === 0) return 0;
  const found = products / squares;
  return Math.min(MOST_MEMORY, Math.max(0, found + (1 + 3 * found) / rows));
}

function blocksOf({ from, to }: Segment): number {
  return Math.ceil((to - from) / blockLength(to - from));
}

/** Fills `blocks` with as many rows of each segment as it has; gives the number of entries. */
function draw(segments: readonly Segment[], blocks: Int32Array, random: Random): number {
  let at = 0;
  for (const { from, to } of segments) {
    const length = blockLength(to - from);
    const starts = to - from - length + 1;
    for (let left = to - from; left > 0; left -= length) {
      const start = from + Math.floor((random.uint32() / TWO_POWER_32) * starts);
      blocks[at++] = start;
      blocks[at++] = start + Math.min(length, left);
    }
  }
  return at;
}
