// One second of a run, and what all seconds add up to: the same from a run under way as from a folder. Types only.
import type { ClientOutcome } from "./client-outcome.js";
import type { SnapshotTotal } from "./snapshot.js";

/** How a run ended. `generatorLost`: a worker or a shard was lost. `cut`: its process was killed, and nobody wrote an end. */
export type RunEnd = "completed" | "interrupted" | "aborted" | "generatorLost" | "cut";

/** In words, where the end was not `completed`: which threshold, which worker and its error. */
export interface EndOfRun {
  readonly end: RunEnd;
  readonly why: string | undefined;
}

/** CPU beside the generator's own, of an interval. */
export interface IntervalCpu {
  /** CPU time of each worker, ms with three decimals. */
  readonly workerMs: readonly number[];
  /** Of all cores, whoever uses them: 0 to 100 with one decimal. Of several machines, the busiest. */
  readonly machinePercent: number;
}

/** The same of a run. */
export interface RunCpu {
  /** By worker, percent of one core. */
  readonly workerPercent: readonly number[];
  /** The mean of all cores, 0 to 100. */
  readonly machinePercent: number;
}

/** One second of the run, all workers together. */
export interface Interval {
  /** Wall clock of the interval's start and end, whole ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** Its end since the plan's start, ms. */
  readonly elapsedMs: number;
  readonly phase: "ramp" | "hold" | "stopping";
  /** The summary leaves it out of messages, distributions and thresholds. */
  readonly isWarmup: boolean;
  /** This interval only. */
  readonly total: SnapshotTotal;
  /** CPU time of the generator in this interval, ms with three decimals, and the same as percent of one core. */
  readonly cpuMs: number;
  readonly cpuPercent: number;
  /** Resident memory of the generator. */
  readonly rssBytes: number;
  /** Left out: not measured. */
  readonly cpu?: IntervalCpu;
  /** Clients of which something became known: let in, or over. A later one of the same number replaces it. */
  readonly outcomes: readonly ClientOutcome[];
  /** The last interval of a run says how it ended. */
  readonly ended?: EndOfRun;
}

/** What the seconds of a run add up to. */
export interface RunFigures {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Everything measured, and the same without the warm-up (the same object where there is none). */
  readonly whole: SnapshotTotal;
  readonly measured: SnapshotTotal;
  /** Length of what `measured` covers, seconds. */
  readonly measuredSeconds: number;
  readonly peakConnected: number;
  /** Of every client that was started; of a lost worker, up to its last snapshot. */
  readonly outcomes: readonly ClientOutcome[];
  /** Seconds in a row, at most, in which the send lag p99 was over the limit of the contract. */
  readonly laggingSeconds: number;
  /** That limit: a quarter of the shortest send interval, at least 10 ms. */
  readonly lagLimitMs: number;
  readonly cpuSeconds: number;
  readonly cpuPercent: number;
  readonly maxRssBytes: number;
  /** Undefined: not measured. */
  readonly cpu: RunCpu | undefined;
  /** Most bytes that waited on the socket of one client. */
  readonly maxBacklogBytes: number;
  /**
   * Start of the second, since the plan's start, in which the generator was first late (send lag or timers beyond the limit), dropped a
   * send of its own, was refused a connection by its machine, or lost a worker. Undefined: never.
   */
  readonly firstTroubleMs: number | undefined;
}
