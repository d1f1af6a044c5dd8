// What follows a run while it goes on, and tells others of it. Types only.
import type { RunControl } from "../engine/run-control.js";
import type { Interval } from "../metrics/interval.js";
import type { Summary } from "../result/summary.js";

export interface RunWatcher {
  /** The clients are about to start. */
  onStart?(control: RunControl): void;
  /** One more second. Must return at once: the run waits for it. */
  onInterval(interval: Interval): void;
  /**
   * The run is over; resolves when nothing is left to tell, within a few seconds whatever happens.
   *
   * @param summary Undefined: it came to none.
   */
  finish(summary?: Summary): Promise<void>;
}
