// What became of the clients of all parts, on the clock of the whole run. Pure.
import type { ClientOutcome, FirstFailure } from "../metrics/client-outcome.js";
import { wholeUs } from "../metrics/whole-us.js";
import type { StoredResult } from "../result/stored-result.js";

/**
 * Outcomes of all clients, times since the whole run's start. Shards know their clients by the plan's numbers; clients of generators that
 * knew nothing of each other are numbered anew, in the order of their starts.
 *
 * @param startMs Of the whole run, ms since the epoch.
 */
export function mergedOutcomes(results: readonly StoredResult[], startMs: number): ClientOutcome[] {
  const outcomes = results.flatMap((stored) => {
    const laterMs = Date.parse(stored.run.startedAt) - startMs;
    return stored.outcomes().map((outcome) => later(outcome, laterMs));
  });
  const areNumbered = new Set(outcomes.map(({ number }) => number)).size === outcomes.length;
  if (areNumbered) return outcomes.sort((a, b) => a.number - b.number);
  outcomes.sort((a, b) => a.startedMs - b.startedMs || a.number - b.number);
  return outcomes.map((outcome, number) => ({ ...outcome, number }));
}

function later(outcome: ClientOutcome, byMs: number): ClientOutcome {
  const { rtt, firstFailure } = outcome;
  return {
    ...movedInstants(outcome, byMs),
    ...(rtt !== undefined && { rtt: { ...rtt, lastAnswerMs: wholeUs(rtt.lastAnswerMs + byMs) } }),
    ...(firstFailure !== undefined && { firstFailure: movedInstants(firstFailure, byMs) }),
  };
}

/** Every field of these that is an instant has its unit in its name, and no other has. */
function movedInstants<Value extends ClientOutcome | FirstFailure>(value: Value, byMs: number): Value {
  const moved = Object.entries(value).map(([key, at]) => [key, key.endsWith("Ms") ? movedMs(at as number, byMs) : at]);
  return Object.fromEntries(moved) as Value;
}

/** Whole microseconds: moved twice is moved by the sum. */
function movedMs(atMs: number | undefined, byMs: number): number | undefined {
  return atMs === undefined ? undefined : wholeUs(atMs + byMs);
}
