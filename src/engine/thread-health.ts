// What one worker thread takes of the machine, and what the garbage collector takes of the thread. Measures, judges nothing.
import { PerformanceObserver, type PerformanceObserverEntryList, performance } from "node:perf_hooks";
import { encodeHistogram, newRecordingHistogram, recordMs } from "../metrics/histogram.js";
import type { ThreadFigures } from "../metrics/snapshot.js";

/** Node has it from 22.19 and 23.9 on. */
interface ThreadCpu {
  readonly threadCpuUsage?: () => { readonly user: number; readonly system: number };
}

export class ThreadHealth {
  readonly #gcPauses = newRecordingHistogram();
  readonly #observer: PerformanceObserver;
  #cpuMs = threadCpuMs();

  constructor() {
    this.#observer = new PerformanceObserver((list) => this.#note(list));
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** What came since the last call. */
  take(): ThreadFigures {
    const cpuMs = threadCpuMs();
    const spentMs = Math.max(0, cpuMs - this.#cpuMs);
    this.#cpuMs = cpuMs;
    for (const { duration } of this.#observer.takeRecords()) recordMs(this.#gcPauses, duration);
    const gcPauses = encodeHistogram(this.#gcPauses);
    this.#gcPauses.reset();
    return { cpuMs: spentMs, gcPauses };
  }

  #note(list: PerformanceObserverEntryList): void {
    for (const { duration } of list.getEntries()) recordMs(this.#gcPauses, duration);
  }
}

/** CPU of this thread; where Node does not tell it, the time in which its event loop had work, which is as much or more. */
function threadCpuMs(): number {
  const cpu = (process as ThreadCpu).threadCpuUsage?.();
  return cpu === undefined ? performance.eventLoopUtilization().active : (cpu.user + cpu.system) / 1000;
}
