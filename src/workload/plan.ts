// Stages become a list of clients with a start and a stop before anything starts. Pure: no clock, no random number.
import type { Stage } from "../profile/profile.js";

/** One client of the plan; times in ms since the plan's start. `stopMs` > `startMs` unless both are the plan's end. */
export interface PlannedClient {
  /** 0-based, in order of start; the client's identity in the whole plan, whoever runs it. */
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
 * its duration (the first at once), the k-th of n stops at (k+1)/n (the last at its end). Who came last leaves first, as in k6.
 */
export function makePlan(stages: readonly Stage[]): Plan {
  const clients: { number: number; startMs: number; stopMs: number }[] = [];
  const running: number[] = [];
  let atMs = 0;
  let peakClients = 0;
  for (const stage of stages) {
    const change = stage.target - running.length;
    for (let k = 0; k < change; k++) {
      running.push(clients.length);
      clients.push({ number: clients.length, startMs: atMs + (k / change) * stage.durationMs, stopMs: 0 });
    }
    for (let k = 0; k < -change; k++) {
      clients[running.pop()!]!.stopMs = atMs + ((k + 1) / -change) * stage.durationMs;
    }
    peakClients = Math.max(peakClients, running.length);
    atMs += stage.durationMs;
  }
  for (const number of running) clients[number]!.stopMs = atMs;
  return { clients, durationMs: atMs, peakClients };
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

/** The clients that part `index` of `count` runs: every count-th, so that all parts ramp alike. The parts add up to the plan. */
export function shareOfPlan(plan: Plan, index: number, count: number): PlannedClient[] {
  return plan.clients.filter((client) => client.number % count === index);
}
