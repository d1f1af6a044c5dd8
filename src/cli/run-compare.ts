// Carries out `compare`: reads the results of both sides, writes the reports asked for, prints the comparison, gives the exit code.
import { storedSummary } from "../analysis/summarize.js";
import { type Allowance, readAllowance } from "../comparison/allowance.js";
import { compareResults } from "../comparison/compare-results.js";
import type { Comparison } from "../comparison/comparison.js";
import { resultGroup } from "../comparison/result-group.js";
import { comparisonMarkdown } from "../report/comparison-markdown.js";
import { comparisonText } from "../report/comparison-text.js";
import { comparisonPage, type ReportedRun } from "../report/html/comparison-page.js";
import { exitCode } from "../result/exit-code.js";
import { RESULT_FILES } from "../result/results-folder.js";
import { readStoredResult } from "../result/stored-result.js";
import { writeReport } from "./ci-outputs.js";
import { showsColor } from "./shows-color.js";

export interface CompareWishes {
  readonly allow?: readonly string[] | undefined;
  readonly force: boolean;
  readonly md: boolean;
  readonly html: boolean;
  readonly json: boolean;
  /** Folder of what is written; undefined: the first new result's own. */
  readonly out?: string | undefined;
  readonly color?: boolean | undefined;
}

/**
 * @returns The exit code.
 * @throws {UsageError} If a side is no result, the two cannot be compared, or an allowance cannot be read.
 * @throws {EnvironmentError} If a report cannot be written.
 */
export function runCompare(base: string, next: string, wishes: CompareWishes): number {
  const allowances: Allowance[] = (wishes.allow ?? []).map(readAllowance);
  const folders = { base: resultGroup(base), next: resultGroup(next) };
  const comparison = compareResults(folders.base, folders.next, { allowances, force: wishes.force });
  const out = wishes.out ?? folders.next[0]!;
  const written = [
    ...(wishes.md ? [writeReport(out, RESULT_FILES.comparisonMarkdown, comparisonMarkdown(comparison))] : []),
    ...(wishes.html ? [writeReport(out, RESULT_FILES.comparisonHtml, pageOf(comparison))] : []),
  ];
  if (wishes.json) process.stdout.write(`${JSON.stringify(comparison)}\n`);
  else process.stdout.write(comparisonText(comparison, { useColor: showsColor(wishes.color) }));
  for (const path of written) (wishes.json ? process.stderr : process.stdout).write(`${path} written\n`);
  return exitCode({ regression: comparison.regressions.length > 0 });
}

function pageOf(comparison: Comparison): string {
  const runsOf = (side: Comparison["base"]): ReportedRun[] =>
    side.map(({ folder }) => {
      const source = readStoredResult(folder);
      return { source, summary: storedSummary(source) };
    });
  return comparisonPage(comparison, runsOf(comparison.base), runsOf(comparison.new));
}
