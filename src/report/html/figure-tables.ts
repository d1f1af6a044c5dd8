// Tables that several sections share: distributions, and counts by name. Pure.
import type { Counts, Distribution } from "../../result/summary.js";
import { countText, msText, percentText } from "../numbers.js";
import type { Markup } from "./markup.js";
import { table } from "./table.js";

const FIGURES = ["p50", "p75", "p90", "p95", "p99", "p99.9", "max"] as const;

/** Distributions in milliseconds, a row each; one without samples is left out, unless all are. */
export function distributionTable(
  caption: string,
  rows: readonly (readonly [string, Distribution])[],
): Markup | undefined {
  const measured = rows.filter(([, { count }]) => count > 0);
  return table({
    caption: `${caption}, milliseconds`,
    columns: [{ head: "" }, { head: "mean" }, ...FIGURES.map((head) => ({ head })), { head: "samples" }],
    rows: measured.map(([name, distribution]) => ({
      cells: [
        name,
        msText(distribution.mean),
        ...FIGURES.map((figure) => msText(distribution[figure])),
        countText(distribution.count),
      ],
    })),
  });
}

/** Counts, the largest first, with their share; nothing where all are 0. */
export function countsTable(
  caption: string,
  head: string,
  counts: Counts,
  isBad: (name: string) => boolean = () => false,
): Markup | undefined {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  const whole = entries.reduce((sum, [, count]) => sum + count, 0);
  return table({
    caption,
    columns: [{ head }, { head: "count" }, { head: "share" }],
    rows: entries
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => ({ cells: [name, countText(count), percentText(count, whole)], isBad: isBad(name) })),
  });
}
