// Two groups of result folders, compared: what `compare` and `run --baseline` do, for programs too. Reads folders, prints nothing.
import { resolve } from "node:path";
import { storedSummary } from "../analysis/summarize.js";
import { UsageError } from "../errors.js";
import type { Profile } from "../profile/profile.js";
import { readStoredResult, type StoredResult } from "../result/stored-result.js";
import type { Summary } from "../result/summary.js";
import { type Allowance, regressionsOf } from "./allowance.js";
import { type Comparable, comparability, loadDifferences } from "./comparability.js";
import { CONFIDENCE, compareRuns } from "./compare-runs.js";
import type { ComparedRun, Comparison } from "./comparison.js";
import { methodFor } from "./estimate.js";
import { runFactsOf } from "./run-facts-of.js";

export interface CompareResultsOptions {
  readonly allowances?: readonly Allowance[];
  /** Compare although the results are of different loads or invalid: told as warnings then. */
  readonly force?: boolean;
}

interface Opened {
  readonly stored: StoredResult;
  readonly summary: Summary;
}

/**
 * Compares the results in two groups of folders.
 *
 * @param base One folder at least; likewise `next`.
 * @throws {UsageError} If a folder is no result, or the results cannot be compared: the message says why.
 */
export function compareResults(
  base: readonly string[],
  next: readonly string[],
  { allowances = [], force = false }: CompareResultsOptions = {},
): Comparison {
  const sides = { base: base.map(opened), next: next.map(opened) };
  const { refusals, warnings } = comparability(sides.base.map(comparableOf), sides.next.map(comparableOf));
  if (refusals.length > 0 && !force) throw notComparable(refusals);
  const facts = (side: readonly Opened[]) => side.map(({ stored, summary }) => runFactsOf(stored, summary));
  const figures = compareRuns(facts(sides.base), facts(sides.next));
  return {
    schema: "utp-load/comparison@1",
    base: sides.base.map(runOf),
    new: sides.next.map(runOf),
    method: methodFor(base, next),
    confidence: CONFIDENCE,
    warnings: [...refusals, ...warnings],
    figures: figures.filter((figure) => figure.base !== null || figure.new !== null),
    regressions: regressionsOf(figures, allowances).map(({ id }) => id),
  };
}

function opened(folder: string): Opened {
  const stored = readStoredResult(folder);
  return { stored, summary: storedSummary(stored) };
}

function comparableOf({ stored, summary }: Opened): Comparable {
  return { folder: resolve(stored.folder), run: stored.run, summary };
}

function runOf({ stored: { folder, run } }: Opened): ComparedRun {
  return { folder, id: run.id, startedAt: run.startedAt, target: run.target, profile: run.profile.name };
}

function notComparable(
  refusals: readonly string[],
  hint = "Run both with the same profile; --force compares them all the same",
): UsageError {
  const what = "the results must be valid and of the same load";
  return new UsageError(`Cannot compare: ${what}, got:\n  ${refusals.join("\n  ")}`, hint);
}

/**
 * Whether a run of `profile` into `outFolder` will be comparable with a baseline: asked before anything is sent.
 *
 * @throws {UsageError} If it is no result, invalid, of another load, or the folder that the run would replace.
 */
export function checkBaseline(baseline: readonly string[], profile: Profile, outFolder: string | undefined): void {
  const sides = baseline.map(opened).map(comparableOf);
  const [first] = sides;
  const isReplaced = outFolder !== undefined && sides.some(({ folder }) => folder === resolve(outFolder));
  const refusals = [
    ...comparability(sides, []).refusals,
    ...(first === undefined ? [] : loadDifferences(first.run.profile, profile)),
    ...(isReplaced ? [`${outFolder} is the folder that this run would replace`] : []),
  ];
  if (refusals.length > 0)
    throw notComparable(refusals, "Give a --baseline of this profile, in another folder than --out");
}
