// What a run is given and what it gives back. Types only.
import type { EndOfRun, Interval, RunEnd, RunFigures } from "../metrics/interval.js";
import type { SnapshotTotal } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import type { Shard } from "../workload/plan.js";
import type { RunControl } from "./run-control.js";

export type { Interval, RunEnd };

export interface RunConfig {
  readonly profile: Profile;
  /** Worker threads, >= 1. */
  readonly workers: number;
  /** Stop at the first failed connection. */
  readonly failFast: boolean;
  /** The part of the plan to run; undefined: all of it. */
  readonly shard?: Shard;
}

/** What a run came to. */
export interface RunResult extends RunFigures, EndOfRun {}

/** What is known when the clients are about to start. */
export interface RunStart {
  /** Wall clock, whole ms since the epoch. */
  readonly startedAtMs: number;
  /** All that the plan will start. */
  readonly plannedClients: number;
  /** Send lag p99 of a second beyond this is the generator's fault. */
  readonly lagLimitMs: number;
}

/** Called by the engine on the main thread. */
export interface RunHooks {
  /**
   * When all threads are ready: the instant to start at, ms since the epoch; without it, at once. May wait, until the signal says that
   * the run is over before it began. If it rejects, so does the run, and nothing was sent.
   */
  startAt?(signal: AbortSignal): Promise<number>;
  /** Before the first connection. */
  onStart?(start: RunStart, control: RunControl): void;
  /** Once a second, and once at the end for the rest. */
  onInterval?(interval: Interval): void;
  /** Asked after each interval, with all that was measured so far: a reason to stop the run early, or undefined. */
  shouldAbort?(measured: SnapshotTotal, measuredSeconds: number, elapsedMs: number): string | undefined;
  /** The run stops before its plan's end. */
  onStopping?(end: RunEnd, why: string): void;
  onLog?(line: string): void;
}

/** A run under way. */
export interface RunHandle {
  readonly result: Promise<RunResult>;
  /** First call: graceful, every client leaves with a Disconnect. Second call: now. */
  interrupt(): void;
}
