// The difference of a figure that seconds add up to (a percentile, a rate), by seconds or by runs. Pure and seeded.
import type { Random } from "../workload/random.js";
import { allBlocks, type BlockStatistic, blockBootstrap, type Segment, type Spread } from "./block-bootstrap.js";
import { type Difference, differenceByRuns, differenceBySeconds, type Method, type RunFigure } from "./estimate.js";
import { assumedSpread, COMPARED_TRENDS, type ComparedTrend, type Figure, type ShareFigure } from "./figures.js";
import type { RunFacts } from "./run-facts.js";
import { ThroughputTable } from "./throughput-table.js";
import { TrendTable } from "./trend-table.js";

export type SeriesFigure = Exclude<Figure, ShareFigure>;

/** One run, ready to be resampled. */
export interface RunTables {
  readonly trends: Readonly<Record<ComparedTrend, TrendTable>>;
  readonly throughput: ThroughputTable;
}

export function tablesOf({ seconds }: RunFacts): RunTables {
  const trends = Object.fromEntries(COMPARED_TRENDS.map((trend) => [trend, new TrendTable(seconds, trend)]));
  return { trends: trends as Record<ComparedTrend, TrendTable>, throughput: new ThroughputTable(seconds) };
}

/** Fewer seconds with samples than this say nothing of how much they differ by chance; nor do fewer samples beyond a percentile. */
const ENOUGH_ROWS = 4;
const ENOUGH_BEYOND = 10;

interface Sides {
  readonly base: readonly RunTables[];
  readonly next: readonly RunTables[];
  readonly others: readonly (readonly RunTables[])[];
}

/** Both values, null where nothing was measured; `found` undefined where too little was to tell their difference. */
export function seriesDifference(
  figure: SeriesFigure,
  sides: Sides,
  method: Method,
  random: Random,
): { base: number | null; next: number | null; found: Difference | undefined } {
  const figuresOf = (runs: readonly RunTables[]): RunFigure[] =>
    runs.flatMap((run) => runFigure(figure, run, random) ?? []);
  const base = figuresOf(sides.base);
  const next = figuresOf(sides.next);
  const spread = (value: number): number => assumedSpread(figure, value);
  const found = (): Difference | undefined => {
    const isEnough = [...sides.base, ...sides.next].every((run) => isTelling(figure, run));
    if (!isEnough) return undefined;
    if (method === "seconds") return differenceBySeconds(base, next, spread);
    return differenceByRuns(base, next, sides.others.map(figuresOf), spread);
  };
  return { base: meanOf(base), next: meanOf(next), found: found() };
}

/** What the effect size is of: the figure of every run, or of every second. */
export function seriesUnits(figure: SeriesFigure, runs: readonly RunTables[], method: Method): number[] {
  if (method === "runs") return runs.flatMap((run) => figureValue(figure, run) ?? []);
  return runs.flatMap(({ trends, throughput }) =>
    figure.kind === "throughput"
      ? throughput.rowsPerSecond()
      : trends[figure.trend].rowPercentilesMs(figure.percentile),
  );
}

function runFigure(figure: SeriesFigure, run: RunTables, random: Random): RunFigure | undefined {
  const value = figureValue(figure, run);
  if (value === undefined) return undefined;
  const { segments } = tableOf(figure, run);
  const statistic = statisticOf(figure, run);
  const spread = () => blockBootstrap(segments, statistic, random);
  if (figure.kind === "throughput") return { value, spread };
  return { value, spread: () => widened(spread(), loneChange(value, segments, statistic)) };
}

function widened({ standardError, degreesOfFreedom }: Spread, change: number): Spread {
  return { standardError: Math.hypot(standardError, change), degreesOfFreedom };
}

/**
 * What seconds without another of their segment, such as the one in which a ramp ends, do to a percentile. Nothing tells how far such a
 * second is off by chance, so all of it counts as chance: one hitch there is no slower server. (A rate is another in a ramp, and not by
 * chance.)
 */
function loneChange(value: number, segments: readonly Segment[], statistic: BlockStatistic): number {
  const blocks = allBlocks(segments.filter(({ from, to }) => to - from > 1));
  return blocks.length === 0 ? 0 : value - statistic(blocks, blocks.length);
}

/** Of one run, in the figure's unit; undefined: nothing was measured. */
export function figureValue(figure: SeriesFigure, run: RunTables): number | undefined {
  const blocks = allBlocks(tableOf(figure, run).segments);
  return blocks.length === 0 ? undefined : statisticOf(figure, run)(blocks, blocks.length);
}

function statisticOf(figure: SeriesFigure, run: RunTables): (blocks: Int32Array, length: number) => number {
  if (figure.kind === "throughput") return (blocks, length) => run.throughput.perSecond(blocks, length);
  const table = run.trends[figure.trend];
  return (blocks, length) => table.percentileMs(blocks, length, figure.percentile);
}

function tableOf(figure: SeriesFigure, run: RunTables): TrendTable | ThroughputTable {
  return figure.kind === "throughput" ? run.throughput : run.trends[figure.trend];
}

function isTelling(figure: SeriesFigure, run: RunTables): boolean {
  const rows = tableOf(figure, run).segments.reduce((sum, { from, to }) => sum + to - from, 0);
  if (rows < ENOUGH_ROWS) return false;
  return (
    figure.kind === "throughput" || run.trends[figure.trend].samples * (1 - figure.percentile / 100) >= ENOUGH_BEYOND
  );
}

function meanOf(figures: readonly RunFigure[]): number | null {
  if (figures.length === 0) return null;
  return figures.reduce((sum, { value }) => sum + value, 0) / figures.length;
}
