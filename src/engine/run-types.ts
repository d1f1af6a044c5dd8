// What a run is given and what it gives back. Types only.
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { SnapshotTotal } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";

export interface RunConfig {
  readonly profile: Profile;
  /** Worker threads, >= 1. */
  readonly workers: number;
  /** Stop at the first failed connection. */
  readonly failFast: boolean;
}

/** CPU of the threads and of the machine; of an interval or of the whole run. */
export interface CpuFigures {
  /** By worker, percent of one core. */
  readonly workerPercent: readonly number[];
  /** Of all cores and whoever uses them, 0 to 100. */
  readonly machinePercent: number;
}

/** One second of the run, all workers together. */
export interface Interval {
  /** Wall clock of the interval's start and end, ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** Since the plan's start, ms. */
  readonly elapsedMs: number;
  readonly phase: "ramp" | "hold" | "stopping";
  /** This interval only. */
  readonly total: SnapshotTotal;
  /** CPU of this process in this interval, percent of one core, and its resident memory. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
  /** Undefined: not measured. */
  readonly cpu?: CpuFigures;
}

/** How a run ended. `generatorLost`: a worker died. */
export type RunEnd = "completed" | "interrupted" | "aborted" | "generatorLost";

export interface RunResult {
  readonly end: RunEnd;
  /** In words, where the end was not `completed`: which threshold, which worker and its error. */
  readonly why: string | undefined;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Everything measured, and the same without the warm-up (the same object where there is none). */
  readonly whole: SnapshotTotal;
  readonly measured: SnapshotTotal;
  /** Length of what `measured` covers, seconds. */
  readonly measuredSeconds: number;
  readonly peakConnected: number;
  /** Of every client that was started, but those of a lost worker. */
  readonly outcomes: readonly ClientOutcome[];
  /** Seconds in a row, at most, in which the send lag p99 was over the limit of the contract. */
  readonly laggingSeconds: number;
  /** That limit: a quarter of the shortest send interval, at least 10 ms. */
  readonly lagLimitMs: number;
  readonly cpuSeconds: number;
  readonly cpuPercent: number;
  readonly maxRssBytes: number;
  /** Undefined: not measured. */
  readonly cpu?: CpuFigures;
  /** Most bytes that waited on the socket of one client. */
  readonly maxBacklogBytes?: number;
  /**
   * Since the plan's start: when the generator was first late (send lag or timers beyond the limit), dropped a send of its own, was refused
   * a connection by this machine, or lost a worker. Undefined: never.
   */
  readonly firstTroubleMs?: number | undefined;
}

/** Called by the engine on the main thread. */
export interface RunHooks {
  /** Before the first connection. `plannedClients`: all that the plan will start. */
  onStart?(startedAtMs: number, plannedClients: number): void;
  /** Once a second, and once at the end for the rest. */
  onInterval?(interval: Interval): void;
  /** Asked after each interval, with all that was measured so far: a reason to stop the run early, or undefined. */
  shouldAbort?(measured: SnapshotTotal, measuredSeconds: number, elapsedMs: number): string | undefined;
  onLog?(line: string): void;
}

/** A run under way. */
export interface RunHandle {
  readonly result: Promise<RunResult>;
  /** First call: graceful, every client leaves with a Disconnect. Second call: now. */
  interrupt(): void;
}
