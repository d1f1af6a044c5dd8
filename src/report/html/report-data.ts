// A result, read once and brought into the shape that the sections of a report need. It judges nothing; the summary has done that.
import type { FirstFailure } from "../../metrics/client-outcome.js";
import type { Histogram } from "../../metrics/histogram.js";
import { SnapshotTotal } from "../../metrics/snapshot.js";
import type { RunFile } from "../../result/run-file.js";
import { sumsOf } from "../../result/sample.js";
import type { StoredResult } from "../../result/stored-result.js";
import type { Summary } from "../../result/summary.js";
import { RunSeries } from "./run-series.js";
import { type Stall, stallsOf } from "./stalls.js";

export interface FailedClient extends FirstFailure {
  /** As the plan numbers clients, from 0. */
  readonly number: number;
  /** Clients whose first failure had this reason, this one included. */
  readonly alike: number;
}

export interface ReportData {
  readonly run: RunFile;
  readonly summary: Summary;
  /** Why the run did not run to its end; undefined: it did. */
  readonly endedWhy: string | undefined;
  readonly notes: readonly string[];
  readonly series: RunSeries;
  readonly stalls: readonly Stall[];
  /** Without the warm-up: all sums, and of the trends those that are shown whole. */
  readonly measured: SnapshotTotal;
  /** The first of each reason, in order of time. */
  readonly firstFailures: readonly FailedClient[];
}

/** What a report reads of a result. */
export type ReportSource = Pick<StoredResult, "run" | "ended" | "notes" | "samples" | "histograms" | "outcomes">;

/** Reads the seconds of a result twice: as samples, and as histograms. */
export function reportData(source: ReportSource, summary: Summary): ReportData {
  const series = new RunSeries();
  const measured = new SnapshotTotal();
  for (const sample of source.samples()) {
    const sums = sumsOf(sample);
    series.add(sample, sums);
    if (!sample.isWarmup) measured.addSums(sums);
  }
  addTrends(measured, source);
  return {
    run: source.run,
    summary,
    endedWhy: source.ended.why,
    notes: source.notes,
    series,
    stalls: stallsOf(series, summary.latencyMs.serverInterval.p50),
    measured,
    firstFailures: firstFailuresOf(source),
  };
}

/** The histogram of a trend, undefined where it has no samples. */
export function trendOf({ measured }: ReportData, name: string): Histogram | undefined {
  const histogram = measured.trends.get(name);
  return histogram !== undefined && histogram.totalCount > 0 ? histogram : undefined;
}

/** What curves and tables of parts need; to decode a histogram takes time, and a long run has millions. */
const SHOWN_WHOLE = /^(?:rtt|rtt_uncorrected|ping|connect_total)$|^rtt\{/;

function addTrends(measured: SnapshotTotal, { run, histograms }: ReportSource): void {
  const measuredFromMs = Date.parse(run.startedAt) + run.profile.warmupMs;
  for (const { metric, startMs, histogram } of histograms()) {
    if (startMs >= measuredFromMs && SHOWN_WHOLE.test(metric)) measured.trend(metric).add(histogram());
  }
}

function firstFailuresOf(source: ReportSource): FailedClient[] {
  const first = new Map<string, FailedClient>();
  for (const { number, firstFailure } of source.outcomes()) {
    if (firstFailure === undefined) continue;
    const known = first.get(firstFailure.reason);
    const alike = (known?.alike ?? 0) + 1;
    const isFirst = known === undefined || firstFailure.endedMs < known.endedMs;
    first.set(firstFailure.reason, isFirst ? { ...firstFailure, number, alike } : { ...known, alike });
  }
  return [...first.values()].sort((a, b) => a.endedMs - b.endedMs);
}
