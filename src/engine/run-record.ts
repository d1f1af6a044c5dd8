// The books of a run on the main thread: seconds are added up, lost workers are accounted for. Starts and stops nothing.
import type { ClientOutcome } from "../metrics/client-outcome.js";
import { lagLimitMs } from "../metrics/send-lag-limit.js";
import { type Snapshot, SnapshotTotal } from "../metrics/snapshot.js";
import type { Profile } from "../profile/profile.js";
import { shortestIntervalMs } from "../virtual-user/send-intervals.js";
import type { Plan } from "../workload/plan.js";
import { FirstTrouble } from "./first-trouble.js";
import { MachineCpu } from "./machine-cpu.js";
import type { CpuFigures, Interval, RunEnd, RunResult } from "./run-types.js";

export class RunRecord {
  readonly #profile: Profile;
  readonly #plan: Plan;
  readonly #whole = new SnapshotTotal();
  /** Without the warm-up. */
  readonly measured: SnapshotTotal;
  /** Sums a worker, for the books of one that is lost. */
  readonly #perWorker: SnapshotTotal[];
  readonly #lagLimitMs: number;
  readonly #trouble: FirstTrouble;
  readonly #machine = new MachineCpu();
  /** CPU of each worker over the run, ms. */
  readonly #workerCpuMs: number[];
  readonly #lost: number[] = [];
  readonly #outcomes: ClientOutcome[] = [];
  #startedAtMs = 0;
  #lastMs = 0;
  #measuredMs = 0;
  #peakConnected = 0;
  #lagging = 0;
  #longestLagging = 0;
  #cpu = process.cpuUsage();
  readonly #cpuAtStart = this.#cpu;
  #maxRssBytes = 0;
  #maxBacklogBytes = 0;

  constructor(profile: Profile, plan: Plan, workers: number) {
    this.#profile = profile;
    this.#plan = plan;
    this.measured = profile.warmupMs > 0 ? new SnapshotTotal() : this.#whole;
    this.#perWorker = Array.from({ length: workers }, () => new SnapshotTotal());
    this.#workerCpuMs = new Array<number>(workers).fill(0);
    this.#lagLimitMs = lagLimitMs(shortestIntervalMs(profile));
    this.#trouble = new FirstTrouble(this.#lagLimitMs);
  }

  get measuredSeconds(): number {
    return this.#measuredMs / 1000;
  }

  begin(startedAtMs: number): void {
    this.#startedAtMs = startedAtMs;
    this.#lastMs = startedAtMs;
    this.#whole.sums.clients_planned = this.#plan.clients.length;
    this.measured.sums.clients_planned = this.#plan.clients.length;
  }

  /** Adds one round of snapshots; gives the interval they make. */
  add(parts: readonly { index: number; snapshot: Snapshot }[], nowMs: number, isStopping: boolean): Interval {
    const total = new SnapshotTotal();
    const workerCpuMs = new Array<number>(this.#workerCpuMs.length).fill(0);
    for (const { index, snapshot } of parts) {
      total.add(snapshot);
      this.#perWorker[index]!.addSums(snapshot.sums);
      workerCpuMs[index]! += snapshot.thread?.cpuMs ?? 0;
    }
    for (const [index, cpuMs] of workerCpuMs.entries()) this.#workerCpuMs[index]! += cpuMs;
    const interval = this.#interval(total, workerCpuMs, nowMs, isStopping);
    this.#addUp(interval);
    return interval;
  }

  addOutcomes(outcomes: readonly ClientOutcome[]): void {
    for (const outcome of outcomes) this.#outcomes.push(outcome);
  }

  /** Worker `index` is gone; what it had told before may still come in. */
  lose(index: number): void {
    this.#lost.push(index);
    this.#trouble.note(this.#lastMs - this.#startedAtMs);
  }

  result(end: RunEnd, why: string | undefined): RunResult {
    for (const index of this.#lost.splice(0)) this.#balance(index);
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    const cpuSeconds = (user + system) / 1e6;
    const seconds = Math.max(0.001, (this.#lastMs - this.#startedAtMs) / 1000);
    return {
      end,
      why,
      startedAtMs: this.#startedAtMs,
      endedAtMs: this.#lastMs,
      whole: this.#whole,
      measured: this.measured,
      measuredSeconds: this.measuredSeconds,
      peakConnected: this.#peakConnected,
      outcomes: this.#outcomes,
      laggingSeconds: this.#longestLagging,
      lagLimitMs: this.#lagLimitMs,
      cpuSeconds,
      cpuPercent: (cpuSeconds / seconds) * 100,
      maxRssBytes: this.#maxRssBytes,
      cpu: cpuFigures(this.#workerCpuMs, seconds * 1000, this.#machine.meanPercent),
      maxBacklogBytes: this.#maxBacklogBytes,
      firstTroubleMs: this.#trouble.atMs,
    };
  }

  /**
   * Balances the books of a lost worker: its clients that were still joining count as cancelled, those that were connected as alive at
   * the end (the loss cut them).
   */
  #balance(index: number): void {
    const worker = this.#perWorker[index]!;
    const joining =
      worker.sum("clients_started") -
      worker.sum("clients_connected_ever") -
      worker.sum("clients_failed") -
      worker.sum("clients_cancelled");
    const alive = worker.sum("connect_established") - worker.sum("disconnects") - worker.sum("clients_alive_at_end");
    const sums = { clients_cancelled: joining, clients_alive_at_end: alive };
    this.#whole.addSums(sums);
    if (this.measured !== this.#whole) this.measured.addSums(sums);
  }

  #interval(total: SnapshotTotal, workerCpuMs: readonly number[], nowMs: number, isStopping: boolean): Interval {
    const cpu = process.cpuUsage();
    const spentUs = cpu.user + cpu.system - this.#cpu.user - this.#cpu.system;
    this.#cpu = cpu;
    const lengthMs = Math.max(1, nowMs - this.#lastMs);
    const elapsedMs = nowMs - this.#startedAtMs;
    return {
      startMs: this.#lastMs,
      endMs: nowMs,
      elapsedMs,
      phase: isStopping ? "stopping" : this.#phaseAt(elapsedMs),
      total,
      cpuPercent: spentUs / 10 / lengthMs,
      rssBytes: process.memoryUsage.rss(),
      cpu: cpuFigures(workerCpuMs, lengthMs, this.#machine.takePercent()),
    };
  }

  #addUp(interval: Interval): void {
    const isMeasured = interval.startMs - this.#startedAtMs >= this.#profile.warmupMs;
    this.#whole.addTotal(interval.total);
    if (isMeasured && this.measured !== this.#whole) this.measured.addTotal(interval.total);
    // Values of the moment are judged as they were before everybody left.
    if (interval.phase !== "stopping") {
      for (const total of [this.#whole, this.measured]) Object.assign(total.gauges, interval.total.gauges);
    }
    if (isMeasured) this.#measuredMs += interval.endMs - interval.startMs;
    this.#lastMs = interval.endMs;
    this.#peakConnected = Math.max(this.#peakConnected, interval.total.gauges.clients_connected_peak ?? 0);
    this.#maxRssBytes = Math.max(this.#maxRssBytes, interval.rssBytes);
    this.#maxBacklogBytes = Math.max(this.#maxBacklogBytes, interval.total.gauges.socket_backlog_bytes ?? 0);
    const isLagging = this.#trouble.look(interval);
    this.#lagging = isLagging ? this.#lagging + 1 : 0;
    this.#longestLagging = Math.max(this.#longestLagging, this.#lagging);
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

function cpuFigures(workerCpuMs: readonly number[], lengthMs: number, machinePercent: number): CpuFigures {
  return { workerPercent: workerCpuMs.map((cpuMs) => (100 * cpuMs) / lengthMs), machinePercent };
}
