// Judges thresholds against what was measured. It neither reads nor prints them.
import type { Histogram } from "hdr-histogram-js";
import { meanMs, percentileMs } from "./distribution.js";
import type { RateName } from "./names.js";
import type { SnapshotTotal } from "./snapshot.js";
import {
  type Aggregation,
  type Operator,
  readThreshold,
  type Threshold,
  type ThresholdSpec,
} from "./thresholds-parser.js";

export interface ThresholdResult {
  metric: string;
  expression: string;
  /** The measured value, times in ms; null where a trend or rate had no samples, which is a failure. */
  value: number | null;
  ok: boolean;
}

const HOLDS: Record<Operator, (value: number, limit: number) => boolean> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "==": (value, limit) => value === limit,
  "===": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
};

/** The sums behind a rate: `yes` of `yes + no`. */
const RATE_SUMS: Record<RateName, { yes: string; no: string }> = {
  connect_failed: { yes: "connect_failed_attempts", no: "connect_established" },
  checks: { yes: "checks_passed", no: "checks_failed" },
};

/** Where a metric with one of these tags is recorded under another name than its own. */
const TAGGED_SUMS: Readonly<Record<string, string>> = {
  "connect_failed reason": "connect_failures",
  "messages_sent pipeline": "pipeline_sent",
  "messages_received pipeline": "pipeline_received",
};

/** What Unity calls the end of a connection, where it is no cause of ours too: disconnects are counted by both. */
const UNITY_WORDS: ReadonlySet<string> = new Set([
  "Default",
  "Timeout",
  "MaxConnectionAttempts",
  "ClosedByRemote",
  "AuthenticationFailure",
  "ProtocolError",
]);

/**
 * Judges every threshold, in the order given.
 *
 * @param total What counts: the measured part of a run, or the run so far.
 * @param seconds Length of what `total` covers, > 0; the rate of a counter is per second of it.
 * @throws {UsageError} If a threshold cannot be read.
 */
export function evaluateThresholds(
  specs: readonly ThresholdSpec[],
  total: SnapshotTotal,
  seconds: number,
): ThresholdResult[] {
  return specs.map((spec) => {
    const threshold = readThreshold(spec, "any");
    const value = measuredValue(threshold, total, seconds);
    const ok = value !== null && HOLDS[threshold.operator](value, threshold.limit);
    return { metric: spec.metric, expression: spec.expression, value, ok };
  });
}

/**
 * Why the run must stop now: the first crossed threshold that has `abortOnFail` and whose delay is over; undefined: go on.
 * A trend or rate that has no samples yet stops nothing: they may come.
 */
export function thresholdAbort(
  specs: readonly ThresholdSpec[],
  total: SnapshotTotal,
  seconds: number,
  elapsedMs: number,
): string | undefined {
  const due = specs.filter((spec) => spec.abortOnFail === true && elapsedMs >= (spec.delayAbortEvalMs ?? 0));
  const crossed = evaluateThresholds(due, total, seconds).find((result) => !result.ok && result.value !== null);
  if (crossed === undefined) return undefined;
  return `threshold ${crossed.metric}: ${crossed.expression} was crossed, measured ${crossed.value}`;
}

function measuredValue(threshold: Threshold, total: SnapshotTotal, seconds: number): number | null {
  const { type, aggregation } = threshold;
  switch (type) {
    case "trend":
      return trendValue(total.trend(recordedName(threshold)), aggregation, threshold.percentile);
    case "counter": {
      const count = total.sum(recordedName(threshold));
      if (aggregation === "count") return count;
      return seconds > 0 ? count / seconds : 0;
    }
    case "rate":
      return rateValue(threshold, total);
    case "gauge":
      return total.gauges[recordedName(threshold)] ?? 0;
  }
}

function trendValue(histogram: Histogram, aggregation: Aggregation, percentile: number | undefined): number | null {
  if (histogram.totalCount === 0) return null;
  switch (aggregation) {
    case "count":
      return histogram.totalCount;
    case "avg":
      return meanMs(histogram);
    case "min":
      return percentileMs(histogram, 0);
    case "max":
      return percentileMs(histogram, 100);
    default:
      return percentileMs(histogram, percentile ?? 50);
  }
}

/** With the tag of a part of the clients: its share of yes there. With a reason: the share of that reason's yes in all. */
function rateValue(threshold: Threshold, total: SnapshotTotal): number | null {
  const { name, tag } = threshold;
  const { yes, no } = RATE_SUMS[name as RateName];
  const isReason = tag?.name === "reason";
  const part = tag === undefined || isReason ? "" : tagText(tag);
  const all = total.sum(yes + part) + total.sum(no + part);
  if (all === 0) return null;
  return total.sum(isReason ? recordedName(threshold) : yes + part) / all;
}

function recordedName({ name, tag }: Threshold): string {
  if (tag === undefined) return name;
  if (name === "disconnects" && tag.name === "reason" && UNITY_WORDS.has(tag.value)) {
    return `disconnects_unity${tagText(tag)}`;
  }
  return `${TAGGED_SUMS[`${name} ${tag.name}`] ?? name}${tagText(tag)}`;
}

function tagText({ name, value }: NonNullable<Threshold["tag"]>): string {
  return `{${name}:${value}}`;
}
