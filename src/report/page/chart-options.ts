// A chart's description as options of uPlot: scales, axes, lines, shaded stretches. It makes options and draws on the canvas it is given.
import type uPlot from "uplot";
import type { ChartBand, ChartSeries, ChartSpec } from "./chart-spec.js";
import type { PageColors } from "./page-colors.js";
import { clockText, percentileText, tickText } from "./value-text.js";

export interface ChartSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** uPlot itself, from its script in the page. */
export type PlotLibrary = typeof uPlot;

/** Charts in seconds share their cursor, so that one moment can be followed through all of them. */
const CURSOR_GROUP = "seconds";
const FONT = "12px system-ui, sans-serif";

/** @param onCursor Told the index that is pointed at, null where none is. */
export function chartOptions(
  library: PlotLibrary,
  spec: ChartSpec,
  size: ChartSize,
  colors: PageColors,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  return {
    ...size,
    legend: { show: false },
    padding: [8, 22, 0, 0],
    cursor: {
      drag: { x: true, y: false },
      points: { size: 6 },
      ...(spec.x === "seconds" && { sync: { key: CURSOR_GROUP } }),
    },
    scales: { x: xScale(spec), y: { range: (_plot, _min, max) => [0, topOf(max)] } },
    axes: [xAxis(spec, colors), yAxis(spec, size, colors)],
    series: [{}, ...spec.series.map((series) => seriesOptions(library, series, colors))],
    hooks: {
      drawClear: [(plot) => drawBands(plot, spec.bands, colors)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

/** From the run's start, which is before the first second's end; unless the reader looks at a part of it. */
function xScale({ x, xs }: ChartSpec): uPlot.Scale {
  const from = (min: number): number => (x === "seconds" && min === xs[0] ? Math.min(0, min) : min);
  const range = (_plot: uPlot, min: number, max: number): uPlot.Range.MinMax => [from(min), max];
  return x === "seconds" ? { time: false, range } : { time: false, range, distr: 3, log: 10 };
}

/** A little room above the largest value; an axis for a chart in which nothing happened. */
function topOf(max: number | null): number {
  return max === null || max <= 0 ? 1 : max * 1.08;
}

function xAxis({ x }: ChartSpec, colors: PageColors): uPlot.Axis {
  const text = x === "seconds" ? clockText : percentileText;
  return {
    ...axisLook(colors),
    size: 32,
    space: 64,
    ...(x === "seconds" && {
      incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400],
    }),
    values: (_plot, splits) => splits.map((split) => (isLabelled(x, split) ? text(split) : "")),
  };
}

/** A logarithmic axis has ticks at 2, 3, ... of each decade; only the decades are written. */
function isLabelled(x: ChartSpec["x"], value: number): boolean {
  return x === "seconds" || Number.isInteger(Number(Math.log10(value).toFixed(6)));
}

function yAxis({ unit }: ChartSpec, { width }: ChartSize, colors: PageColors): uPlot.Axis {
  return {
    ...axisLook(colors),
    size: width < 480 ? 60 : 76,
    space: 36,
    ...(isBytes(unit) && { incrs: BYTE_STEPS }),
    values: (_plot, splits) => splits.map((split) => tickText(unit, split)),
  };
}

/** Round in binary units. */
const BYTE_STEPS = [1, 1024, 2 ** 20, 2 ** 30].flatMap((unit) =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * unit),
);

function isBytes(unit: ChartSpec["unit"]): boolean {
  return unit === "bytes" || unit === "bytesPerSecond";
}

function axisLook({ text, grid }: PageColors): uPlot.Axis {
  const line = { stroke: grid, width: 1 };
  return { stroke: text, font: FONT, grid: line, ticks: { ...line, size: 4 } };
}

function seriesOptions(library: PlotLibrary, series: ChartSeries, colors: PageColors): uPlot.Series {
  const stroke = colors.tone(series.tone);
  const base = { label: series.label, show: series.isHidden !== true, stroke, points: { show: isSparse(series) } };
  if (series.look === "bars") {
    const paths = library.paths.bars!({ size: [0.9, 24, 2], align: -1 });
    return { ...base, fill: stroke, width: 0, paths, points: { show: false } };
  }
  return { ...base, width: series.look === "dashed" ? 1.25 : 1.75, ...(series.look === "dashed" && { dash: [5, 4] }) };
}

/** A value with a gap on either side is no line: it needs a dot to be seen. */
function isSparse({ values }: ChartSeries): boolean {
  return values.some(
    (value, index) => value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null,
  );
}

function drawBands(plot: uPlot, bands: readonly ChartBand[], colors: PageColors): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const { kind, from, to } of bands) {
    const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
    if (right <= left) continue;
    ctx.fillStyle = colors.band(kind);
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  ctx.restore();
}
