// How busy the whole machine is, whoever keeps it so: a generator on a machine that others use is late for no fault of its own. Measures only.
import os from "node:os";

interface CpuTimes {
  readonly busyMs: number;
  readonly allMs: number;
}

export class MachineCpu {
  #last = cpuTimes();

  /** Of all cores since the last call, 0 to 100 with one decimal. */
  takePercent(): number {
    const now = cpuTimes();
    const percent = percentOf(this.#last, now);
    this.#last = now;
    return Math.round(percent * 10) / 10;
  }
}

function percentOf(from: CpuTimes, to: CpuTimes): number {
  return to.allMs > from.allMs ? (100 * (to.busyMs - from.busyMs)) / (to.allMs - from.allMs) : 0;
}

function cpuTimes(): CpuTimes {
  let busyMs = 0;
  let allMs = 0;
  for (const { times } of os.cpus()) {
    const workMs = times.user + times.nice + times.sys + times.irq;
    busyMs += workMs;
    allMs += workMs + times.idle;
  }
  return { busyMs, allMs };
}
