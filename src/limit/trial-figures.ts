// The figures of a run that the curve of load against latency is drawn from, and their means over the runs of a level. Pure.
import { percentileMs } from "../metrics/distribution.js";
import type { RunFigures } from "../metrics/interval.js";
import type { Summary } from "../result/summary.js";

/** Times in ms, null where nothing was measured; behind the settling time, but for joining. */
export interface LevelFigures {
  readonly clientsConnected: number;
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  readonly rttP50Ms: number | null;
  readonly rttP95Ms: number | null;
  readonly rttP99Ms: number | null;
  readonly pingP95Ms: number | null;
  readonly connectTotalP95Ms: number | null;
  readonly sendLagP99Ms: number | null;
}

export function levelFigures(run: {
  readonly summary: Summary;
  readonly figures: Pick<RunFigures, "whole" | "measuredSeconds">;
}): LevelFigures {
  const { clients, messages, latencyMs } = run.summary;
  const { whole, measuredSeconds } = run.figures;
  const perSecond = (count: number): number => (measuredSeconds > 0 ? count / measuredSeconds : 0);
  return {
    clientsConnected: clients.peakConnected,
    sentPerSecond: perSecond(messages.sent),
    receivedPerSecond: perSecond(messages.received),
    rttP50Ms: latencyMs.rtt.p50,
    rttP95Ms: latencyMs.rtt.p95,
    rttP99Ms: latencyMs.rtt.p99,
    pingP95Ms: latencyMs.ping.p95,
    connectTotalP95Ms: percentileMs(whole.trend("connect_total"), 95),
    sendLagP99Ms: latencyMs.sendLag.p99,
  };
}

/** Of each figure the mean of the runs that have it; null: there were none. */
export function meanFigures(runs: readonly LevelFigures[]): LevelFigures | null {
  if (runs.length === 0) return null;
  const keys = Object.keys(runs[0]!) as (keyof LevelFigures)[];
  return Object.fromEntries(keys.map((key) => [key, meanOf(runs.map((run) => run[key]))])) as unknown as LevelFigures;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
