// The shape of a comparison as reports and --json have it, "utp-load/comparison@1". Types only; docs/compare.md explains each field.
import type { FigureComparison } from "./compare-runs.js";
import type { Method } from "./estimate.js";

/** One result of a side. */
export interface ComparedRun {
  readonly folder: string;
  readonly id: string;
  readonly startedAt: string;
  readonly target: string;
  readonly profile: string;
}

export interface Comparison {
  readonly schema: "utp-load/comparison@1";
  readonly base: readonly ComparedRun[];
  readonly new: readonly ComparedRun[];
  /** What the intervals are made from: seconds within the runs, or the runs of each side. */
  readonly method: Method;
  /** Of all intervals together, 0..1. */
  readonly confidence: number;
  /** What may explain a difference besides the server; a sentence each. */
  readonly warnings: readonly string[];
  /** Figures of which at least one side has a value. */
  readonly figures: readonly FigureComparison[];
  /** Ids of the figures that are worse by more than is allowed. */
  readonly regressions: readonly string[];
}
