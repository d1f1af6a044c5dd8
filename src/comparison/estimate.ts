// A figure of one side, and how far it may be off: from the seconds of each run, or from the runs where there are several. Pure.
import type { Spread } from "./block-bootstrap.js";

/** Runs a side from which on runs are compared with runs: with fewer their scatter cannot be told from one of them being odd. */
const ENOUGH_RUNS = 3;

/** What is compared with what. */
export type Method = "seconds" | "runs";

/** Runs are compared with runs where both sides have enough of them. */
export function methodFor(base: readonly unknown[], next: readonly unknown[]): Method {
  return Math.min(base.length, next.length) >= ENOUGH_RUNS ? "runs" : "seconds";
}

/** A figure of one run. */
export interface RunFigure {
  readonly value: number;
  /** What its seconds tell, asked for only where there are too few runs. */
  spread(): Spread;
}

/** The difference of two means, in the figure's unit. */
export interface Difference {
  readonly base: number;
  readonly next: number;
  /** `next - base`. */
  readonly difference: number;
  readonly standardError: number;
  /** > 0. */
  readonly degreesOfFreedom: number;
}

/** A variance and how well it is known. */
interface Variance {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/**
 * From within the runs: each run's own spread, and what runs are assumed to differ by.
 *
 * @param base Figures of its runs, one at least; likewise `next`.
 * @param assumedSpread Standard deviation between runs of the same server, for a run of this value.
 */
export function differenceBySeconds(
  base: readonly RunFigure[],
  next: readonly RunFigure[],
  assumedSpread: (value: number) => number,
): Difference {
  const variances = [...variancesOf(base, assumedSpread), ...variancesOf(next, assumedSpread)];
  const total = variances.reduce((sum, { variance }) => sum + variance, 0);
  // Welch and Satterthwaite: a sum is known as well as its parts are, by their weight.
  const uncertainty = variances.reduce((sum, part) => sum + part.variance ** 2 / part.degreesOfFreedom, 0);
  return {
    ...differenceOf(base, next),
    standardError: Math.sqrt(total),
    degreesOfFreedom: uncertainty === 0 ? Number.POSITIVE_INFINITY : total ** 2 / uncertainty,
  };
}

function variancesOf(runs: readonly RunFigure[], assumedSpread: (value: number) => number): Variance[] {
  const ofMean = 1 / runs.length ** 2;
  return runs.flatMap((run) => {
    const { standardError, degreesOfFreedom } = run.spread();
    const assumed = assumedSpread(run.value) ** 2 * ofMean;
    return [
      { variance: standardError ** 2 * ofMean, degreesOfFreedom },
      { variance: assumed, degreesOfFreedom: Number.POSITIVE_INFINITY },
    ];
  });
}

/** What seconds tell of a run's scatter counts as much as so many runs, unless the runs scatter by clearly more. */
const SECONDS_COUNT_AS = 4;
const CLEARLY_MORE = 2;

/**
 * Between the runs: what is in common to all runs of a side is its own, the rest is scatter. A handful of runs says little about it, so
 * what the seconds tell counts too; where runs differ by clearly more than their seconds explain, only the runs count.
 *
 * @param base At least two runs, likewise `next`.
 * @param others Further groups whose scatter is like theirs: more to know it by.
 */
export function differenceByRuns(
  base: readonly RunFigure[],
  next: readonly RunFigure[],
  others: readonly (readonly RunFigure[])[],
  assumedSpread: (value: number) => number,
): Difference {
  const groups = [base, next, ...others];
  const between = relativeScatter(groups);
  const within = scatterWithin(groups.flat(), assumedSpread);
  const { variance, degreesOfFreedom } =
    between.variance > CLEARLY_MORE * within ? between : weighted(between, within, SECONDS_COUNT_AS);
  const sides = differenceOf(base, next);
  const ofMeans = sides.base ** 2 / base.length + sides.next ** 2 / next.length;
  return { ...sides, standardError: Math.sqrt(variance * ofMeans), degreesOfFreedom };
}

/** The variance of runs as a share of their group's mean, squared, all groups together: a slow server scatters by more ms. */
function relativeScatter(groups: readonly (readonly RunFigure[])[]): Variance {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const runs of groups) {
    const mean = meanOf(runs.map(({ value }) => value));
    if (mean !== 0) squares += runs.reduce((sum, { value }) => sum + (value / mean - 1) ** 2, 0);
    degreesOfFreedom += runs.length - 1;
  }
  return { variance: squares / degreesOfFreedom, degreesOfFreedom };
}

/** The same as seconds tell it, on average over the runs. */
function scatterWithin(runs: readonly RunFigure[], assumedSpread: (value: number) => number): number {
  const shares = runs
    .filter(({ value }) => value !== 0)
    .map((run) => (run.spread().standardError ** 2 + assumedSpread(run.value) ** 2) / run.value ** 2);
  return shares.length === 0 ? 0 : meanOf(shares);
}

function weighted(between: Variance, within: number, weight: number): Variance {
  const degreesOfFreedom = between.degreesOfFreedom + weight;
  const squares = between.variance * between.degreesOfFreedom + within * weight;
  return { variance: squares / degreesOfFreedom, degreesOfFreedom };
}

function differenceOf(
  base: readonly RunFigure[],
  next: readonly RunFigure[],
): Pick<Difference, "base" | "next" | "difference"> {
  const baseMean = meanOf(base.map(({ value }) => value));
  const nextMean = meanOf(next.map(({ value }) => value));
  return { base: baseMean, next: nextMean, difference: nextMean - baseMean };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
