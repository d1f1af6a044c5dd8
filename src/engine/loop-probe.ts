// Samples how late the thread's timer fires: the generator's own honesty. Measures, judges nothing; who wants to look at something
// just as often is called along.
import { encodeHistogram, newRecordingHistogram, recordMs } from "../metrics/histogram.js";
import type { Scheduler, TimerEntry } from "../time/clock.js";

/** How often the thread's lateness is sampled. */
const LOOP_SAMPLE_MS = 20;

export class LoopProbe implements TimerEntry {
  heapIndex = -1;
  dueMs = 0;
  readonly #scheduler: Scheduler;
  readonly #onSample: (delayMs: number, nowMs: number) => void;
  readonly #delays = newRecordingHistogram();

  /** @param onSample Called every 20 ms, or `delayMs` later than that. */
  constructor(scheduler: Scheduler, onSample: (delayMs: number, nowMs: number) => void) {
    this.#scheduler = scheduler;
    this.#onSample = onSample;
    this.start();
  }

  /** After a `stop`, or where it runs already. */
  start(): void {
    this.#scheduler.schedule(this, this.#scheduler.nowMs() + LOOP_SAMPLE_MS);
  }

  /** How late the next sample is already. */
  get delayMs(): number {
    return Math.max(0, this.#scheduler.nowMs() - this.dueMs);
  }

  fire(nowMs: number): void {
    const delayMs = nowMs - this.dueMs;
    recordMs(this.#delays, delayMs);
    this.#onSample(delayMs, nowMs);
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
