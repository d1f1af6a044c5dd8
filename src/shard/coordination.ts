// What a process has to agree on with the other shards of its run: the start, and an end that comes early. Waits and tells; runs nothing.
import { createHash } from "node:crypto";
import type { Shard } from "../workload/plan.js";
import { Barrier } from "./barrier.js";
import { type ClockOffset, SYSTEM_CLOCK, type WallClock } from "./clock-offset.js";

export interface CoordinationOptions {
  /** The part of the plan that this process runs; undefined: all of it. */
  readonly shard?: Shard;
  /** Where the shards meet; needs `shard`. */
  readonly barrier?: { readonly folder: string; readonly timeoutMs: number };
  /** Not before this instant, ms since the epoch; with a barrier on the folder's clock. */
  readonly startAtMs?: number;
}

/** Workers get to know of the start a moment before: they make their clients then. */
const WORKER_LEAD_MS = 1000;

export class Coordination {
  readonly #options: CoordinationOptions;
  readonly #barrier: Barrier | undefined;
  readonly #log: (line: string) => void;
  readonly #clock: WallClock;

  /**
   * @param plan What is to be run, the same text for all shards.
   * @throws {EnvironmentError} If the barrier's folder cannot be used, or its run has begun.
   */
  constructor(options: CoordinationOptions, plan: string, log: (line: string) => void, clock = SYSTEM_CLOCK) {
    const { shard, barrier, startAtMs } = options;
    this.#options = options;
    this.#log = log;
    this.#clock = clock;
    if (barrier === undefined || shard === undefined) return;
    const fingerprint = createHash("sha256").update(plan).digest("hex");
    this.#barrier = Barrier.open({
      ...barrier,
      shard,
      fingerprint,
      clock,
      ...(startAtMs !== undefined && { notBeforeMs: startAtMs }),
    });
  }

  /** How far the clock of the shared folder is from ours; undefined: there is no such folder. */
  get clock(): ClockOffset | undefined {
    return this.#barrier?.offset;
  }

  /**
   * The instant to start at, ms since the epoch. With a barrier it comes back when all shards are ready, else at once.
   *
   * @throws {EnvironmentError} If shards are missing after the barrier's time, or are of another run.
   */
  async startAt(signal: AbortSignal): Promise<number> {
    const { shard, barrier, startAtMs } = this.#options;
    if (this.#barrier !== undefined) {
      this.#log(`shard ${shard!.index} is ready; waiting for all ${shard!.count} at ${barrier!.folder}`);
    }
    const atMs = (await this.#barrier?.agree(signal)) ?? startAtMs ?? 0;
    const { nowMs, sleep } = this.#clock;
    if (atMs > nowMs()) this.#log(`the run starts at ${new Date(atMs).toISOString()}`);
    while (!signal.aborted && nowMs() < atMs - WORKER_LEAD_MS) await sleep(atMs - WORKER_LEAD_MS - nowMs(), signal);
    return atMs;
  }

  /** This shard stops for a reason that concerns all. */
  stopAll(why: string): void {
    this.#barrier?.stopAll(why);
  }

  /** Why another shard wants all to stop; undefined: none does. */
  stopReason(): string | undefined {
    return this.#barrier?.stopReason();
  }
}
