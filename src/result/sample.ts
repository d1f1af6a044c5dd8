// One line of samples.ndjson: what one second of a run was, as a flat object, written and read. Pure.
import type { Histogram } from "hdr-histogram-js";
import { percentileMs } from "../metrics/distribution.js";
import type { Interval, IntervalCpu, RunEnd } from "../metrics/interval.js";
import type { TrendName } from "../metrics/names.js";
import { type Silence, silenceMs } from "../metrics/silence.js";
import type { SnapshotTotal } from "../metrics/snapshot.js";

/** Trends that a sample tells of, by the prefix of their fields. */
const SAMPLED_TRENDS = {
  rtt: "rtt",
  rttUncorrected: "rtt_uncorrected",
  ping: "ping",
  serverInterval: "server_interval",
  sendLag: "send_lag",
  connectTcp: "connect_tcp",
  connectTls: "connect_tls",
  connectUpgrade: "connect_upgrade",
  connectUtp: "connect_utp",
  connectTotal: "connect_total",
} as const satisfies Record<string, TrendName>;

type SampledPrefix = keyof typeof SAMPLED_TRENDS | "eventLoopDelay" | "gcPause";
const SAMPLED_FIGURES = { P50: 50, P95: 95, P99: 99, Max: 100 } as const;
type PercentileField = `${SampledPrefix}${keyof typeof SAMPLED_FIGURES}Ms`;

/** Fields of every sample, all of one interval only unless said otherwise. */
export interface SampleFields extends Record<PercentileField, number | null> {
  /** Its end, ISO 8601 UTC. */
  readonly t: string;
  /** Its end since the plan's start. */
  readonly elapsedMs: number;
  readonly intervalMs: number;
  readonly phase: Interval["phase"];
  /** The summary leaves it out. */
  readonly isWarmup: boolean;
  /** At its end, and the most at once. */
  readonly clientsConnected: number;
  readonly clientsConnectedPeak: number;
  /** Messages. */
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  readonly answeredPerSecond: number;
  readonly droppedPerSecond: number;
  /** New connections. */
  readonly connectedPerSecond: number;
  /** Of the generator: percent of one core, CPU time, resident memory. */
  readonly cpuPercent: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Of all cores, whoever uses them; of several machines, the busiest. Null: not measured, and then nothing of the workers either. */
  readonly machineCpuPercent: number | null;
  /** The most that waited on the socket of one client. */
  readonly socketBacklogBytes: number;
  /**
   * The longest time, up to or in it, in which nothing arrived for any connected client: its beginning since the plan's start, and its
   * length. Null: none was connected, or the run was paused.
   */
  readonly silenceFromMs: number | null;
  readonly silenceMs: number | null;
  /** Lines of histograms.hlog that belong to it. */
  readonly histogramLines: number;
  /** In the last line of a run that came to an end: which, and why in words where it was not `completed`. */
  readonly end?: RunEnd;
  readonly endedWhy?: string;
}

/**
 * A sample: its fields, and with them
 *
 * - every sum of the interval under its own name, tags included: `messages_sent`, `disconnects{reason:Silence}`, ...; added up over the
 *   lines they are the sums of the run. A sum that did not grow is left out.
 * - values of the moment that a profile made, behind `gauge:`.
 * - of each worker `worker0CpuPercent` of one core, and `worker0CpuMs` of CPU time.
 */
export type Sample = SampleFields & Readonly<Record<string, string | number | boolean | null | undefined>>;

const GAUGE_PREFIX = "gauge:";
/** A profile may name a counter like one of the fields that are a single small word. */
const SUM_PREFIX = "sum:";
const SMALL_WORDS: ReadonlySet<string> = new Set(["t", "phase", "end"]);
/** Gauges that are fields. */
const CONNECTED = "clients_connected";
const CONNECTED_PEAK = "clients_connected_peak";
const BACKLOG = "socket_backlog_bytes";
const FIELD_GAUGES: ReadonlySet<string> = new Set([CONNECTED, CONNECTED_PEAK, BACKLOG]);

/** The sample of an interval of which histograms.hlog has `histogramLines`. */
export function sampleOf(interval: Interval, histogramLines: number): Sample {
  const { total, startMs, endMs, ended } = interval;
  const intervalMs = endMs - startMs;
  const perSecond = (name: string): number => rounded((total.sum(name) * 1000) / Math.max(1, intervalMs));
  return {
    t: new Date(endMs).toISOString(),
    elapsedMs: interval.elapsedMs,
    intervalMs,
    phase: interval.phase,
    isWarmup: interval.isWarmup,
    clientsConnected: total.gauges[CONNECTED] ?? 0,
    clientsConnectedPeak: total.gauges[CONNECTED_PEAK] ?? 0,
    sentPerSecond: perSecond("messages_sent"),
    receivedPerSecond: perSecond("messages_received"),
    answeredPerSecond: perSecond("messages_answered"),
    droppedPerSecond: perSecond("dropped_sends"),
    connectedPerSecond: perSecond("connect_established"),
    ...percentilesOf(interval),
    ...silenceFields(total),
    cpuPercent: rounded(interval.cpuPercent),
    cpuMs: interval.cpuMs,
    ...cpuFields(interval),
    socketBacklogBytes: total.gauges[BACKLOG] ?? 0,
    rssBytes: interval.rssBytes,
    histogramLines,
    ...sumFields(total.sums),
    ...gaugeFields(total.gauges),
    ...(ended !== undefined && { end: ended.end, ...(ended.why !== undefined && { endedWhy: ended.why }) }),
  };
}

/** The sums of a sample's interval. */
export function sumsOf(sample: Sample): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, value] of Object.entries(sample)) {
    if (typeof value === "number" && isSum(key)) sums[key.replace(SUM_PREFIX, "")] = value;
  }
  return sums;
}

/** The values of the moment at the end of a sample's interval. */
export function gaugesOf(sample: Sample): Record<string, number> {
  const gauges: Record<string, number> = {
    [CONNECTED]: sample.clientsConnected,
    [CONNECTED_PEAK]: sample.clientsConnectedPeak,
    [BACKLOG]: sample.socketBacklogBytes,
  };
  for (const [key, value] of Object.entries(sample)) {
    if (typeof value === "number" && key.startsWith(GAUGE_PREFIX)) gauges[key.slice(GAUGE_PREFIX.length)] = value;
  }
  return gauges;
}

/** Undefined: none was measured. */
export function silenceOf({ silenceFromMs, silenceMs }: Sample): Silence | undefined {
  if (typeof silenceFromMs !== "number" || typeof silenceMs !== "number") return undefined;
  return { fromMs: silenceFromMs, toMs: silenceFromMs + silenceMs };
}

/** Of workers and machine; undefined: not measured. */
export function cpuOf(sample: Sample): IntervalCpu | undefined {
  const { machineCpuPercent } = sample;
  if (typeof machineCpuPercent !== "number") return undefined;
  const workerMs: number[] = [];
  for (let ms = sample[workerField(0, "Ms")]; typeof ms === "number"; ms = sample[workerField(workerMs.length, "Ms")]) {
    workerMs.push(ms);
  }
  return { workerMs, machinePercent: machineCpuPercent };
}

function silenceFields({ silence }: SnapshotTotal): Pick<SampleFields, "silenceFromMs" | "silenceMs"> {
  if (silence === undefined) return { silenceFromMs: null, silenceMs: null };
  return { silenceFromMs: silence.fromMs, silenceMs: silenceMs(silence) };
}

function cpuFields({ cpu, startMs, endMs }: Interval): Pick<SampleFields, "machineCpuPercent"> {
  const workers = (cpu?.workerMs ?? []).flatMap((ms, index) => [
    [workerField(index, "Percent"), rounded((100 * ms) / Math.max(1, endMs - startMs))],
    [workerField(index, "Ms"), ms],
  ]);
  return { ...Object.fromEntries(workers), machineCpuPercent: cpu?.machinePercent ?? null };
}

function workerField(index: number, figure: "Percent" | "Ms"): string {
  return `worker${index}Cpu${figure}`;
}

/** Names of metrics are small letters with underscores, of fields camel case. */
function isSum(key: string): boolean {
  return !key.startsWith(GAUGE_PREFIX) && !SMALL_WORDS.has(key) && !/^[^{]*[A-Z]/.test(key);
}

function sumFields(sums: Readonly<Record<string, number>>): Record<string, number> {
  const named = Object.entries(sums).map(([name, value]) => [SMALL_WORDS.has(name) ? SUM_PREFIX + name : name, value]);
  return Object.fromEntries(named);
}

function gaugeFields(gauges: Readonly<Record<string, number>>): Record<string, number> {
  const own = Object.entries(gauges).filter(([name]) => !FIELD_GAUGES.has(name));
  return Object.fromEntries(own.map(([name, value]) => [GAUGE_PREFIX + name, value]));
}

function percentilesOf({ total }: Interval): Record<PercentileField, number | null> {
  const histograms: [string, Histogram | undefined][] = Object.entries(SAMPLED_TRENDS).map(([prefix, name]) => [
    prefix,
    total.trends.get(name),
  ]);
  histograms.push(["eventLoopDelay", total.eventLoopDelay], ["gcPause", total.gcPauses]);
  const fields = histograms.flatMap(([prefix, histogram]) =>
    Object.entries(SAMPLED_FIGURES).map(([figure, percentile]): [string, number | null] => [
      `${prefix}${figure}Ms`,
      histogram === undefined ? null : percentileMs(histogram, percentile),
    ]),
  );
  return Object.fromEntries(fields) as Record<PercentileField, number | null>;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
