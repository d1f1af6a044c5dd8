// How the ceiling is found: rushes at the door, then more messages each time until the sends are late, then half of that. It starts no run
// itself: whoever does is handed in.
import type { Ceiling } from "../calibration/calibration.js";
import { LoadSearch, type SearchEnd, type TrialOutcome } from "../limit/load-search.js";
import { MIN_LAG_LIMIT_MS } from "../metrics/send-lag-limit.js";
import { formatDuration } from "../profile/duration.js";
import type { Summary } from "../result/summary.js";
import { type SocketLimits, socketShortage } from "./preflight.js";
import type { FlagValues } from "./run-flags.js";

/** A machine that cannot send so many in time is busy with something else. */
export const LEAST_MESSAGES_PER_SECOND = 1000;
/** Few enough for the usual limit of descriptors on both ends. */
const CLIENTS = 400;
const RAMP_MS = 500;
/** Messages a second of all clients together; the last is beyond any machine of today. */
const CLIMB = [4, 8, 16, 32, 64, 128, 256, 400].map((thousands) => thousands * 1000);
const SEARCH = { climb: CLIMB, unit: LEAST_MESSAGES_PER_SECOND, precision: 0.1, agree: 1 };
/** Clients a second that are sent to the door, each time more, until they queue there. */
const DOOR_CLIMB = [1000, 2000, 4000, 8000, 16_000];
const LONGEST_QUEUE_MS = 500;

/** What of a run's summary counts here. */
export type MeasuredRun = Pick<Summary, "clients"> & {
  readonly connect: { readonly latencyMs: Pick<Summary["connect"]["latencyMs"], "total"> };
  readonly latencyMs: Pick<Summary["latencyMs"], "sendLag">;
  readonly generator: Pick<Summary["generator"], "trust">;
};

/** One run with flags of `run`; undefined: interrupted. */
export type Measure = (flags: FlagValues) => Promise<MeasuredRun | undefined>;
type Log = (line: string) => void;

export interface CeilingWishes {
  /** Of each measurement at full load. */
  readonly durationMs: number;
  readonly workers: number;
  readonly limits: SocketLimits;
}

/** undefined: interrupted, or not even the smallest load was sent in time. */
export async function measuredCeiling(
  measure: Measure,
  { durationMs, workers, limits }: CeilingWishes,
  log: Log,
): Promise<Ceiling | undefined> {
  const connectsPerSecond = await measuredConnects(measure, limits, log);
  if (connectsPerSecond === undefined) return undefined;
  const end = await searchedMessages(measure, durationMs, log);
  if (end?.kind !== "found" && end?.kind !== "unbroken") return undefined;
  const half = await measure(messageFlags(end.limit / 2, durationMs));
  if (half === undefined) return undefined;
  return {
    workers,
    messagesPerSecond: end.limit,
    isReached: end.kind === "found",
    connectsPerSecond,
    halfLoadLagP50Ms: half.latencyMs.sendLag.p50,
    halfLoadLagP99Ms: half.latencyMs.sendLag.p99,
  };
}

/** The best of several rushes: clients that got in, over the time from the first start to the last accept. */
async function measuredConnects(measure: Measure, limits: SocketLimits, log: Log): Promise<number | undefined> {
  let best = 0;
  for (const offered of DOOR_CLIMB) {
    const clients = (offered * RAMP_MS) / 1000;
    if (socketShortage({ peakClients: clients, localAddresses: 0 }, limits) !== undefined) break;
    const flags = { clients: String(clients), ramp: formatDuration(RAMP_MS), duration: "1s", rate: "0" };
    const summary = await measure(flags);
    if (summary === undefined) return undefined;
    const queueMs = summary.connect.latencyMs.total.max ?? Number.POSITIVE_INFINITY;
    const connectsPerSecond = Math.round((1000 * summary.clients.connected) / (RAMP_MS + queueMs));
    log(`${offered} clients a second at the door: ${connectsPerSecond} a second got in`);
    best = Math.max(best, connectsPerSecond);
    if (queueMs > LONGEST_QUEUE_MS) break;
  }
  return best;
}

async function searchedMessages(measure: Measure, durationMs: number, log: Log): Promise<SearchEnd | undefined> {
  const search = new LoadSearch(SEARCH);
  for (let load = search.next(); load !== undefined; load = search.next()) {
    const summary = await measure(messageFlags(load, durationMs));
    if (summary === undefined) return undefined;
    const outcome = outcomeOf(summary);
    search.record(load, outcome);
    const words = outcome === "held" ? "in time" : "too many";
    log(`${load} messages a second: ${words}, send lag p99 ${summary.latencyMs.sendLag.p99 ?? "-"} ms`);
  }
  return search.end;
}

function messageFlags(messagesPerSecond: number, durationMs: number): FlagValues {
  return {
    clients: String(CLIENTS),
    ramp: formatDuration(RAMP_MS),
    duration: formatDuration(durationMs),
    warmup: formatDuration(RAMP_MS),
    rate: String(messagesPerSecond / CLIENTS),
  };
}

/** Here the generator is what is tested: late sends are what breaks. */
function outcomeOf({ generator, latencyMs }: MeasuredRun): TrialOutcome {
  const lagMs = latencyMs.sendLag.p99 ?? Number.POSITIVE_INFINITY;
  return generator.trust !== "invalid" && lagMs <= MIN_LAG_LIMIT_MS ? "held" : "broke";
}
