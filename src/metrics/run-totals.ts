// Adds up the seconds of a run, whoever tells them: the engine while it goes on, or a folder long after. Judges nothing.
import type { ClientOutcome } from "./client-outcome.js";
import { CpuTotals } from "./cpu-totals.js";
import { FirstTrouble } from "./first-trouble.js";
import type { Interval, RunFigures } from "./interval.js";
import { SnapshotTotal } from "./snapshot.js";

export interface RunTotalsOptions {
  readonly startedAtMs: number;
  /** All clients that the plan will start. */
  readonly plannedClients: number;
  readonly hasWarmup: boolean;
  /** Of the send lag p99 of a second, see `lagLimitMs`. */
  readonly lagLimitMs: number;
}

/** Memory stays flat however long the run: sums, one histogram a trend, and one outcome a client. */
export class RunTotals {
  readonly #options: RunTotalsOptions;
  readonly #whole = new SnapshotTotal();
  /** Without the warm-up. */
  readonly measured: SnapshotTotal;
  readonly #outcomes = new Map<number, ClientOutcome>();
  #lastMs: number;
  #measuredMs = 0;
  #peakConnected = 0;
  #lagging = 0;
  #longestLagging = 0;
  #cpuUs = 0;
  #maxRssBytes = 0;
  #maxBacklogBytes = 0;
  readonly #cpu = new CpuTotals();
  readonly #trouble: FirstTrouble;

  constructor(options: RunTotalsOptions) {
    this.#options = options;
    this.#lastMs = options.startedAtMs;
    this.#trouble = new FirstTrouble(options.lagLimitMs);
    this.measured = options.hasWarmup ? new SnapshotTotal() : this.#whole;
    this.#whole.sums.clients_planned = options.plannedClients;
    this.measured.sums.clients_planned = options.plannedClients;
  }

  get measuredSeconds(): number {
    return this.#measuredMs / 1000;
  }

  add(interval: Interval): void {
    const { total, isWarmup } = interval;
    this.#whole.addTotal(total);
    if (!isWarmup && this.measured !== this.#whole) this.measured.addTotal(total);
    // Values of the moment are judged as they were before everybody left.
    if (interval.phase !== "stopping") {
      for (const kept of [this.#whole, this.measured]) Object.assign(kept.gauges, total.gauges);
    }
    if (!isWarmup) this.#measuredMs += interval.endMs - interval.startMs;
    this.#lastMs = interval.endMs;
    this.#cpuUs += Math.round(interval.cpuMs * 1000);
    this.#peakConnected = Math.max(this.#peakConnected, total.gauges.clients_connected_peak ?? 0);
    this.#maxRssBytes = Math.max(this.#maxRssBytes, interval.rssBytes);
    this.#maxBacklogBytes = Math.max(this.#maxBacklogBytes, total.gauges.socket_backlog_bytes ?? 0);
    this.#cpu.add(interval);
    this.addOutcomes(interval.outcomes);
    this.#lagging = this.#trouble.look(interval) ? this.#lagging + 1 : 0;
    this.#longestLagging = Math.max(this.#longestLagging, this.#lagging);
  }

  /** A later outcome of the same client replaces the one before. */
  addOutcomes(outcomes: readonly ClientOutcome[]): void {
    for (const outcome of outcomes) this.#outcomes.set(outcome.number, outcome);
  }

  /** Nobody will tell the rest: clients that were joining count as cancelled, those that were connected as alive at the end. */
  closeBooks(): void {
    const sums = openClients(this.#whole);
    this.#whole.addSums(sums);
    if (this.measured !== this.#whole) this.measured.addSums(sums);
  }

  figures(): RunFigures {
    const { startedAtMs, lagLimitMs } = this.#options;
    const cpuSeconds = this.#cpuUs / 1e6;
    const seconds = Math.max(0.001, (this.#lastMs - startedAtMs) / 1000);
    return {
      startedAtMs,
      endedAtMs: this.#lastMs,
      whole: this.#whole,
      measured: this.measured,
      measuredSeconds: this.measuredSeconds,
      peakConnected: this.#peakConnected,
      outcomes: [...this.#outcomes.values()],
      laggingSeconds: this.#longestLagging,
      lagLimitMs,
      cpuSeconds,
      cpuPercent: (cpuSeconds / seconds) * 100,
      maxRssBytes: this.#maxRssBytes,
      cpu: this.#cpu.figures(seconds * 1000),
      maxBacklogBytes: this.#maxBacklogBytes,
      firstTroubleMs: this.#trouble.atMs,
    };
  }
}

/** The sums that balance the books of clients whose end nobody will tell. */
export function openClients(total: SnapshotTotal): Record<"clients_cancelled" | "clients_alive_at_end", number> {
  const joining =
    total.sum("clients_started") -
    total.sum("clients_connected_ever") -
    total.sum("clients_failed") -
    total.sum("clients_cancelled");
  const alive = total.sum("connect_established") - total.sum("disconnects") - total.sum("clients_alive_at_end");
  return { clients_cancelled: joining, clients_alive_at_end: alive };
}
