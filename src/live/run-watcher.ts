// What follows a run while it goes on, and tells others of it. Types only.
import type { Interval } from "../metrics/interval.js";

export interface RunWatcher {
  /** One more second. Must return at once: the run waits for it. */
  onInterval(interval: Interval): void;
  /** The run is over; resolves when nothing is left to tell, within a few seconds whatever happens. */
  finish(): Promise<void>;
}
