// Stages become a list of clients with a start and a stop before anything starts. Pure: no clock, no random number.
import type { Stage } from "../profile/profile.js";

const SECOND_MS = 1000;
/** An arrival that is due at the stage's very end is none, whatever the division has left over. */
const ROUNDING = 1e-9;
const NO_ARRIVALS = { perSecond: 1, stayMs: 0 };

/** One client of the plan; times in ms since the plan's start. `stopMs` > `startMs`, or it is never started: both are the plan's end. */
export interface PlannedClient {
  /** 0-based, in the order in which the stages start them; the client's identity in the whole plan, whoever runs it. */
  readonly number: number;
  readonly startMs: number;
  readonly stopMs: number;
}

export interface Plan {
  readonly clients: readonly PlannedClient[];
  /** Sum of the stages. */
  readonly durationMs: number;
  /** Most clients at once. */
  readonly peakClients: number;
}

/**
 * Makes the plan of `stages`: from the target before, linearly, to the stage's target. The k-th of n starts of a stage comes at k/n of
 * its duration (the first at once), the k-th of n stops at (k+1)/n (the last at its end). Who came last leaves first, as in k6. Arrivals
 * come beside those, and leave when their own time is over, at the plan's end at the latest.
 */
export function makePlan(stages: readonly Stage[]): Plan {
  const durationMs = stages.reduce((sum, stage) => sum + stage.durationMs, 0);
  const clients: { number: number; startMs: number; stopMs: number }[] = [];
  const running: number[] = [];
  let atMs = 0;
  for (const stage of stages) {
    const change = stage.target - running.length;
    for (let k = 0; k < change; k++) {
      running.push(clients.length);
      clients.push({ number: clients.length, startMs: atMs + (k / change) * stage.durationMs, stopMs: durationMs });
    }
    for (let k = 0; k < -change; k++) {
      clients[running.pop()!]!.stopMs = atMs + ((k + 1) / -change) * stage.durationMs;
    }
    const { perSecond, stayMs } = stage.arrivals ?? NO_ARRIVALS;
    for (let k = 0; k < arrivalsIn(stage); k++) {
      const startMs = atMs + (k * SECOND_MS) / perSecond;
      clients.push({ number: clients.length, startMs, stopMs: Math.min(startMs + stayMs, durationMs) });
    }
    atMs += stage.durationMs;
  }
  return { clients, durationMs, peakClients: peakOf(clients) };
}

/** Clients that come in a stage beside those of its target: one at once, and one each time that the next is due before its end. */
export function arrivalsIn({ durationMs, arrivals }: Stage): number {
  if (arrivals === undefined) return 0;
  return Math.max(0, Math.ceil((durationMs * arrivals.perSecond) / SECOND_MS - ROUNDING));
}

/** Most clients at once. */
export function peakOf(clients: readonly PlannedClient[]): number {
  let peak = 0;
  for (const { active } of changesOf(clients)) peak = Math.max(peak, active);
  return peak;
}

/** Clients at once, each time that their number changes, in order of time. */
export function* changesOf(clients: readonly PlannedClient[]): Generator<{ atMs: number; active: number }> {
  const there = clients.filter(({ startMs, stopMs }) => startMs < stopMs);
  const starts = Float64Array.from(there, ({ startMs }) => startMs).sort();
  const stops = Float64Array.from(there, ({ stopMs }) => stopMs).sort();
  let started = 0;
  let stopped = 0;
  while (stopped < stops.length) {
    const atMs = Math.min(starts[started] ?? Number.POSITIVE_INFINITY, stops[stopped]!);
    while (starts[started] === atMs) started++;
    while (stops[stopped] === atMs) stopped++;
    yield { atMs, active: started - stopped };
  }
}

/** Clients that come beyond a plan reach their full number as fast as a quick load does: 50 a second, within 1 to 10 seconds. */
const BEYOND_PER_SECOND = 50;

/**
 * `count` clients that a plan did not have, from `fromMs` since its start to its end, evenly one after the other.
 *
 * @param first Their first number: the plan's clients, and those that came beyond it before.
 * @throws {RangeError} If the plan is over by then.
 */
export function clientsBeyond(plan: Plan, first: number, count: number, fromMs: number): PlannedClient[] {
  const leftMs = plan.durationMs - fromMs;
  if (leftMs <= 0)
    throw new RangeError(`Cannot add clients: the time must lie before the plan's end, got ${fromMs} ms`);
  const rampMs = Math.min(10_000, Math.max(1000, (count / BEYOND_PER_SECOND) * 1000), leftMs);
  return Array.from({ length: count }, (_, k) => ({
    number: first + k,
    startMs: fromMs + (k / count) * rampMs,
    stopMs: plan.durationMs,
  }));
}

/** Part `index` of `count`; from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The clients that a part runs: every count-th, so that all parts ramp alike. The parts add up to the clients given, for any count. */
export function shareOfClients(clients: readonly PlannedClient[], { index, count }: Shard): PlannedClient[] {
  return clients.filter((_, position) => position % count === index);
}

/** A part as a plan: as long as the whole, its clients with their numbers in the whole; there may be none. */
export function partOfPlan(plan: Plan, part: Shard): Plan {
  const clients = shareOfClients(plan.clients, part);
  return { clients, durationMs: plan.durationMs, peakClients: peakOf(clients) };
}
