// HDR percentile curves: how long the slowest share of samples took, each further nine with the same room. Pure.
import { percentileMs } from "../../metrics/distribution.js";
import type { Histogram } from "../../metrics/histogram.js";
import type { ChartSeries, ChartSpec } from "../page/chart-spec.js";

export interface Curve extends Omit<ChartSeries, "values"> {
  readonly histogram: Histogram | undefined;
}

const POINTS_A_DECADE = 12;

/** The chart of all curves that have samples; undefined: none has. */
export function percentileChart(id: string, curves: readonly Curve[]): ChartSpec | undefined {
  const drawn = curves.filter(({ histogram }) => (histogram?.totalCount ?? 0) > 0);
  if (drawn.length === 0) return undefined;
  const xs = inverseShares(Math.max(...drawn.map(({ histogram }) => histogram!.totalCount)));
  const series = drawn.map(({ histogram, ...look }) => ({ ...look, values: xs.map((x) => valueAt(histogram!, x)) }));
  return { id, unit: "ms", x: "percentile", xs, series, bands: [] };
}

/** 1 / (1 - share) from the smallest sample to the slowest one in `count`. */
function inverseShares(count: number): number[] {
  const decades = Math.max(1, Math.log10(count));
  const steps = Math.ceil(decades * POINTS_A_DECADE);
  const inverse = Array.from({ length: steps }, (_, step) => 10 ** (step / POINTS_A_DECADE));
  return [...inverse, 10 ** decades].map((x) => Number(x.toPrecision(6)));
}

/** Beyond one sample in all of a curve's own there is nothing to tell. */
function valueAt(histogram: Histogram, inverse: number): number | null {
  if (inverse > histogram.totalCount * 1.0001 && inverse > 1) return null;
  return percentileMs(histogram, 100 - 100 / inverse);
}
