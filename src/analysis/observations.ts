// What a diagnosis sees beside the summary: the course of the run in time, and what became of each client. Pure.
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { Interval } from "../metrics/interval.js";
import type { Profile } from "../profile/profile.js";
import type { Counts } from "../result/summary.js";

/** One interval, as far as a diagnosis needs it; a few numbers a second, kept for the whole run. */
export interface SeriesPoint {
  /** The interval's end since the plan's start, and its length. */
  readonly elapsedMs: number;
  readonly intervalMs: number;
  /** In this interval. */
  readonly started: number;
  readonly established: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly disconnects: Counts;
}

export interface Observations {
  readonly profile: Pick<Profile, "payloadBytes" | "ratePerSecond" | "warmupMs" | "scenarios">;
  readonly series: readonly SeriesPoint[];
  /** Empty: not recorded. */
  readonly outcomes: readonly ClientOutcome[];
}

/** What to keep of an interval. */
export function seriesPointOf({ elapsedMs, startMs, endMs, total }: Interval): SeriesPoint {
  return {
    elapsedMs,
    intervalMs: endMs - startMs,
    started: total.sum("clients_started"),
    established: total.sum("connect_established"),
    failed: total.sum("connect_failed_attempts"),
    cancelled: total.sum("clients_cancelled"),
    disconnects: total.byTag("disconnects", "reason"),
  };
}
