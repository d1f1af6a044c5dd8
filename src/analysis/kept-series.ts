// The seconds that a diagnosis sees of a run, however long it was: its beginning and its end. Pure.
import type { SeriesPoint } from "./observations.js";

/** Clients join in the first hour; what broke is seen in the last three. */
const FIRST_POINTS = 3600;
const LAST_POINTS = 3 * 3600;

/** Holds all points of a run of four hours, and no more of a longer one: the first hour and the last three. */
export class KeptSeries {
  readonly #first: SeriesPoint[] = [];
  #last: SeriesPoint[] = [];

  add(point: SeriesPoint): void {
    if (this.#first.length < FIRST_POINTS) this.#first.push(point);
    else this.#last.push(point);
    // Seldom, so that each point is moved once or twice only.
    if (this.#last.length >= 2 * LAST_POINTS) this.#last = this.#last.slice(-LAST_POINTS);
  }

  /** The oldest first. */
  get points(): readonly SeriesPoint[] {
    return [...this.#first, ...this.#last.slice(-LAST_POINTS)];
  }
}
