// The books of a run on the main thread: workers are added up to seconds, lost ones are accounted for. Starts and stops nothing.
import type { EndOfRun, Interval, IntervalCpu, RunFigures } from "../metrics/interval.js";
import { openClients, RunTotals } from "../metrics/run-totals.js";
import { lagLimitMs } from "../metrics/send-lag-limit.js";
import { type Snapshot, SnapshotTotal } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import { shortestIntervalMs } from "../virtual-user/send-intervals.js";
import type { Plan } from "../workload/plan.js";
import { MachineCpu } from "./machine-cpu.js";
import type { RunStart } from "./run-types.js";

/** What worker `index` told. */
export interface WorkerSnapshot {
  readonly index: number;
  readonly snapshot: Snapshot;
}

export class RunRecord {
  readonly start: RunStart;
  readonly #profile: Profile;
  readonly #totals: RunTotals;
  /** Sums a worker, for the books of one that is lost. */
  readonly #perWorker: SnapshotTotal[];
  /** Connected at each worker's last snapshot. */
  readonly #connected: number[];
  /** Of changes by hand, for the interval under way. */
  #adjustments = 0;
  #plannedMore = 0;
  /** How many lost workers were told of. */
  #lostCount = 0;
  #lastMs: number;
  readonly #machine = new MachineCpu();
  #cpu = process.cpuUsage();

  /** @param startedAtMs The plan's start, ms since the epoch; whole ms from here on, so that files hold all of it. */
  constructor(profile: Profile, plan: Plan, workers: number, startedAtMs: number) {
    this.#profile = profile;
    this.start = {
      startedAtMs: Math.round(startedAtMs),
      plannedClients: plan.clients.length,
      lagLimitMs: lagLimitMs(shortestIntervalMs(profile)),
    };
    this.#totals = new RunTotals({ ...this.start, hasWarmup: profile.warmupMs > 0 });
    this.#perWorker = Array.from({ length: workers }, () => new SnapshotTotal());
    this.#connected = new Array<number>(workers).fill(0);
    this.#lastMs = this.start.startedAtMs;
  }

  /** Without the warm-up. */
  get measured(): SnapshotTotal {
    return this.#totals.measured;
  }

  get measuredSeconds(): number {
    return this.#totals.measuredSeconds;
  }

  /** As the workers told last. */
  get connectedPerWorker(): readonly number[] {
    return this.#connected;
  }

  /** A person has changed the run; so many clients more are planned. It is told with the interval under way. */
  adjust(plannedMore: number): void {
    this.#adjustments++;
    this.#plannedMore += plannedMore;
  }

  /** Adds one round of snapshots; gives the interval they make. `lostWorkers`: all up to now. */
  add(
    parts: readonly WorkerSnapshot[],
    nowMs: number,
    isStopping: boolean,
    lostWorkers: readonly number[] = [],
  ): Interval {
    return this.#addInterval(this.#totalOf(parts, lostWorkers), parts, nowMs, isStopping);
  }

  /** The last round, with the end of the run. The books of `lostWorkers` are balanced in it. */
  addLast(
    parts: readonly WorkerSnapshot[],
    nowMs: number,
    isStopping: boolean,
    ended: EndOfRun,
    lostWorkers: readonly number[],
  ): Interval {
    const total = this.#totalOf(parts, lostWorkers);
    for (const index of lostWorkers) total.addSums(openClients(this.#perWorker[index]!));
    return this.#addInterval(total, parts, nowMs, isStopping, ended);
  }

  figures(): RunFigures {
    return this.#totals.figures();
  }

  #totalOf(parts: readonly WorkerSnapshot[], lostWorkers: readonly number[]): SnapshotTotal {
    const total = new SnapshotTotal();
    for (const { index, snapshot } of parts) {
      total.add(snapshot);
      this.#perWorker[index]!.addSums(snapshot.sums);
      this.#connected[index] = snapshot.gauges.clients_connected ?? 0;
    }
    if (this.#adjustments > 0) total.addSums({ run_adjustments: this.#adjustments });
    if (this.#plannedMore > 0) total.addSums({ clients_planned: this.#plannedMore });
    const lostCount = lostWorkers.length - this.#lostCount;
    if (lostCount > 0) total.addSums({ workers_lost: lostCount });
    this.#lostCount = lostWorkers.length;
    this.#adjustments = 0;
    this.#plannedMore = 0;
    return total;
  }

  #addInterval(
    total: SnapshotTotal,
    parts: readonly WorkerSnapshot[],
    nowMs: number,
    isStopping: boolean,
    ended?: EndOfRun,
  ): Interval {
    const interval = {
      ...this.#interval(total, Math.max(this.#lastMs, Math.round(nowMs)), isStopping),
      cpu: this.#cpuOf(parts),
      outcomes: parts.flatMap(({ snapshot }) => snapshot.outcomes ?? []),
      ...(ended !== undefined && { ended }),
    };
    this.#totals.add(interval);
    return interval;
  }

  #interval(total: SnapshotTotal, nowMs: number, isStopping: boolean): Omit<Interval, "outcomes" | "cpu"> {
    const cpu = process.cpuUsage();
    const spentUs = cpu.user + cpu.system - this.#cpu.user - this.#cpu.system;
    this.#cpu = cpu;
    const startMs = this.#lastMs;
    this.#lastMs = nowMs;
    const { startedAtMs } = this.start;
    const elapsedMs = nowMs - startedAtMs;
    return {
      startMs,
      endMs: nowMs,
      elapsedMs,
      phase: isStopping ? "stopping" : this.#phaseAt(elapsedMs),
      isWarmup: startMs - startedAtMs < this.#profile.warmupMs,
      total,
      cpuMs: spentUs / 1000,
      cpuPercent: spentUs / 10 / Math.max(1, nowMs - startMs),
      rssBytes: process.memoryUsage.rss(),
    };
  }

  #cpuOf(parts: readonly WorkerSnapshot[]): IntervalCpu {
    const workerUs = new Array<number>(this.#perWorker.length).fill(0);
    for (const { index, snapshot } of parts) workerUs[index]! += Math.round((snapshot.thread?.cpuMs ?? 0) * 1000);
    return { workerMs: workerUs.map((us) => us / 1000), machinePercent: this.#machine.takePercent() };
  }

  #phaseAt(elapsedMs: number): Interval["phase"] {
    let endMs = 0;
    let before = 0;
    for (const stage of this.#profile.stages) {
      endMs += stage.durationMs;
      if (elapsedMs <= endMs) return stage.target === before ? "hold" : "ramp";
      before = stage.target;
    }
    return "stopping";
  }
}
