// When the updates of one Unity client happen: every so many milliseconds from its start. Knows no timer and does no work.

/** Moments that are a whole number of periods from the start count as updates, however exactly a sum of periods hits them. */
const ROUNDING = 1e-6;

export class UpdateGrid {
  readonly #periodMs: number;
  #startMs = 0;
  #lastIndex = -1;

  /** @param updateHz Updates a second, > 0. */
  constructor(updateHz: number) {
    this.#periodMs = 1000 / updateHz;
  }

  /** The first update is now. */
  start(nowMs: number): void {
    this.#startMs = nowMs;
    this.#lastIndex = 0;
  }

  /** An update begins; those that a blocked thread has missed are not made up for. */
  begin(nowMs: number): void {
    const index = Math.floor((nowMs - this.#startMs) / this.#periodMs + ROUNDING);
    this.#lastIndex = Math.max(this.#lastIndex + 1, index);
  }

  /** The first update at or after `atMs` that has not been yet; Infinity stays Infinity. */
  updateAt(atMs: number): number {
    if (atMs === Number.POSITIVE_INFINITY) return atMs;
    const index = Math.ceil((atMs - this.#startMs) / this.#periodMs - ROUNDING);
    return this.#startMs + Math.max(this.#lastIndex + 1, index) * this.#periodMs;
  }
}
