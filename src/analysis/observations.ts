// What a diagnosis sees beside the summary: the course of the run in time, and what became of each client. Pure.
import type { ClientOutcome } from "../metrics/client-outcome.js";
import { percentileMs } from "../metrics/distribution.js";
import type { Interval } from "../metrics/interval.js";
import type { Silence } from "../metrics/silence.js";
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
  readonly sent: number;
  readonly answered: number;
  readonly disconnects: Counts;
  /** Clients at its end. */
  readonly connected: number;
  /** Of an answer that came in it; undefined: none did. */
  readonly highestRttMs: number | undefined;
  /** The longest time, up to or in it, in which nothing arrived for any client; undefined: none was connected. */
  readonly silence: Silence | undefined;
}

/** What a diagnosis needs to know of how the run was set up. */
export type DiagnosedProfile = Pick<
  Profile,
  "payloadBytes" | "ratePerSecond" | "warmupMs" | "parameters" | "scenarios"
>;

/** Plain data: what is stored of a run gives the same diagnosis as the run itself. */
export interface Observations {
  readonly profile: DiagnosedProfile;
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
    sent: total.sum("messages_sent"),
    answered: total.sum("messages_answered"),
    disconnects: total.byTag("disconnects", "reason"),
    connected: total.gauges.clients_connected ?? 0,
    highestRttMs: percentileMs(total.trend("rtt"), 100) ?? undefined,
    silence: total.silence,
  };
}
