// A result folder, opened for reading: whatever a run has left there, however it ended. Changes nothing in it.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Histogram } from "hdr-histogram-js";
import type { ClientOutcome } from "../metrics/client-outcome.js";
import type { EndOfRun, Interval } from "../metrics/interval.js";
import { SnapshotTotal } from "../metrics/snapshot.js";
import { EVENT_LOOP_DELAY, GC_PAUSE, type StoredHistogram } from "./histogram-log.js";
import { RESULT_FILES } from "./results-folder.js";
import type { RunFile } from "./run-file.js";
import { cpuOf, gaugesOf, type Sample, silenceOf, sumsOf } from "./sample.js";
import { type Leftovers, linesOf, type StoredSecond, storedSeconds } from "./stored-seconds.js";
import type { Summary } from "./summary.js";
import { unreadableFile, unreadableLine } from "./unreadable.js";

/** What is in a folder. Seconds are read anew on each call, one at a time: a day-long run needs no more memory than a short one. */
export interface StoredResult {
  readonly folder: string;
  readonly run: RunFile;
  /** summary.json as the run wrote it; undefined: it was killed before. `storedSummary` (src/analysis) gives one in both cases. */
  readonly summary: Summary | undefined;
  /** The run did not run to its end; and why, in words. */
  readonly partial: boolean;
  readonly ended: EndOfRun;
  /** Whole seconds; those that follow were cut off. */
  readonly secondCount: number;
  /** Wall clock of the last one's end, whole ms since the epoch; 0 where there is none. */
  readonly lastSecondMs: number;
  /** What is missing or was left out, a sentence each; empty: all is there. */
  readonly notes: readonly string[];
  /** One a second, the oldest first. */
  samples(): Generator<Sample>;
  /** By second, and within it by metric: those with samples only. Decoded when asked. */
  histograms(): Generator<StoredHistogram>;
  /** Each second as the run itself had it, but `outcomes`, which have no second. */
  intervals(): Generator<Interval>;
  /** The last that is known of each client that was let in, or is over. */
  outcomes(): ClientOutcome[];
}

/**
 * Opens a result folder. A last line that is cut off is left out and told in `notes`; so is the second it belongs to.
 *
 * @param folder With run.json in it, at least.
 * @throws {UsageError} If it is no result, of another schema, or a file in it cannot be read: names path, line and rule.
 */
export function readStoredResult(folder: string): StoredResult {
  const run = runFileIn(folder);
  const summary = summaryIn(folder);
  const { secondCount, last, notes } = scan(folder);
  const ended = endOf(last, summary);
  function* seconds(): Generator<StoredSecond> {
    let left = secondCount;
    if (left === 0) return;
    for (const second of storedSeconds(folder, newLeftovers())) {
      yield second;
      if (--left === 0) return;
    }
  }
  return {
    folder,
    run,
    summary,
    partial: ended.end !== "completed",
    ended,
    secondCount,
    lastSecondMs: last === undefined ? 0 : Date.parse(last.t),
    notes,
    *samples() {
      for (const { sample } of seconds()) yield sample;
    },
    *histograms() {
      for (const { histograms } of seconds()) yield* histograms;
    },
    *intervals() {
      for (const second of seconds()) yield intervalOf(second);
    },
    outcomes: () => outcomesIn(folder, ended.end === "cut" ? (last?.elapsedMs ?? 0) : Number.POSITIVE_INFINITY),
  };
}

function runFileIn(folder: string): RunFile {
  const hint = `A result is a folder that \`utp-load run\` wrote: ${RESULT_FILES.run} is in it`;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw unreadableFile(folder, "the folder of a result", "no such folder", hint);
  }
  const run = jsonIn<RunFile>(folder, RESULT_FILES.run, "utp-load/run@1");
  if (run === undefined) throw unreadableFile(folder, "the folder of a result", `no ${RESULT_FILES.run} in it`, hint);
  return run;
}

function summaryIn(folder: string): Summary | undefined {
  return jsonIn<Summary>(folder, RESULT_FILES.summary, "utp-load/summary@1");
}

/** Undefined: there is no such file. */
function jsonIn<Value extends { schema: string }>(
  folder: string,
  name: string,
  schema: Value["schema"],
): Value | undefined {
  const path = join(folder, name);
  const text = textOf(path);
  if (text === undefined) return undefined;
  let value: Partial<Value> | null;
  try {
    value = JSON.parse(text) as Partial<Value> | null;
  } catch {
    throw unreadableFile(path, "whole JSON", text);
  }
  if (value?.schema === schema) return value as Value;
  const hint = "Read it with the version of utp-load that wrote it";
  throw unreadableFile(path, `of schema ${schema}`, String(value?.schema ?? "none"), hint);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw unreadableFile(path, "a file that can be read", message);
  }
}

/** One pass over all seconds, without decoding: how many are whole, what the last one says, what is missing. */
function scan(folder: string): { secondCount: number; last: Sample | undefined; notes: string[] } {
  const leftovers = newLeftovers();
  let seconds = 0;
  let whole = 0;
  let missing = 0;
  let missingInWhole = 0;
  let newest: Sample | undefined;
  let last: Sample | undefined;
  for (const { sample, histograms } of storedSeconds(folder, leftovers)) {
    seconds++;
    newest = sample;
    missing += sample.histogramLines - histograms.length;
    // A run that said its end has all that it could write; of one that was killed the last second may lack its histograms.
    if (histograms.length < sample.histogramLines && sample.end === undefined) continue;
    whole = seconds;
    last = newest;
    missingInWhole = missing;
  }
  const notes = [...leftovers.torn].map((name) => `${name}: its last line was cut off and is left out`);
  if (seconds > whole) notes.push(`the last ${seconds - whole} s are left out: their histograms are not there`);
  if (missingInWhole > 0) notes.push(`${missingInWhole} histograms are missing: they could not be written`);
  if (leftovers.strayHistograms > 0) {
    notes.push(`${leftovers.strayHistograms} histograms are left out: the sample of their second is not there`);
  }
  return { secondCount: whole, last, notes };
}

function newLeftovers(): Leftovers {
  return { torn: new Set(), strayHistograms: 0 };
}

function endOf(last: Sample | undefined, summary: Summary | undefined): EndOfRun {
  if (last?.end !== undefined) return { end: last.end, why: last.endedWhy };
  // The last second could not be written, the summary could.
  if (summary?.partial === false) return { end: "completed", why: undefined };
  const seconds = ((last?.elapsedMs ?? 0) / 1000).toFixed(1);
  return {
    end: "cut",
    why: `no end was written: the run was killed, or still goes on; its last whole second ended ${seconds} s after the start`,
  };
}

function intervalOf({ sample, startMs, endMs, histograms }: StoredSecond): Interval {
  const total = new SnapshotTotal();
  total.addSums(sumsOf(sample));
  Object.assign(total.gauges, gaugesOf(sample));
  for (const { metric, histogram } of histograms) {
    histogramIn(total, metric).add(histogram());
  }
  total.silence = silenceOf(sample);
  const { elapsedMs, phase, isWarmup, cpuMs, cpuPercent, rssBytes, end, endedWhy } = sample;
  const cpu = cpuOf(sample);
  const seen = { startMs, endMs, elapsedMs, phase, isWarmup, total, cpuMs, cpuPercent, rssBytes, outcomes: [] };
  return {
    ...seen,
    ...(cpu !== undefined && { cpu }),
    ...(end !== undefined && { ended: { end, why: endedWhy } }),
  };
}

function histogramIn(total: SnapshotTotal, metric: string): Histogram {
  if (metric === EVENT_LOOP_DELAY) return total.eventLoopDelay;
  return metric === GC_PAUSE ? total.gcPauses : total.trend(metric);
}

/** @param untilMs What became known later belongs to a second that was cut off. */
function outcomesIn(folder: string, untilMs: number): ClientOutcome[] {
  const found = new Map<number, ClientOutcome>();
  const leftovers = newLeftovers();
  for (const { text, number, isLast } of linesOf(folder, RESULT_FILES.clients, leftovers)) {
    const outcome = outcomeIn(text);
    if (outcome === undefined && !isLast) {
      throw unreadableLine(join(folder, RESULT_FILES.clients), number, "what became of one client", text);
    }
    if (outcome !== undefined && (outcome.endedMs ?? outcome.acceptMs ?? 0) <= untilMs)
      found.set(outcome.number, outcome);
  }
  return [...found.values()];
}

function outcomeIn(text: string): ClientOutcome | undefined {
  try {
    const outcome = JSON.parse(text) as ClientOutcome | null;
    return typeof outcome?.number === "number" ? outcome : undefined;
  } catch {
    return undefined;
  }
}
