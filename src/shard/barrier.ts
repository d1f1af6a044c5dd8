// Shards of a run agree on one instant to start at, and on stopping, by files in a folder that all of them see. No network, no leader.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "../errors.js";
import type { Shard } from "../workload/plan.js";
import { type BarrierFiles, barrierFiles, makeBarrierFolder, readyName, type ShardReady } from "./barrier-files.js";
import { type ClockOffset, measureClockOffset, SYSTEM_CLOCK, type WallClock } from "./clock-offset.js";
import { readObject, writeFirst, writeWhole } from "./shared-file.js";

export interface BarrierOptions {
  /** Seen by all shards, for one run: a second one wants another. */
  readonly folder: string;
  readonly shard: Shard;
  /** The same for all shards of a run: what is to be run. */
  readonly fingerprint: string;
  /** How long to wait for the others, ms. */
  readonly timeoutMs: number;
  /** No earlier than this, ms since the epoch. */
  readonly notBeforeMs?: number;
  readonly clock?: WallClock;
}

/** From the moment that all are ready to the start: every shard has to read of it in between. */
const LEAD_MS = 2000;
const POLL_MS = 100;

export class Barrier {
  readonly #options: BarrierOptions;
  readonly #files: BarrierFiles;
  readonly #clock: WallClock;
  /** Of the folder's clock. */
  readonly offset: ClockOffset;

  private constructor(options: BarrierOptions, files: BarrierFiles) {
    this.#options = options;
    this.#files = files;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    const probe = join(files.folder, `.clock-${options.shard.index}-${process.pid}`);
    this.offset = measureClockOffset(probe, this.#clock.nowMs);
  }

  /**
   * Opens the folder and checks that no run has gone through it; nothing is awaited yet.
   *
   * @throws {EnvironmentError} If it cannot be written, or its run has begun: a shard that was started again comes too late.
   */
  static open(options: BarrierOptions): Barrier {
    const files = barrierFiles(makeBarrierFolder(options.folder));
    const start = readObject(files.start);
    if (start === undefined) return new Barrier(options, files);
    const when =
      typeof start.atMs === "number" ? `it began at ${new Date(start.atMs).toISOString()}` : "it was given up";
    throw new EnvironmentError(
      `Cannot start ${named(options.shard)}: --barrier ${options.folder} must be of a run that has not begun, but ${when}`,
      "A shard that starts again is too late for its run, and what it had written stays; a new run needs a new folder",
    );
  }

  /**
   * Tells the others that this shard is ready, waits for all of them, and gives the instant to start at, ms since the epoch on this
   * machine's clock.
   *
   * @throws {EnvironmentError} After the time: with the names of those missing; or if another shard is of another run.
   */
  async agree(signal?: AbortSignal): Promise<number> {
    const { shard, fingerprint, timeoutMs } = this.#options;
    const own = join(this.#files.folder, readyName(shard.index));
    const ready: ShardReady = { ...shard, fingerprint, atMs: this.#folderNowMs, ...this.offset };
    writeWhole(own, ready);
    const untilMs = this.#clock.nowMs() + timeoutMs;
    for (;;) {
      const start = readObject(this.#files.start);
      if (typeof start?.atMs === "number") return start.atMs - this.#correctionMs;
      if (Array.isArray(start?.missing)) throw this.#late(start.missing.map(String));
      const missing = this.#missing();
      if (missing.length === 0) this.#propose();
      else if (this.#clock.nowMs() >= untilMs) this.#giveUp(missing);
      if (missing.length === 0 || this.#clock.nowMs() >= untilMs) continue;
      await this.#clock.sleep(POLL_MS, signal);
      if (signal?.aborted === true) {
        rmSync(own, { force: true });
        return this.#clock.nowMs();
      }
    }
  }

  /** Tells the other shards to stop. The first reason stays, whoever's it is. */
  stopAll(why: string): void {
    writeFirst(this.#files.stop, { shard: this.#options.shard.index, why });
  }

  /** Why another shard wants all to stop; undefined: none does. */
  stopReason(): string | undefined {
    const stop = readObject(this.#files.stop);
    if (stop === undefined || stop.shard === this.#options.shard.index) return undefined;
    return `shard ${String(stop.shard)} stopped the run: ${String(stop.why)}`;
  }

  get #folderNowMs(): number {
    return this.#clock.nowMs() + this.#correctionMs;
  }

  /** What is smaller than the measurement can tell is taken for none. */
  get #correctionMs(): number {
    const { offsetMs, uncertaintyMs } = this.offset;
    return Math.abs(offsetMs) > uncertaintyMs ? offsetMs : 0;
  }

  /** Whoever sees all of them ready says when; the first to say so is heard. */
  #propose(): void {
    const atMs = Math.max(this.#folderNowMs + LEAD_MS, this.#options.notBeforeMs ?? 0);
    writeFirst(this.#files.start, { atMs: Math.ceil(atMs), shard: this.#options.shard.index });
  }

  /** Nobody starts without those that are missing: it is decided in the same place as the start, so that it is one or the other. */
  #giveUp(missing: readonly number[]): void {
    writeFirst(this.#files.start, { missing, shard: this.#options.shard.index });
  }

  /** Indices of the shards that are not ready. */
  #missing(): number[] {
    const { shard, fingerprint } = this.#options;
    const names = new Set(readdirSync(this.#files.folder));
    const missing: number[] = [];
    for (let index = 0; index < shard.count; index++) {
      const name = readyName(index);
      const ready = names.has(name) ? readObject(join(this.#files.folder, name)) : undefined;
      if (ready === undefined) missing.push(index);
      else if (ready.count !== shard.count || ready.fingerprint !== fingerprint) throw this.#stranger(index, ready);
    }
    return missing;
  }

  #stranger(index: number, ready: Record<string, unknown>): EnvironmentError {
    const theirs = ready.count === this.#options.shard.count ? "another plan" : `${String(ready.count)} shards`;
    return new EnvironmentError(
      `Cannot start ${named(this.#options.shard)}: all shards at --barrier ${this.#options.folder} must be of one run, got shard ${index} of ${theirs}`,
      "Give every shard the same profile, flags and version, and each run a folder of its own",
    );
  }

  #late(missing: readonly string[]): EnvironmentError {
    const { shard, folder, timeoutMs } = this.#options;
    return new EnvironmentError(
      `Cannot start ${named(shard)}: all ${shard.count} shards must be ready within ${timeoutMs / 1000} s, but ${missing.map((index) => `shard ${index}`).join(", ")} ${missing.length === 1 ? "was" : "were"} not`,
      `See whether they were started, and whether they see ${folder}; --barrier-timeout gives them longer`,
    );
  }
}

function named({ index, count }: Shard): string {
  return `shard ${index} of ${count}`;
}
