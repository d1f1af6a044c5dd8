// Where one part of a merged result stands in the whole: on its clock, and among its workers. Adds up nothing.
import type { Interval } from "../metrics/interval.js";
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

/** An interval of a part with its silence on the clock of the whole, and its workers at their places there. */
export function placed(interval: Interval, { laterMs, workers, workerCount }: PartPlaces): Interval {
  const { total, cpu } = interval;
  const { silence } = total;
  if (silence !== undefined) total.silence = { fromMs: silence.fromMs + laterMs, toMs: silence.toMs + laterMs };
  if (cpu === undefined) return interval;
  const workerMs = new Array<number>(workerCount).fill(0);
  for (const [index, ms] of cpu.workerMs.entries()) workerMs[workers[index]!] = ms;
  return { ...interval, cpu: { ...cpu, workerMs } };
}
