// One run from the first thread to the last snapshot: plan, shares, workers, seconds, end. Results are data for others to judge.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { runPlan } from "../virtual-user/run-plan.js";
import { makePlan, type Plan, shareOfClients } from "../workload/plan.js";
import { BotCell } from "./bot-cell.js";
import { type RunControl, WorkerControl } from "./run-control.js";
import { RunRecord, type WorkerSnapshot } from "./run-record.js";
import type { RunConfig, RunEnd, RunHandle, RunHooks, RunResult } from "./run-types.js";
import { WorkerPool } from "./worker-pool.js";

/** From the last worker's readiness to the plan's start. */
const START_DELAY_MS = 50;
const SECOND_MS = 1000;
/** After the hard end a thread gets this long to tell its last figures. */
const CUT_TIMEOUT_MS = 2000;

/**
 * Starts a run. `profile.target` must be a URL here: the caller starts the embedded server.
 * The handle's `result` rejects only where the threads cannot be started.
 */
export function startRun(config: RunConfig, hooks: RunHooks = {}): RunHandle & { readonly faults: RunFaults } {
  const run = new Run(config, hooks);
  return { result: run.execute(), interrupt: () => run.interrupt(), faults: run };
}

/** Faults that tests inject into the generator itself. */
export interface RunFaults {
  /** Blocks a worker's thread. */
  block(workerIndex: number, forMs: number): void;
  /** Ends a worker as a crash would. */
  kill(workerIndex: number): Promise<void>;
}

/** More than anybody adds to one shard. */
const MAX_CLIENTS_BEYOND = 1_000_000;

class Run implements RunFaults {
  readonly #config: RunConfig;
  readonly #hooks: RunHooks;
  readonly #plan: Plan;
  /** Of the time before the start, when others are waited for. */
  readonly #waiting = new AbortController();
  readonly #lostWorkers: number[] = [];
  #pool: WorkerPool | undefined;
  #end: RunEnd = "completed";
  #why: string | undefined;
  #isStopping = false;
  #isCut = false;
  #allDone = false;
  /** When clients that are still there are cut; set once the stopping begins. */
  #cutAtMs = Number.POSITIVE_INFINITY;
  #wakeUp: (() => void) | undefined;

  constructor(config: RunConfig, hooks: RunHooks) {
    this.#config = config;
    this.#hooks = hooks;
    this.#plan = runPlan(config.profile, config.shard);
  }

  block(workerIndex: number, forMs: number): void {
    this.#pool?.tell(workerIndex, { type: "block", forMs });
  }

  async kill(workerIndex: number): Promise<void> {
    await this.#pool?.kill(workerIndex);
  }

  interrupt(): void {
    if (this.#isStopping && this.#end === "interrupted") return this.#cut();
    this.#stop("interrupted", "interrupted by the user");
  }

  async execute(): Promise<RunResult> {
    const { profile, workers } = this.#config;
    const plannedClients = makePlan(profile.stages).clients.length;
    const address = await singleAddress(profile.target);
    const hasBots = profile.scenarios?.some(({ bot }) => bot !== undefined) === true;
    const jobs = Array.from({ length: workers }, (_, index) => ({
      profile,
      clients: shareOfClients(this.#plan.clients, { index, count: workers }),
      plannedClients,
      url: profile.target,
      address,
      ...(hasBots && { botCell: new BotCell().buffer }),
    }));
    this.#pool = await WorkerPool.start(jobs, {
      onLost: (index, why) => this.#onLost(index, why),
      onFailed: (reason, detail) => {
        if (this.#config.failFast) this.#stop("aborted", `first failed connection: ${reason} (${detail})`);
      },
      onLog: (line) => this.#hooks.onLog?.(line),
      onAllDone: () => {
        this.#allDone = true;
        this.#wakeUp?.();
      },
    });
    const record = new RunRecord(profile, this.#plan, workers, await this.#startInstant());
    const { startedAtMs } = record.start;
    this.#hooks.onStart?.(record.start, this.#controlOf(this.#pool, record));
    if (this.#isStopping) this.#allDone = true;
    else this.#pool.tellAll({ type: "start", atEpochMs: startedAtMs });
    await this.#seconds(record);
    await this.#pool.close();
    return { ...record.figures(), end: this.#end, why: this.#why };
  }

  /** After the threads are ready, and where shards start together after all of them are. */
  async #startInstant(): Promise<number> {
    const soonMs = epochNowMs() + START_DELAY_MS;
    if (this.#hooks.startAt === undefined) return soonMs;
    try {
      return Math.max(soonMs, await this.#hooks.startAt(this.#waiting.signal));
    } catch (error) {
      await this.#pool?.close();
      throw error;
    }
  }

  /** Of clients that the plan does not have; each shard has a stretch of its own. */
  #firstNumberBeyond(): number {
    const { profile, shard } = this.#config;
    return makePlan(profile.stages).clients.length + (shard?.index ?? 0) * MAX_CLIENTS_BEYOND;
  }

  #controlOf(pool: WorkerPool, record: RunRecord): RunControl {
    return new WorkerControl({
      pool,
      record,
      plan: this.#plan,
      firstNumber: this.#firstNumberBeyond(),
      workers: this.#config.workers,
      elapsedMs: () => epochNowMs() - record.start.startedAtMs,
      isEnding: () => this.#isStopping || this.#allDone,
      stop: () => this.interrupt(),
      onLog: (line) => this.#hooks.onLog?.(line),
    });
  }

  /** One round a second until every worker is done. */
  async #seconds(record: RunRecord): Promise<void> {
    const { startedAtMs } = record.start;
    const plannedEndMs = startedAtMs + this.#plan.durationMs;
    let nextMs = startedAtMs + SECOND_MS;
    this.#cutAtMs = Math.min(this.#cutAtMs, plannedEndMs + this.#config.profile.gracefulStopMs);
    while (!this.#allDone) {
      await this.#sleepUntil(Math.min(nextMs, this.#cutAtMs));
      if (epochNowMs() >= this.#cutAtMs) await this.#cutAndWait();
      if (this.#allDone) break;
      if (epochNowMs() < nextMs) continue;
      this.#tick(record, await this.#collect());
      nextMs = Math.max(nextMs + SECOND_MS, epochNowMs());
    }
    const parts = await this.#collect();
    const ended = { end: this.#end, why: this.#why };
    this.#hooks.onInterval?.(record.addLast(parts, epochNowMs(), this.#isStopping, ended, this.#lostWorkers));
  }

  #tick(record: RunRecord, parts: WorkerSnapshot[]): void {
    const interval = record.add(parts, epochNowMs(), this.#isStopping);
    this.#hooks.onInterval?.(interval);
    if (this.#isStopping) return;
    const { measured, measuredSeconds } = record;
    const reason = this.#hooks.shouldAbort?.(measured, measuredSeconds, interval.elapsedMs);
    if (reason !== undefined) this.#stop("aborted", reason);
  }

  #collect(): Promise<WorkerSnapshot[]> {
    return this.#pool!.collect();
  }

  #stop(end: RunEnd, why: string): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#end = end;
    this.#why = why;
    this.#cutAtMs = Math.min(this.#cutAtMs, epochNowMs() + this.#config.profile.gracefulStopMs);
    this.#waiting.abort();
    this.#hooks.onStopping?.(end, why);
    this.#pool?.tellAll({ type: "leave" });
    this.#wakeUp?.();
  }

  #cut(): void {
    this.#cutAtMs = 0;
    this.#wakeUp?.();
  }

  async #cutAndWait(): Promise<void> {
    this.#cutAtMs = Number.POSITIVE_INFINITY;
    if (this.#isCut) return;
    this.#isCut = true;
    this.#isStopping = true;
    this.#pool!.tellAll({ type: "cut" });
    await this.#sleepUntil(epochNowMs() + CUT_TIMEOUT_MS);
    this.#allDone = true;
  }

  #onLost(index: number, why: string): void {
    this.#lostWorkers.push(index);
    this.#hooks.onLog?.(`worker ${index} was lost: ${why}`);
    this.#stop("generatorLost", `worker ${index} of ${this.#config.workers} was lost: ${why.split("\n")[0]}`);
    // A run that was stopping for another reason is invalid all the same.
    this.#end = "generatorLost";
  }

  async #sleepUntil(atMs: number): Promise<void> {
    if (this.#allDone) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, atMs - epochNowMs()));
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = undefined;
  }
}

function epochNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The one numeric address behind the target's name, so that thousands of clients need one look-up; undefined: several, or none. */
async function singleAddress(url: string): Promise<string | undefined> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) > 0) return host;
  try {
    const addresses = await lookup(host, { all: true });
    return addresses.length === 1 ? addresses[0]?.address : undefined;
  } catch {
    // The clients will meet the same error and report it, each with its reason.
    return undefined;
  }
}
