// The update of a Unity client: what arrives and what the application sends waits here for the next one. It only keeps time and
// things; what an update does is the session's.
import type { HeldInput } from "./held-input.js";

export interface HeldSend {
  readonly pipelineId: number;
  readonly payload: Uint8Array;
}

/** Update moments that are a whole number of periods from the start, however exactly a sum of periods hits them. */
const ROUNDING = 1e-6;

export class UpdatePace {
  /** In the order of arrival; an update may leave some for the next. */
  input: HeldInput[] = [];
  sends: HeldSend[] = [];
  /** The application has called close. */
  isCloseAsked = false;
  readonly #periodMs: number;
  #startMs = 0;
  #lastIndex = -1;

  /** @param updateHz Updates a second, > 0. */
  constructor(updateHz: number) {
    this.#periodMs = 1000 / updateHz;
  }

  /** The first update happens now. */
  start(nowMs: number): void {
    this.#startMs = nowMs;
    this.#lastIndex = 0;
  }

  /** An update begins. */
  begin(nowMs: number): void {
    const index = Math.floor((nowMs - this.#startMs) / this.#periodMs + ROUNDING);
    this.#lastIndex = Math.max(this.#lastIndex + 1, index);
  }

  /** The first update at or after `atMs` that has not been yet. */
  updateAfter(atMs: number): number {
    if (atMs === Number.POSITIVE_INFINITY) return atMs;
    const index = Math.ceil((atMs - this.#startMs) / this.#periodMs - ROUNDING);
    return this.#startMs + Math.max(this.#lastIndex + 1, index) * this.#periodMs;
  }

  /** True while something waits for the next update. */
  get isPending(): boolean {
    return this.input.length > 0 || this.sends.length > 0 || this.isCloseAsked;
  }
}
