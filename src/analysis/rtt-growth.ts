// Finds clients at the end of the join order whose round trips grow without bound, while those before them are answered as ever. Pure.
import type { ClientOutcome, RoundTrips } from "../metrics/client-outcome.js";
import { bestSplit } from "./join-border.js";

export interface RttGrowth {
  /** Place in join order of the first client whose round trips grow, from 0; how many grow, how many before do not. */
  readonly first: number;
  readonly growing: number;
  readonly steady: number;
  /** Of those that grow: the lowest and the last at their most, ms. Of the steady: the last at its most. */
  readonly lowestMs: number;
  readonly lastMs: number;
  readonly steadyMs: number;
}

/** Grown: this much longer than the shortest and than this, and no less than this share of the longest at the end. */
const GROWN_TIMES = 5;
const GROWN_MS = 250;
const END_SHARE = 0.6;
/** Whom the server has stopped to answer this long before the end has left that many messages unanswered. */
const FORGOTTEN_MS = 1500;
const FORGOTTEN_SENDS = 5;
const MIN_STEADY = 3;
/** Clients on the wrong side, as a share of those that grow. */
const MIXED_SHARE = 0.2;

type Answered = ClientOutcome & { readonly rtt: RoundTrips };

/** Undefined: no such end of the join order. */
export function rttGrowthOf(outcomes: readonly ClientOutcome[]): RttGrowth | undefined {
  const answered = outcomes
    .filter((outcome): outcome is Answered => outcome.rtt !== undefined && outcome.acceptMs !== undefined)
    .sort((a, b) => a.startedMs - b.startedMs || a.number - b.number);
  const isGrowing = answered.map(grows);
  const first = bestSplit(isGrowing.map((grown) => !grown));
  const growing = answered.slice(first).filter(grows);
  const steady = answered.slice(0, first).filter((outcome) => !grows(outcome));
  const mixed = answered.length - growing.length - steady.length;
  if (growing.length === 0 || steady.length < Math.max(MIN_STEADY, growing.length)) return undefined;
  if (mixed > growing.length * MIXED_SHARE) return undefined;
  return {
    first,
    growing: growing.length,
    steady: steady.length,
    lowestMs: Math.min(...growing.map(({ rtt }) => rtt.lowestMs)),
    lastMs: Math.max(...growing.map(({ rtt }) => rtt.lastMs)),
    steadyMs: Math.max(...steady.map(({ rtt }) => rtt.lastMs)),
  };
}

function grows({ rtt, endedMs, sent, answered }: Answered): boolean {
  const { lowestMs, highestMs, lastMs, lastAnswerMs } = rtt;
  if (lastMs >= GROWN_MS && lastMs >= lowestMs * GROWN_TIMES && lastMs >= highestMs * END_SHARE) return true;
  return (endedMs ?? lastAnswerMs) - lastAnswerMs >= FORGOTTEN_MS && sent - answered >= FORGOTTEN_SENDS;
}
