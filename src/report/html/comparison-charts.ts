// Which charts a comparison has, as data: the same figure of both sides in each, over the seconds of the runs and over all samples. Pure.
import type { ChartSeries, ChartSpec, ChartUnit } from "../page/chart-spec.js";
import { percentileChart } from "./percentile-curve.js";
import { type ReportData, trendOf } from "./report-data.js";
import { timeChart } from "./run-charts.js";

/** One run of either side. */
export interface ComparedData {
  /** `base`, `new 2`. */
  readonly label: string;
  readonly side: "base" | "new";
  readonly data: ReportData;
}

const LOOKS = {
  base: { tone: "other", look: "dashed" },
  new: { tone: "high", look: "line" },
} as const satisfies Record<ComparedData["side"], Pick<ChartSeries, "tone" | "look">>;

/** A column of every run over the seconds since its start; undefined: none has a value. */
export function columnChart(
  id: string,
  unit: ChartUnit,
  column: string,
  runs: readonly ComparedData[],
): ChartSpec | undefined {
  const longest = runs.reduce((most, run) => (secondsOf(run) > secondsOf(most) ? run : most));
  const series = runs.map((run) => ({
    label: run.label,
    ...LOOKS[run.side],
    column: padded(run.data.series.column(column), secondsOf(longest)),
  }));
  const chart = timeChart({ id, unit, series }, longest.data.series);
  return chart.series.length === 0 ? undefined : chart;
}

/** The percentile curve of a trend of every run; undefined: none has samples. */
export function curveChart(id: string, trend: string, runs: readonly ComparedData[]): ChartSpec | undefined {
  const curves = runs.map(({ label, side, data }) => ({ label, ...LOOKS[side], histogram: trendOf(data, trend) }));
  return percentileChart(id, curves);
}

function secondsOf({ data }: ComparedData): number {
  return data.series.seconds.length;
}

/** A run that ended earlier has nothing after its end. */
function padded(values: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, second) => values[second] ?? Number.NaN);
}
