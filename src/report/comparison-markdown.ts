// A comparison as Markdown, for a pull request: the outcome, what differs on top, all figures below. Pure.
import type { Comparison } from "../comparison/comparison.js";
import { type Outcome, outcomeOf } from "../comparison/outcome.js";
import { type ComparisonCells, comparisonCells, effectText, readingNotes, sideText } from "./comparison-cells.js";
import { code, plain, table } from "./markdown-parts.js";

const MARKS: Record<Outcome, string> = {
  worse: "❌ Worse",
  allowed: "⚠️ Worse, within what is allowed",
  better: "✅ Better",
  same: "✅ Same",
  unsure: "❔ Unsure",
};

/** @returns With a line end behind every line. Texts of others (names, folders) never become markup. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { outcome, why } = outcomeOf(comparison);
  const sections = [
    [`## ${MARKS[outcome]}`],
    // Names of figures stand first: they are not written large.
    [plain(`${why}.`)],
    comparison.warnings.map((warning) => `- ⚠️ **warning**: ${plain(warning)}`),
    figureTable(comparison),
    [
      `<sub>base: ${plain(sideText(comparison.base))}; new: ${plain(sideText(comparison.new))}; ${plain(readingNotes(comparison).join("; "))}</sub>`,
    ],
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section) => [...section, ""]);
  return `${lines.slice(0, -1).join("\n")}\n`;
}

function figureTable(comparison: Comparison): string[] {
  const rows = comparisonCells(comparison).map((cells) => [
    code(cells.id),
    cells.base,
    cells.new,
    cells.difference,
    cells.percent,
    cells.interval,
    effectText(cells.effect),
    wordText(cells),
  ]);
  const head = ["Figure", "Base", "New", "Difference", "%", "Interval", "Effect", ""];
  return table(head, ["---", ...Array<string>(6).fill("---:"), "---"], rows);
}

function wordText({ word, isRegression }: ComparisonCells): string {
  if (word === "worse") return isRegression ? "❌ **worse**" : "⚠️ worse";
  return word === "better" ? "✅ **better**" : word;
}
