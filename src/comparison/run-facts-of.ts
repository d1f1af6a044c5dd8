// What a comparison needs of a stored result, read from its folder second by second. Changes nothing in it.
import type { Histogram } from "hdr-histogram-js";
import { bucketsOf } from "../metrics/histogram.js";
import type { Sample } from "../result/sample.js";
import type { StoredResult } from "../result/stored-result.js";
import type { Summary } from "../result/summary.js";
import { COMPARED_TRENDS, type ComparedTrend } from "./figures.js";
import type { BucketCounts, RunFacts, SecondFacts } from "./run-facts.js";

/** A longer run's seconds are added up to so many rows: more say nothing more, and a day would not fit into memory. */
const MOST_ROWS = 400;

/** @param summary Of the same result. */
export function runFactsOf(stored: StoredResult, { connect, disconnects }: Summary): RunFacts {
  const rows = rowsOf(stored);
  const trends = trendsOf(stored, rows);
  const byClient = disconnects.byReason.ClosedByClient ?? 0;
  return {
    seconds: rows.map(({ segment, lengthMs, messagesReceived }, row) => {
      return { segment, lengthMs, messagesReceived, trends: trends[row]! };
    }),
    connectsFailed: connect.failed,
    connectsFinished: connect.failed + connect.established,
    connectionsLost: disconnects.total - byClient,
    connectionsMade: connect.established,
  };
}

interface Row {
  readonly segment: number;
  lengthMs: number;
  messagesReceived: number;
  /** Wall clock starts of its seconds. */
  readonly startsMs: number[];
}

/** The seconds of the measured part, several to a row where there are many; a row lies within one phase. */
function rowsOf(stored: StoredResult): Row[] {
  const secondsPerRow = Math.ceil(stored.secondCount / MOST_ROWS);
  const rows: Row[] = [];
  let segment = 0;
  let before: Sample | undefined;
  let isTransition = false;
  for (const sample of stored.samples()) {
    // A sample has the phase of its end: a change (the first is from nothing) lies within it, and it is like neither side.
    const isChange = sample.phase !== before?.phase;
    if (isChange || isTransition) segment++;
    isTransition = isChange;
    before = sample;
    if (sample.isWarmup) continue;
    const last = rows.at(-1);
    const isFull = last === undefined || last.segment !== segment || last.startsMs.length >= secondsPerRow;
    const row = isFull ? { segment, lengthMs: 0, messagesReceived: 0, startsMs: [] } : last;
    if (isFull) rows.push(row);
    row.lengthMs += sample.intervalMs;
    row.messagesReceived += Number(sample.messages_received ?? 0);
    row.startsMs.push(Date.parse(sample.t) - sample.intervalMs);
  }
  return rows;
}

function trendsOf(stored: StoredResult, rows: readonly Row[]): SecondFacts["trends"][] {
  const rowAt = new Map(rows.flatMap(({ startsMs }, row) => startsMs.map((startMs) => [startMs, row] as const)));
  const totals = rows.map(() => new Map<ComparedTrend, Histogram>());
  for (const { metric, startMs, histogram } of stored.histograms()) {
    const row = rowAt.get(startMs);
    if (row === undefined || !isCompared(metric)) continue;
    const known = totals[row]!.get(metric);
    if (known === undefined) totals[row]!.set(metric, histogram());
    else known.add(histogram());
  }
  return totals.map((byTrend) => {
    const filled = [...byTrend].map(([trend, total]) => [trend, bucketsOf(total)] as const);
    return Object.fromEntries(filled) as Partial<Record<ComparedTrend, BucketCounts>>;
  });
}

function isCompared(metric: string): metric is ComparedTrend {
  return (COMPARED_TRENDS as readonly string[]).includes(metric);
}
