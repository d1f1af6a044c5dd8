// Adds up what the seconds of a run tell of workers and machine: in whole numbers, so that a folder gives the run's own figures back.
// Measures nothing.
import type { Interval, RunCpu } from "./interval.js";

export class CpuTotals {
  /** By worker. */
  readonly #workerUs: number[] = [];
  /** Tenths of a percent, each as often as its interval has ms; and all those ms. */
  #machineTenthsMs = 0;
  #machineMs = 0;

  add({ cpu, startMs, endMs }: Pick<Interval, "cpu" | "startMs" | "endMs">): void {
    if (cpu === undefined) return;
    for (const [index, ms] of cpu.workerMs.entries()) {
      this.#workerUs[index] = (this.#workerUs[index] ?? 0) + Math.round(ms * 1000);
    }
    this.#machineTenthsMs += Math.round(cpu.machinePercent * 10) * (endMs - startMs);
    this.#machineMs += endMs - startMs;
  }

  /** Of a run of this length, > 0. Undefined: nothing was told. */
  figures(runMs: number): RunCpu | undefined {
    if (this.#machineMs === 0) return undefined;
    return {
      workerPercent: this.#workerUs.map((us) => us / 10 / runMs),
      machinePercent: this.#machineTenthsMs / 10 / this.#machineMs,
    };
  }
}
