// When the generator first showed that it could not keep up, out of the seconds of a run. Notes the moment, judges nothing.
import type { Interval } from "./interval.js";

export class FirstTrouble {
  readonly #lagLimitMs: number;
  #atMs: number | undefined;

  /** @param lagLimitMs Of the run's send lag. */
  constructor(lagLimitMs: number) {
    this.#lagLimitMs = lagLimitMs;
  }

  /** Start of its second since the plan's start; undefined: there was none. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  /** Looks at the next second. True: its send lag p99 was over the limit. */
  look({ total, elapsedMs, startMs, endMs }: Interval): boolean {
    const { eventLoopDelay } = total;
    const lag = total.trend("send_lag");
    const isLagging = lag.totalCount > 0 && lag.getValueAtPercentile(99) / 1000 > this.#lagLimitMs;
    const isLate = eventLoopDelay.totalCount > 0 && eventLoopDelay.getValueAtPercentile(99) / 1000 > this.#lagLimitMs;
    const others = total.sum("dropped_sends{why:serverNotReading}") + total.sum("dropped_sends{why:windowFull}");
    const isDropping = total.sum("dropped_sends") > others;
    const isRefused = total.sum("connect_failures{reason:LocalResourceLimit}") > 0;
    const isLost = total.sum("workers_lost") > 0;
    if (isLagging || isLate || isDropping || isRefused || isLost) {
      this.#atMs ??= Math.max(0, elapsedMs - (endMs - startMs));
    }
    return isLagging;
  }
}
