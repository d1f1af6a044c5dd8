// Calls a server's update so many times a second on the real clock, without drift. An update that comes late is not made up for:
// what a busy machine could not run is counted.
import { type Clock, monotonicClock } from "../time/clock.js";

/** An update this much early is taken as in time, ms: timers count whole milliseconds. */
const EARLY_MS = 0.5;

export class UpdateTimer {
  readonly #everyMs: number;
  readonly #update: (nowMs: number) => void;
  readonly #clock: Clock;
  #plannedMs: number;
  #timer: NodeJS.Timeout | undefined;
  #skipped = 0;

  constructor(hz: number, update: (nowMs: number) => void, clock: Clock = monotonicClock) {
    this.#everyMs = 1000 / hz;
    this.#update = update;
    this.#clock = clock;
    this.#plannedMs = clock.nowMs() + this.#everyMs;
    this.#arm();
  }

  /** Updates that were not run because the one before took too long. */
  get skipped(): number {
    return this.#skipped;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    const delayMs = Math.max(0, this.#plannedMs - this.#clock.nowMs());
    this.#timer = setTimeout(() => this.#run(), delayMs);
  }

  #run(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#plannedMs - EARLY_MS) return this.#arm();
    this.#plannedMs += this.#everyMs;
    if (this.#plannedMs < nowMs) {
      this.#skipped += Math.floor((nowMs - this.#plannedMs) / this.#everyMs) + 1;
      this.#plannedMs = nowMs + this.#everyMs;
    }
    this.#update(nowMs);
    if (this.#timer !== undefined) this.#arm();
  }
}
