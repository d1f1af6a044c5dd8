// Seconds in which the server kept some client waiting far longer than it usually does. Pure; why, is a matter of the diagnosis.
import type { ChartBand } from "../page/chart-spec.js";
import type { RunSeries } from "./run-series.js";

/** A stall is a wait this many times the usual one, and this long at least. */
export const STALL = { timesUsual: 5, atLeastMs: 250 } as const;

export interface Stall {
  /** Its second: end since the plan's start. */
  readonly atSecond: number;
  /** The longest wait between two messages of the server that ended in it. */
  readonly longestMs: number;
}

/** All stalls in order of time. `usualMs`: the median over the run, null where nothing was measured. */
export function stallsOf(run: RunSeries, usualMs: number | null): Stall[] {
  if (usualMs === null) return [];
  const limitMs = Math.max(STALL.atLeastMs, STALL.timesUsual * usualMs);
  return run.column("serverIntervalMaxMs").flatMap((longestMs, index) => {
    return longestMs > limitMs ? [{ atSecond: run.seconds[index]!, longestMs }] : [];
  });
}

/** From when the wait began to when it ended, as far as a second can tell; waits that touch are one. */
export function stallBands(stalls: readonly Stall[]): ChartBand[] {
  const bands: { kind: "stall"; from: number; to: number }[] = [];
  for (const { atSecond, longestMs } of stalls) {
    const from = Math.max(0, atSecond - Math.max(1, longestMs / 1000));
    const last = bands.at(-1);
    if (last !== undefined && from <= last.to) last.to = atSecond;
    else bands.push({ kind: "stall", from, to: atSecond });
  }
  return bands;
}
