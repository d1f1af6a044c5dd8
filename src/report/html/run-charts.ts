// Which charts a run has, as data: what is drawn in each, how, and out of which columns. Pure; it writes no page.
import type { ChartBand, ChartSeries, ChartSpec, ChartTone, ChartUnit } from "../page/chart-spec.js";
import type { RunSeries } from "./run-series.js";
import { groupsOf, thinnedValues, thinnedXs } from "./thinning.js";

/** A screen has few more columns; a run of a day stays a file of a few hundred KB. */
export const MAX_POINTS = 1000;

export interface SeriesPlan extends Omit<ChartSeries, "values"> {
  /** Of `RunSeries`, or values that are none of its columns. */
  readonly column: string | readonly number[];
}

export interface ChartPlan {
  readonly id: string;
  readonly unit: ChartUnit;
  readonly series: readonly SeriesPlan[];
  /** Beside those of the phases. */
  readonly bands?: readonly ChartBand[];
}

/** The series of a run's chart over time that have any value; none where all that they tell is that nothing happened. */
export function timeChart({ id, unit, series, bands = [] }: ChartPlan, run: RunSeries): ChartSpec {
  const groups = groupsOf(run.seconds.length, MAX_POINTS);
  const all = series.map(({ column, ...look }) => ({ look, values: columnOf(run, column) }));
  const isStill = all.every(({ values }) => values.every((value) => Number.isNaN(value) || value === 0));
  const measured = isStill ? [] : all.filter(({ look, values }) => !values.every((value) => isMute(value, look.tone)));
  const drawn = measured.map(({ look, values }) => ({ ...look, values: thinnedValues(values, groups) }));
  const xs = thinnedXs(run.seconds, groups);
  return { id, unit, x: "seconds", xs, series: drawn, bands: [...run.bands, ...bands] };
}

/** Failures that there are none of need no red line. */
function isMute(value: number, tone: ChartTone): boolean {
  return Number.isNaN(value) || (tone === "bad" && value === 0);
}

/** A second each. */
function columnOf(run: RunSeries, column: SeriesPlan["column"]): readonly number[] {
  return typeof column === "string" ? run.column(column) : column;
}

const line = (label: string, column: string, tone: ChartTone): SeriesPlan => ({ label, column, tone, look: "line" });
const dashed = (label: string, column: string, tone: ChartTone): SeriesPlan => ({
  label,
  column,
  tone,
  look: "dashed",
});
const onDemand = (plan: SeriesPlan): SeriesPlan => ({ ...plan, isHidden: true });

/** The charts that need no more than the columns. */
export const CHARTS = {
  joins: {
    id: "joins",
    unit: "perSecond",
    series: [line("connected", "connectedPerSecond", "mid"), line("failed attempts", "failedPerSecond", "bad")],
  },
  connect: {
    id: "connect",
    unit: "ms",
    series: [
      line("TCP p95", "connectTcpP95Ms", "low"),
      line("TLS p95", "connectTlsP95Ms", "third"),
      line("upgrade p95", "connectUpgradeP95Ms", "other"),
      line("UTP p95", "connectUtpP95Ms", "quiet"),
      line("total p95", "connectTotalP95Ms", "high"),
      onDemand(line("total max", "connectTotalMaxMs", "peak")),
    ],
  },
  rtt: {
    id: "rtt",
    unit: "ms",
    series: [
      line("p50", "rttP50Ms", "low"),
      line("p95", "rttP95Ms", "mid"),
      line("p99", "rttP99Ms", "high"),
      dashed("uncorrected p99", "rttUncorrectedP99Ms", "other"),
      dashed("ping p95", "pingP95Ms", "third"),
      onDemand(line("max", "rttMaxMs", "peak")),
    ],
  },
  messages: {
    id: "messages",
    unit: "perSecond",
    series: [
      line("received", "receivedPerSecond", "mid"),
      dashed("sent", "sentPerSecond", "other"),
      onDemand(line("answers", "answeredPerSecond", "high")),
      line("dropped", "droppedPerSecond", "bad"),
    ],
  },
  bytes: {
    id: "bytes",
    unit: "bytesPerSecond",
    series: [line("received", "wireBytesReceivedPerSecond", "mid"), dashed("sent", "wireBytesSentPerSecond", "other")],
  },
  cpu: { id: "cpu", unit: "percent", series: [line("CPU", "cpuPercent", "mid")] },
  lateness: {
    id: "lateness",
    unit: "ms",
    series: [
      line("send lag p50", "sendLagP50Ms", "low"),
      line("send lag p99", "sendLagP99Ms", "high"),
      dashed("event-loop delay p99", "eventLoopDelayP99Ms", "other"),
    ],
  },
  memory: { id: "memory", unit: "bytes", series: [line("resident memory", "rssBytes", "mid")] },
} as const satisfies Record<string, ChartPlan>;

/** Clients, beside those that the plan has at each second where it is known. */
export function clientsChart(planned: readonly number[] | undefined): ChartPlan {
  const plan: SeriesPlan[] =
    planned === undefined ? [] : [{ label: "planned", column: planned, tone: "peak", look: "dashed" }];
  return { id: "clients", unit: "count", series: [line("connected", "clientsConnected", "mid"), ...plan] };
}

/** Time between messages of the server; `bands`: its stalls. */
export function serverIntervalChart(bands: readonly ChartBand[]): ChartPlan {
  const series = [
    line("p50", "serverIntervalP50Ms", "low"),
    line("p95", "serverIntervalP95Ms", "mid"),
    line("p99", "serverIntervalP99Ms", "high"),
    line("longest", "serverIntervalMaxMs", "peak"),
  ];
  return { id: "server-interval", unit: "ms", series, bands };
}

/** Tones for reasons: red first, for the rest what is left. */
const REASON_TONES: readonly ChartTone[] = ["bad", "third", "quiet", "other", "high", "peak"];

/** Ends by reason, a bar a second; the client's own, which is no failure, in blue. */
export function reasonsChart(id: string, sum: "disconnects" | "connect_failures", run: RunSeries): ChartPlan {
  const reasons = run.reasons(sum).sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  const failures = reasons.filter((reason) => !isOwn(reason));
  const series = reasons.map((reason): SeriesPlan => {
    const tone = isOwn(reason) ? "mid" : REASON_TONES[Math.min(failures.indexOf(reason), REASON_TONES.length - 1)]!;
    return { label: reason, column: `${sum}{reason:${reason}}`, tone, look: "bars" };
  });
  return { id, unit: "count", series };
}

function isOwn(reason: string): boolean {
  return reason === "ClosedByClient" || reason === "Cancelled";
}
