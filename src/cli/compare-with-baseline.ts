// The end of a run that has a baseline: its result beside the earlier ones, in words and as files. The run itself is over.
import { compareResults } from "../comparison/compare-results.js";
import type { Comparison } from "../comparison/comparison.js";
import { comparisonMarkdown } from "../report/comparison-markdown.js";
import { RESULT_FILES } from "../result/results-folder.js";
import { writeReport } from "./ci-outputs.js";
import type { Baseline } from "./resolved-run.js";

/**
 * Compares the result in `folder`, and leaves comparison.json and comparison.md there.
 *
 * @param log Told of what cannot be written: the figures are printed all the same.
 */
export function compareWithBaseline(
  { folders, allowances }: Baseline,
  folder: string,
  log: (line: string) => void,
): Comparison {
  // The baseline was found to be comparable before; a new result that is invalid says so, in its own verdict too.
  const comparison = compareResults(folders, [folder], { allowances, force: true });
  try {
    writeReport(folder, RESULT_FILES.comparison, `${JSON.stringify(comparison, null, 2)}\n`);
    writeReport(folder, RESULT_FILES.comparisonMarkdown, comparisonMarkdown(comparison));
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
  }
  return comparison;
}
