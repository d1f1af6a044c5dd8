// When a server stands still on purpose: for so long, every so often, counted from its start.

export class Stall {
  readonly #forMs: number;
  readonly #everyMs: number;
  readonly #startMs: number;
  #last = 0;

  constructor(stall: { readonly forMs: number; readonly everyMs: number } | undefined, startMs: number) {
    this.#forMs = stall?.forMs ?? 0;
    this.#everyMs = stall?.everyMs ?? Number.POSITIVE_INFINITY;
    this.#startMs = startMs;
  }

  /** The first one begins `everyMs` after the start. */
  isOn(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#startMs;
    return elapsedMs >= this.#everyMs && elapsedMs % this.#everyMs < this.#forMs;
  }

  /** True once for each stall, when it is first seen. */
  hasBegun(nowMs: number): boolean {
    const number = Math.floor((nowMs - this.#startMs) / this.#everyMs);
    if (number <= this.#last || !this.isOn(nowMs)) return false;
    this.#last = number;
    return true;
  }
}
