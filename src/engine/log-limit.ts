// Lets so many lines a second through, and counts the rest. Writes none itself.
import type { Clock } from "../time/clock.js";

const SECOND_MS = 1000;

export class LogLimit {
  /** Lines that were held back since the last `takeHeld`. */
  #held = 0;
  #windowMs = Number.NEGATIVE_INFINITY;
  #left = 0;
  readonly #clock: Clock;
  readonly #linesPerSecond: number;
  readonly #write: (line: string) => void;

  constructor(clock: Clock, linesPerSecond: number, write: (line: string) => void) {
    this.#clock = clock;
    this.#linesPerSecond = linesPerSecond;
    this.#write = write;
  }

  log(line: string): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#windowMs >= SECOND_MS) {
      this.#windowMs = nowMs;
      this.#left = this.#linesPerSecond;
    }
    if (this.#left > 0) {
      this.#left--;
      this.#write(line);
    } else this.#held++;
  }

  takeHeld(): number {
    const held = this.#held;
    this.#held = 0;
    return held;
  }
}
