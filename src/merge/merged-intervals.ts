// The seconds of several parts as those of one run, aligned on the wall clock. Exact sums; which parts are merged first changes nothing.

import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { EndOfRun, Interval, IntervalCpu } from "../metrics/interval.js";
import { commonSilence, longerSilence, type Silence } from "../metrics/silence.js";
import { SnapshotTotal } from "../metrics/snapshot.js";
import type { StoredResult } from "../result/stored-result.js";
import { spanOf } from "./mergeable.js";
import { PartCourse, type PartState, secondOf } from "./part-course.js";
import { type PartPlaces, partPlaces } from "./part-places.js";

export interface WholeRun {
  readonly startMs: number;
  readonly endMs: number;
  readonly warmupMs: number;
  readonly ended: EndOfRun;
  readonly outcomes: readonly ClientOutcome[];
}

/** From the first part's start to the last one's end, whole ms since the epoch. */
export function wholeSpan(results: readonly StoredResult[]): { startMs: number; endMs: number } {
  const spans = results.map(spanOf);
  return {
    startMs: Math.min(...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(...spans.map(({ endMs }) => endMs)),
  };
}

/**
 * One interval a wall-clock second, without a gap from start to end; the second in which the warm-up of the parts ends is two. An
 * interval is part of the warm-up where its part said so, whatever the clocks say. The last one has the end and all outcomes.
 */
export function* mergedIntervals(results: readonly StoredResult[], whole: WholeRun): Generator<Interval> {
  const courses = results.map((stored) => new PartCourse(stored));
  const places = partPlaces(results, whole.startMs);
  const lastSecond = secondOf(whole.endMs - 1);
  for (let second = secondOf(whole.startMs); second <= lastSecond; second++) {
    const taken = courses.map((course) => course.take(second).filter(isTelling));
    const states = courses.flatMap((course) => course.stateIn(second) ?? []);
    const pieces = piecesOf(second, taken, whole).map((piece) => intervalOf(piece, states, whole, places));
    if (second < lastSecond) yield* pieces;
    else yield* pieces.map((piece, at) => (at < pieces.length - 1 ? piece : lastOf(piece, whole)));
  }
}

function lastOf(interval: Interval, { ended, outcomes }: WholeRun): Interval {
  return { ...interval, ended, outcomes };
}

/** An interval that a merge made up for a second in which nothing was told is only a state. */
function isTelling({ total, cpuMs, cpu }: Interval): boolean {
  const { trends, eventLoopDelay, gcPauses, silence, sums } = total;
  const hasTrend = [...trends.values(), eventLoopDelay, gcPauses].some(({ totalCount }) => totalCount > 0);
  return hasTrend || cpuMs > 0 || cpu !== undefined || silence !== undefined || Object.keys(sums).length > 0;
}

interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  readonly isWarmup: boolean;
  /** Of each result. */
  readonly parts: readonly (readonly Interval[])[];
}

function piecesOf(
  second: number,
  taken: readonly (readonly Interval[])[],
  { startMs, endMs, warmupMs }: WholeRun,
): Piece[] {
  const fromMs = Math.max(startMs, second * 1000);
  const toMs = Math.min(endMs, (second + 1) * 1000);
  const warm = taken.map((intervals) => intervals.filter(({ isWarmup }) => isWarmup));
  const measured = taken.map((intervals) => intervals.filter(({ isWarmup }) => !isWarmup));
  const warmupEndMs = startMs + warmupMs;
  if (warm.flat().length === 0 || measured.flat().length === 0) {
    const isWarmup = taken.flat().length === 0 ? fromMs < warmupEndMs : warm.flat().length > 0;
    return [{ startMs: fromMs, endMs: toMs, isWarmup, parts: taken }];
  }
  // A millisecond at least for what is measured: a piece without length would lie in the next second.
  const borderMs = Math.min(Math.max(warmupEndMs, fromMs), toMs - 1);
  return [
    { startMs: fromMs, endMs: borderMs, isWarmup: true, parts: warm },
    { startMs: borderMs, endMs: toMs, isWarmup: false, parts: measured },
  ];
}

function intervalOf(
  piece: Piece,
  states: readonly PartState[],
  whole: WholeRun,
  places: readonly PartPlaces[],
): Interval {
  const { startMs, endMs, isWarmup, parts } = piece;
  const intervals = parts.flat();
  const total = new SnapshotTotal();
  for (const interval of intervals) total.addTotal(interval.total);
  for (const { gauges } of states) total.joinGauges(gauges);
  total.silence = silenceIn(parts, places);
  const cpu = cpuIn(parts, places);
  const cpuUs = intervals.reduce((sum, { cpuMs }) => sum + Math.round(cpuMs * 1000), 0);
  return {
    startMs,
    endMs,
    elapsedMs: endMs - whole.startMs,
    phase: phaseOf(states),
    isWarmup,
    total,
    cpuMs: cpuUs / 1000,
    cpuPercent: cpuUs / 10 / Math.max(1, endMs - startMs),
    rssBytes: states.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    ...(cpu !== undefined && { cpu }),
    outcomes: [],
  };
}

/** The longest of each part, on the clock of the whole, and of those what all have in common. */
function silenceIn(parts: Piece["parts"], places: readonly PartPlaces[]): Silence | undefined {
  const longest = parts.map((intervals, index) => {
    const silence = intervals.map(({ total }) => total.silence).reduce(longerSilence, undefined);
    const { laterMs } = places[index]!;
    return silence && { fromMs: silence.fromMs + laterMs, toMs: silence.toMs + laterMs };
  });
  return longest.reduce(commonSilence, undefined);
}

/** Undefined: none was measured. */
function cpuIn(parts: Piece["parts"], places: readonly PartPlaces[]): IntervalCpu | undefined {
  const measured = parts.flatMap((intervals, part) => intervals.flatMap(({ cpu }) => (cpu ? [{ cpu, part }] : [])));
  if (measured.length === 0) return undefined;
  const workerUs = new Array<number>(places[0]!.workerCount).fill(0);
  for (const { cpu, part } of measured) {
    const { workers } = places[part]!;
    for (const [index, ms] of cpu.workerMs.entries()) workerUs[workers[index]!]! += Math.round(ms * 1000);
  }
  const machinePercent = Math.max(...measured.map(({ cpu }) => cpu.machinePercent));
  return { workerMs: workerUs.map((us) => us / 1000), machinePercent };
}

/** The whole ramps while one part does, and stops when all have. */
function phaseOf(states: readonly PartState[]): Interval["phase"] {
  const phases = states.map(({ phase }) => phase);
  return (["ramp", "hold"] as const).find((phase) => phases.includes(phase)) ?? "stopping";
}
