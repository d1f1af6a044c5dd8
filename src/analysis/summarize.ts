// The one way to a summary with its diagnosis, from a run that has just ended or from a folder. Pure but for the folder's own reading.
import type { RunResult } from "../engine/run-types.js";
import type { Interval } from "../metrics/interval.js";
import { RunTotals } from "../metrics/run-totals.js";
import type { Profile } from "../profile/profile.js";
import { buildSummary, type SummaryContext } from "../result/build-summary.js";
import type { RunFile } from "../result/run-file.js";
import type { StoredResult } from "../result/stored-result.js";
import type { Summary } from "../result/summary.js";
import { diagnose } from "./diagnosis.js";
import { KeptSeries } from "./kept-series.js";
import { type SeriesPoint, seriesPointOf } from "./observations.js";

/** The summary of a run, diagnosed. @throws {UsageError} If a threshold of the profile cannot be read. */
export function summarize(
  result: RunResult,
  profile: Profile,
  context: SummaryContext,
  series: readonly SeriesPoint[],
): Summary {
  const summary = buildSummary(result, profile, context);
  summary.diagnosis = diagnose(summary, { profile, series, outcomes: result.outcomes });
  return summary;
}

/** The summary of a result: as its run wrote it, or made anew where it was killed before. */
export function storedSummary(stored: StoredResult): Summary {
  return stored.summary ?? rebuiltSummary(stored);
}

/** The summary made anew from the seconds of a result: of a whole run the one that it wrote, field by field. */
export function rebuiltSummary(stored: StoredResult): Summary {
  const { run } = stored;
  const series = new KeptSeries();
  const figures = storedFigures(stored, (interval) => series.add(seriesPointOf(interval)));
  return summarize(figures, run.profile, contextOf(run), series.points);
}

/** What the seconds of a result add up to; each is told to `onInterval` on the way. */
export function storedFigures(stored: StoredResult, onInterval?: (interval: Interval) => void): RunResult {
  const { run, ended } = stored;
  const totals = new RunTotals({
    startedAtMs: Date.parse(run.startedAt),
    plannedClients: run.plan.clients,
    hasWarmup: run.profile.warmupMs > 0,
    lagLimitMs: run.plan.lagLimitMs,
  });
  for (const interval of stored.intervals()) {
    totals.add(interval);
    onInterval?.(interval);
  }
  totals.addOutcomes(stored.outcomes());
  if (ended.end === "cut") totals.closeBooks();
  return { ...totals.figures(), ...ended };
}

function contextOf({ id, target, plan, versions }: RunFile): SummaryContext {
  const { workers, processes, shard } = plan;
  return { id, target, version: versions.utpLoad, node: versions.node, workers, processes, shard };
}
