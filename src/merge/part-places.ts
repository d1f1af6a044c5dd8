// Where one part of a merged result stands in the whole: on its clock, and among its workers. Adds up nothing.
import type { StoredResult } from "../result/stored-result.js";
import { partsOf, partsOfAll } from "./mergeable.js";

export interface PartPlaces {
  /** How much later than the whole run the part began. */
  readonly laterMs: number;
  /** The place in the whole of each worker of the part; the same whichever parts are merged first. */
  readonly workers: readonly number[];
  /** Workers of all parts. */
  readonly workerCount: number;
}

/** The places of each result. @param startMs Of the whole run, ms since the epoch. */
export function partPlaces(results: readonly StoredResult[], startMs: number): PartPlaces[] {
  const firstPlaces = new Map<string, number>();
  let workerCount = 0;
  for (const { instance, workers } of partsOfAll(results)) {
    firstPlaces.set(instance, workerCount);
    workerCount += workers;
  }
  return results.map((stored) => ({
    laterMs: Date.parse(stored.run.startedAt) - startMs,
    workers: partsOf(stored).flatMap(({ instance, workers }) =>
      Array.from({ length: workers }, (_, index) => firstPlaces.get(instance)! + index),
    ),
    workerCount,
  }));
}
