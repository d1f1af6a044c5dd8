// The values of a group of runs, figure by figure, without a comparison. Pure.
import { FIGURES } from "./figures.js";
import type { RunFacts } from "./run-facts.js";
import { figureValue, tablesOf } from "./series-difference.js";
import { pooled } from "./share-difference.js";

/** By id, in the figure's unit: means over the runs, shares of all their clients together; null: nothing was measured. */
export function figureValues(runs: readonly RunFacts[]): Record<string, number | null> {
  const tables = runs.map(tablesOf);
  const values = FIGURES.map((figure) => {
    if (figure.kind !== "share") return [figure.id, meanOf(tables.flatMap((run) => figureValue(figure, run) ?? []))];
    const { part, whole } = pooled(runs.map((run) => ({ part: run[figure.part], whole: run[figure.whole] })));
    return [figure.id, whole === 0 ? null : part / whole];
  });
  return Object.fromEntries(values) as Record<string, number | null>;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
