// Finds a server that lets clients in at a steady rate, however many wait: Unity's one accept an update. Pure.
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { SeriesPoint } from "./observations.js";

export interface AcceptRate {
  readonly perSecond: number;
  /** Clients that were let in at that rate. */
  readonly clients: number;
  /** How long the last of them had waited, ms; undefined where only the series told. */
  readonly lastWaitMs: number | undefined;
  /** The usual update rate that it is, Hz; undefined: none. */
  readonly tickHz: number | undefined;
}

const USUAL_TICK_HZ = [10, 15, 20, 24, 25, 30, 40, 50, 60, 64, 75, 90, 100, 120, 128, 144, 240];
/** A rate within this share of a usual one is taken for it. */
const TICK_TOLERANCE = 0.04;
/** Nobody updates faster; a server that accepts at once is far beyond. */
const MAX_TICK_HZ = 250;
const MIN_CLIENTS = 20;
const MIN_PLATEAU_SECONDS = 3;
/** A growing wait tells a queue from a slow network: the last client waits at least this many updates longer than the first. */
const MIN_GROWTH_TICKS = 10;

/** The rate at which 101s (or, without outcomes, connections) came while clients waited for them; undefined: no such queue. */
export function acceptRateOf(
  outcomes: readonly ClientOutcome[],
  series: readonly SeriesPoint[],
): AcceptRate | undefined {
  return outcomes.length > 0 ? fromOutcomes(outcomes) : fromSeries(series);
}

interface Joined {
  startedMs: number;
  upgradeMs: number;
}

function fromOutcomes(outcomes: readonly ClientOutcome[]): AcceptRate | undefined {
  const joined = outcomes
    .filter((outcome): outcome is ClientOutcome & Joined => outcome.upgradeMs !== undefined)
    .sort((a, b) => a.upgradeMs - b.upgradeMs);
  const queue = longestQueue(joined);
  const first = queue[0];
  const last = queue.at(-1);
  if (first === undefined || last === undefined || queue.length < MIN_CLIENTS) return undefined;
  const periodMs = steadyPeriodMs(queue);
  if (periodMs === undefined || periodMs < 1000 / MAX_TICK_HZ) return undefined;
  const lastWaitMs = last.upgradeMs - last.startedMs;
  if (lastWaitMs - (first.upgradeMs - first.startedMs) < MIN_GROWTH_TICKS * periodMs) return undefined;
  const perSecond = ((queue.length - 1) * 1000) / (last.upgradeMs - first.upgradeMs);
  return rateOf(perSecond, 1000 / periodMs, queue.length, lastWaitMs);
}

/** The longest stretch in which every client was already waiting when the one before it got its 101. */
function longestQueue<T extends Joined>(joined: readonly T[]): readonly T[] {
  let best: readonly T[] = [];
  let from = 0;
  for (let index = 1; index <= joined.length; index++) {
    const next = joined[index];
    if (next !== undefined && next.startedMs <= joined[index - 1]!.upgradeMs) continue;
    if (index - from > best.length) best = joined.slice(from, index);
    from = index;
  }
  return best;
}

/** Gaps are taken over this many 101s: one alone says little, as clients see the server's updates through the network. */
const WINDOW = 8;
/** This share of the windows must lie within a quarter of the median: a busy server stumbles now and then. */
const STEADY_SHARE = 0.6;
const STEADY_TOLERANCE = 0.25;

/** The usual time from one 101 to the next, which a stall in between does not change; undefined: there is none. */
function steadyPeriodMs(queue: readonly Joined[]): number | undefined {
  const windowsMs = queue.slice(WINDOW).map((later, index) => later.upgradeMs - queue[index]!.upgradeMs);
  const medianMs = [...windowsMs].sort((a, b) => a - b)[windowsMs.length >> 1] ?? 0;
  const steady = windowsMs.filter((gapMs) => Math.abs(gapMs - medianMs) <= medianMs * STEADY_TOLERANCE);
  return steady.length >= windowsMs.length * STEADY_SHARE ? medianMs / WINDOW : undefined;
}

/** The longest run of seconds with the same number of new connections while more clients waited. */
function fromSeries(series: readonly SeriesPoint[]): AcceptRate | undefined {
  let waiting = 0;
  let plateau: number[] = [];
  let best: number[] = [];
  for (const point of series) {
    waiting += point.started - point.established - point.failed - point.cancelled;
    const perSecond = (point.established * 1000) / Math.max(1, point.intervalMs);
    const isFull = perSecond >= 5 && perSecond <= MAX_TICK_HZ && waiting >= perSecond / 2;
    const isSame = plateau.every((other) => Math.abs(other - perSecond) <= Math.max(2, other * TICK_TOLERANCE));
    plateau = !isFull ? [] : isSame ? [...plateau, perSecond] : [perSecond];
    if (plateau.length > best.length) best = plateau;
  }
  const clients = best.reduce((sum, perSecond) => sum + perSecond, 0);
  if (best.length < MIN_PLATEAU_SECONDS || clients < MIN_CLIENTS) return undefined;
  const perSecond = clients / best.length;
  return rateOf(perSecond, perSecond, Math.round(clients), undefined);
}

/** @param usualPerSecond The rate without stalls: what the server's updates are. */
function rateOf(
  perSecond: number,
  usualPerSecond: number,
  clients: number,
  lastWaitMs: number | undefined,
): AcceptRate {
  const off = (tickHz: number): number => Math.abs(tickHz - usualPerSecond);
  const nearest = USUAL_TICK_HZ.reduce((a, b) => (off(b) < off(a) ? b : a));
  const tickHz = off(nearest) <= nearest * TICK_TOLERANCE ? nearest : undefined;
  return { perSecond, clients, lastWaitMs, tickHz };
}
