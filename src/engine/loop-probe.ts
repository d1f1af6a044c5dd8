// Samples how late the thread's timer fires: the generator's own honesty. Measures, judges nothing.
import { encodeHistogram, newRecordingHistogram, recordMs } from "../metrics/histogram.js";
import type { Scheduler, TimerEntry } from "../time/clock.js";

/** How often the thread's lateness is sampled. */
const LOOP_SAMPLE_MS = 20;

export class LoopProbe implements TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly #scheduler: Scheduler;
  readonly #delays = newRecordingHistogram();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.start();
  }

  /** After a `stop`, or where it runs already. */
  start(): void {
    this.#scheduler.schedule(this, this.#scheduler.nowMs() + LOOP_SAMPLE_MS);
  }

  fire(nowMs: number): void {
    recordMs(this.#delays, nowMs - this.dueMs);
    this.#scheduler.schedule(this, nowMs + LOOP_SAMPLE_MS);
  }

  /** The delays since the last call, encoded. */
  take(): string {
    const text = encodeHistogram(this.#delays);
    this.#delays.reset();
    return text;
  }

  stop(): void {
    this.#scheduler.cancel(this);
  }
}
