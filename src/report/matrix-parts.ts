// What every report of a matrix says: its title, the figures of its table, the cells that do not count. Pure.
import type { FigureUnit } from "../comparison/figures.js";
import type { MatrixResult } from "../matrix/matrix-result.js";

/** The columns of the table; matrix.json has every figure. */
export const KEY_FIGURES: readonly { readonly id: string; readonly head: string; readonly unit: FigureUnit }[] = [
  { id: "rtt.p50", head: "rtt p50", unit: "ms" },
  { id: "rtt.p95", head: "p95", unit: "ms" },
  { id: "rtt.p99", head: "p99", unit: "ms" },
  { id: "connect_total.p95", head: "join p95", unit: "ms" },
  { id: "messages_received", head: "received", unit: "perSecond" },
  { id: "connect_failed", head: "failed", unit: "share" },
  { id: "disconnects", head: "lost", unit: "share" },
];

export function matrixTitle({ profile, vary, variants, repeat }: MatrixResult): string {
  const keys = vary.map(({ key }) => key).join(" and ");
  return (
    `${profile} over ${variants.length} variants of ${keys}: ${repeat} runs each with the same seed, in an order shuffled for each ` +
    "round; times in ms, means of the runs"
  );
}

/** A sentence for each cell that does not count, and for each variant with fewer runs than planned to compare. */
export function failedCells({ cells }: MatrixResult): string[] {
  return cells
    .filter(({ problem }) => problem !== null)
    .map(({ variant, round, problem }) => `${variant}, run ${round}: ${problem}`);
}
