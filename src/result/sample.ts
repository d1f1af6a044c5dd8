// One line of samples.ndjson: what one second of a run was, as a flat object. Pure.
import type { Histogram } from "hdr-histogram-js";
import type { Interval } from "../engine/run-types.js";
import { percentileMs } from "../metrics/distribution.js";
import type { TrendName } from "../metrics/names.js";
import { silenceMs } from "../metrics/silence.js";

/** Trends that a sample tells of, by the prefix of their fields. */
const SAMPLED_TRENDS: Record<string, TrendName> = {
  rtt: "rtt",
  rttUncorrected: "rtt_uncorrected",
  ping: "ping",
  sendLag: "send_lag",
  connectTotal: "connect_total",
};

/**
 * Fields of a sample, all of one interval only unless said otherwise:
 *
 * - `t` its end, ISO 8601 UTC; `elapsedMs` its end since the plan's start; `intervalMs` its length; `phase` ramp, hold or stopping;
 *   `isWarmup` whether the summary leaves it out
 * - `clientsConnected` at its end
 * - `sentPerSecond`, `receivedPerSecond`, `answeredPerSecond`, `droppedPerSecond` messages; `connectedPerSecond` new connections
 * - `rttP50Ms`, `rttP95Ms`, `rttP99Ms`, `rttMaxMs`, and the same for rttUncorrected, ping, sendLag, connectTotal, eventLoopDelay, gcPause;
 *   null where nothing was recorded
 * - `silenceFromMs`, `silenceMs` the longest time, up to or in the interval, in which nothing arrived for any connected client: its
 *   beginning since the plan's start, and its length; null where none was connected
 * - `cpuPercent` of one core, and `rssBytes`, of the generator; `worker0CpuPercent`, ... of each worker, of one core;
 *   `machineCpuPercent` of all cores, whoever uses them
 * - `socketBacklogBytes` the most that waited on the socket of one client
 * - every sum of the interval under its own name, tags included: `messages_sent`, `disconnects`, `disconnects{reason:Silence}`, ...;
 *   added up over the lines they are the sums of the run. A sum that did not grow is left out.
 */
export type Sample = Record<string, string | number | boolean | null>;

/** The sample of an interval; `warmupMs` from the run's start is warm-up. */
export function sampleOf(interval: Interval, warmupMs: number): Sample {
  const { total, startMs, endMs, elapsedMs } = interval;
  const intervalMs = Math.max(1, endMs - startMs);
  const perSecond = (name: string): number => rounded((total.sum(name) * 1000) / intervalMs);
  return {
    t: new Date(endMs).toISOString(),
    elapsedMs: rounded(elapsedMs),
    intervalMs: rounded(intervalMs),
    phase: interval.phase,
    isWarmup: elapsedMs - intervalMs < warmupMs,
    clientsConnected: total.gauges.clients_connected ?? 0,
    sentPerSecond: perSecond("messages_sent"),
    receivedPerSecond: perSecond("messages_received"),
    answeredPerSecond: perSecond("messages_answered"),
    droppedPerSecond: perSecond("dropped_sends"),
    connectedPerSecond: perSecond("connect_established"),
    ...percentilesOf(interval),
    ...silenceOf(interval),
    cpuPercent: rounded(interval.cpuPercent),
    ...cpuOf(interval),
    socketBacklogBytes: total.gauges.socket_backlog_bytes ?? 0,
    rssBytes: interval.rssBytes,
    ...total.sums,
  };
}

function percentilesOf({ total }: Interval): Sample {
  const fields: Sample = {};
  for (const [prefix, name] of Object.entries(SAMPLED_TRENDS)) addPercentiles(fields, prefix, total.trends.get(name));
  addPercentiles(fields, "eventLoopDelay", total.eventLoopDelay);
  addPercentiles(fields, "gcPause", total.gcPauses);
  return fields;
}

function silenceOf({ total: { silence } }: Interval): Sample {
  if (silence === undefined) return { silenceFromMs: null, silenceMs: null };
  return { silenceFromMs: rounded(silence.fromMs), silenceMs: rounded(silenceMs(silence)) };
}

function cpuOf({ cpu }: Interval): Sample {
  const fields: Sample = { machineCpuPercent: cpu === undefined ? null : rounded(cpu.machinePercent) };
  for (const [index, percent] of (cpu?.workerPercent ?? []).entries()) {
    fields[`worker${index}CpuPercent`] = rounded(percent);
  }
  return fields;
}

function addPercentiles(fields: Sample, prefix: string, histogram: Histogram | undefined): void {
  const at = (percentile: number): number | null => (histogram ? percentileMs(histogram, percentile) : null);
  for (const percentile of [50, 95, 99]) fields[`${prefix}P${percentile}Ms`] = at(percentile);
  fields[`${prefix}MaxMs`] = at(100);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
