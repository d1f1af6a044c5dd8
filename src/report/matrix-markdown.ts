// A matrix as Markdown, for a pull request or a page of notes: the table, and what is best by which figure. Pure.
import type { MatrixResult } from "../matrix/matrix-result.js";
import { figureText } from "./comparison-cells.js";
import { code, plain, table } from "./markdown-parts.js";
import { failedCells, KEY_FIGURES, matrixTitle } from "./matrix-parts.js";
import { decided, noiseText, rankingText } from "./matrix-text.js";

/** @returns With a line end behind every line. Texts of others (names, causes) never become markup. */
export function matrixMarkdown(matrix: MatrixResult): string {
  const head = ["Variant", "Runs", ...KEY_FIGURES.map((figure) => figure.head)];
  const rows = matrix.variants.map(({ name, runs, figures }) => [
    code(name),
    String(runs),
    ...KEY_FIGURES.map(({ id, unit }) => figureText(figures[id] ?? null, unit)),
  ]);
  const rankings = decided(matrix).map((ranking) => [code(ranking.id), plain(rankingText(ranking))]);
  const sections = [
    [`## ${plain(matrix.profile)}`],
    [`${plain(matrixTitle(matrix))}.`],
    table(head, ["---", ...Array<string>(head.length - 1).fill("---:")], rows),
    rankings.length === 0 ? [] : table(["Figure", "Best, and who is behind"], ["---", "---"], rankings),
    [`Noise: ${plain(noiseText(matrix))}.`],
    failedCells(matrix).map((problem) => `- ⚠️ left out: ${plain(problem)}`),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section) => [...section, ""]);
  return `${lines.slice(0, -1).join("\n")}\n`;
}
