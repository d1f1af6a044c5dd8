// Calls a server's update so many times a second, without drift. An update that comes late is not made up for: what a busy machine
// could not run is counted.
import { type Clock, monotonicClock } from "../time/clock.js";
import { timeoutWaker, type Waker } from "../time/deadline-queue.js";

/** An update this much early is taken as in time, ms: timers count whole milliseconds. */
const EARLY_MS = 0.5;

export class UpdateTimer {
  readonly #everyMs: number;
  readonly #update: (nowMs: number) => void;
  readonly #clock: Clock;
  readonly #waker: Waker;
  readonly #onWake = (): void => this.#run();
  #plannedMs: number;
  #isStopped = false;
  #skipped = 0;

  constructor(
    hz: number,
    update: (nowMs: number) => void,
    clock: Clock = monotonicClock,
    waker: Waker = timeoutWaker(),
  ) {
    this.#everyMs = 1000 / hz;
    this.#update = update;
    this.#clock = clock;
    this.#waker = waker;
    this.#plannedMs = clock.nowMs() + this.#everyMs;
    this.#arm();
  }

  /** Updates that were not run because the one before took too long. */
  get skipped(): number {
    return this.#skipped;
  }

  stop(): void {
    this.#isStopped = true;
    this.#waker.stop();
  }

  #arm(): void {
    this.#waker.wake(Math.max(0, this.#plannedMs - this.#clock.nowMs()), this.#onWake);
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
    if (!this.#isStopped) this.#arm();
  }
}
