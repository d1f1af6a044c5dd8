// What a comparison needs of a run: seconds with counts. Types only; run-facts-of.ts makes them of a stored result.
import type { ComparedTrend } from "./figures.js";

/** A histogram's buckets that hold something, by ascending value. */
export interface BucketCounts {
  /** The largest value of each bucket, ms. */
  readonly valuesMs: ArrayLike<number>;
  /** Samples in it, > 0. */
  readonly counts: ArrayLike<number>;
}

/** One second of the measured part, or several on end where a run is long. */
export interface SecondFacts {
  /** Goes up where the phase (ramp, hold, stopping) changes: seconds of one segment are alike, those of two are not. */
  readonly segment: number;
  readonly lengthMs: number;
  readonly messagesReceived: number;
  /** Trends without a sample are left out. */
  readonly trends: Readonly<Partial<Record<ComparedTrend, BucketCounts>>>;
}

export interface RunFacts {
  readonly seconds: readonly SecondFacts[];
  /** Of the whole run, as the summary has them. Failed attempts of all that came to an end. */
  readonly connectsFailed: number;
  readonly connectsFinished: number;
  /** Connections that ended although the client did not want it, of all that were made. */
  readonly connectionsLost: number;
  readonly connectionsMade: number;
}
