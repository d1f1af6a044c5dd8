// A result for tests of its page, made of seconds that a test brings: no folder, no file.
import type { ClientOutcome, FirstFailure } from "../../../../src/metrics/client-outcome.js";
import type { Interval } from "../../../../src/metrics/interval.js";
import type { Profile } from "../../../../src/profile/profile.js";
import { htmlReport } from "../../../../src/report/html/html-report.js";
import type { PageAssets } from "../../../../src/report/html/page-assets.js";
import type { ReportSource } from "../../../../src/report/html/report-data.js";
import { runFileOf } from "../../../../src/result/run-file.js";
import { sampleOf } from "../../../../src/result/sample.js";
import type { Summary } from "../../../../src/result/summary.js";
import { served } from "../../analysis/sample-clients.js";
import {
  CONTEXT,
  intervalOf,
  PROFILE,
  START_MS,
  SUMS,
  snapshotOf,
  summaryOf,
  TRENDS,
} from "../../result/sample-run.js";

/** Instead of the real ones, which need a build. */
export const NO_ASSETS: PageAssets = { plotScript: "", plotStyle: "", pageScript: "" };

/** A run that ramps for a second, holds for two, and stops in a fourth. */
export function seconds(sums: Record<string, number> = SUMS): Interval[] {
  const snapshot = snapshotOf(sums, { ...TRENDS, ping: [3, 4], server_interval: [16, 17, 1200] }, 90);
  return (["ramp", "hold", "hold", "stopping"] as const).map((phase, index) => intervalOf(index, snapshot, phase));
}

export function sourceOf(
  intervals: readonly Interval[],
  outcomes: readonly ClientOutcome[] = [],
  profile: Partial<Profile> = {},
): ReportSource {
  const run = runFileOf({
    ...CONTEXT,
    startedAtMs: START_MS,
    profile: { ...PROFILE, ...profile },
    flags: ["run", "smoke"],
    settings: [],
    plannedClients: 110,
    lagLimitMs: 25,
  });
  return {
    run,
    ended: { end: "completed", why: undefined },
    notes: [],
    *samples() {
      for (const interval of intervals) yield sampleOf(interval, 0);
    },
    *histograms() {
      for (const { startMs, endMs, total } of intervals) {
        for (const [metric, histogram] of total.trends) yield { metric, startMs, endMs, histogram: () => histogram };
      }
    },
    outcomes: () => [...outcomes],
  };
}

/** The page of a result of these seconds. */
export function pageOf(
  source: ReportSource = sourceOf(seconds()),
  summary: Summary = summaryOf(),
  assets: PageAssets = NO_ASSETS,
): string {
  return htmlReport(source, summary, assets);
}

export function failed(number: number, changes: Partial<FirstFailure> = {}): ClientOutcome {
  const firstFailure: FirstFailure = {
    attempt: 1,
    startedMs: 100,
    tcpMs: 101,
    tlsMs: undefined,
    upgradeMs: 120,
    requestMs: 120,
    acceptMs: 150,
    endedMs: 30_150,
    reason: "Silence",
    detail: "nothing came for 30 s",
    ...changes,
  };
  return served(number, { endReason: firstFailure.reason, firstFailure });
}
