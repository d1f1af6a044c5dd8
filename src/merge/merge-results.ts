// Results of several shards or machines become one, a result like any other: its folder is written here. Judges nothing itself.
import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { rebuiltSummary } from "../analysis/summarize.js";
import { UsageError } from "../errors.js";
import type { EndOfRun } from "../metrics/interval.js";
import { Journal } from "../result/journal.js";
import { createResultsFolder } from "../result/results-folder.js";
import { readStoredResult } from "../result/stored-result.js";
import type { Summary } from "../result/summary.js";
import { checkMergeable, mergedEnd, mergedRun } from "./mergeable.js";
import { mergedIntervals, wholeSpan } from "./merged-intervals.js";
import { mergedOutcomes } from "./merged-outcomes.js";

export interface MergedResult {
  readonly summary: Summary;
  readonly ended: EndOfRun;
}

/**
 * Merges results into a new folder: histograms and counts are added exactly, seconds aligned on the wall clock, thresholds judged once,
 * on the whole. A shard that is missing or was killed makes the verdict invalid.
 *
 * @param onProblem Told of what cannot be written, and of what the parts lack.
 * @throws {UsageError} If the results are not parts of one load, one cannot be read, or `outFolder` is one of them.
 * @throws {EnvironmentError} If the folder cannot be written.
 */
export function mergeResults(
  folders: readonly string[],
  outFolder: string,
  onProblem: (problem: string) => void,
): MergedResult {
  const results = folders.map(readStoredResult);
  for (const { folder, notes } of results) for (const note of notes) onProblem(`${folder}: ${note}`);
  checkMergeable(results);
  const { path } = createResultsFolder(notAPart(outFolder, folders));
  const run = { ...mergedRun(results), instance: randomUUID() };
  const ended = mergedEnd(run.parts ?? []);
  const journal = new Journal(path, run, onProblem);
  const span = wholeSpan(results);
  const outcomes = mergedOutcomes(results, span.startMs);
  const whole = { ...span, warmupMs: run.profile.warmupMs, ended, outcomes };
  for (const interval of mergedIntervals(results, whole)) journal.onInterval(interval);
  const summary = rebuiltSummary(readStoredResult(path));
  journal.finish(summary);
  return { summary, ended };
}

/** The folder is emptied before anything is written into it. */
function notAPart(outFolder: string, folders: readonly string[]): string {
  const part = folders.find((folder) => realPath(folder) === realPath(outFolder));
  if (part === undefined) return outFolder;
  const message = `Cannot merge: --out must be another folder than the results, got ${outFolder}`;
  throw new UsageError(message, "Name a new folder: an old result in it would be replaced");
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
