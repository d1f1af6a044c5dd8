// Two groups of runs, figure by figure: values, difference, interval, effect size and one word. Pure and seeded: the same runs, the
// same words. It reads no files and knows nothing of what is allowed.
import { Random } from "../workload/random.js";
import { cliffsDelta } from "./effect-size.js";
import { type Difference, type Method, methodFor } from "./estimate.js";
import { FIGURES, type Figure, type FigureUnit, marginOf, type ShareFigure } from "./figures.js";
import type { RunFacts } from "./run-facts.js";
import { type RunTables, seriesDifference, seriesUnits, tablesOf } from "./series-difference.js";
import { type Interval, overdispersion, pooled, type Share, shareInterval } from "./share-difference.js";
import { studentQuantile } from "./student.js";

/** All intervals together hold the true differences in so many of 100 comparisons: what makes a word right. */
export const CONFIDENCE = 0.95;
/** Of the shorter interval that must lie within the margin for "same": two one-sided tests at 5%. */
const SAME_CONFIDENCE = 0.9;
const SEED = 1;

export type Word = "better" | "worse" | "same" | "unsure";

export interface FigureComparison {
  readonly id: string;
  readonly unit: FigureUnit;
  readonly better: Figure["better"];
  /** ms, a second, or a share 0..1; null: nothing was measured. */
  readonly base: number | null;
  readonly new: number | null;
  /** `new - base`; null where either is missing. */
  readonly difference: number | null;
  /** The difference in percent of the base; null where that is 0. */
  readonly percent: number | null;
  /** Of the difference, wide enough for all figures together; null where it cannot be told. */
  readonly interval: Interval | null;
  /** Cliff's delta of seconds (of runs, where runs are compared): -1..1; of shares their difference. */
  readonly effect: number | null;
  readonly word: Word;
}

export interface CompareOptions {
  /** Further groups of the same experiment: what they scatter by is used too, and the words hold for all its pairs together. */
  readonly others?: readonly (readonly RunFacts[])[];
  /** Comparisons of that experiment, this one included; default 1. */
  readonly comparisons?: number;
}

/**
 * Compares two groups of runs.
 *
 * @param base One run at least; likewise `next`.
 */
export function compareRuns(
  base: readonly RunFacts[],
  next: readonly RunFacts[],
  { others = [], comparisons = 1 }: CompareOptions = {},
): FigureComparison[] {
  const method = methodFor(base, next);
  const sides = {
    base: base.map(tablesOf),
    next: next.map(tablesOf),
    others: others.map((runs) => runs.map(tablesOf)),
  };
  const drafts = FIGURES.map((figure, index) =>
    figure.kind === "share"
      ? shareDraft(figure, base, next)
      : seriesDraft(figure, sides, method, new Random(SEED, index)),
  );
  const tested = drafts.filter(({ intervalAt }) => intervalAt !== undefined).length;
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, tested * comparisons);
  return drafts.map((draft) => finished(draft, confidence));
}

/** A figure but for what depends on how many there are. */
interface Draft {
  readonly figure: Figure;
  readonly base: number | null;
  readonly next: number | null;
  readonly effect: number | null;
  /** Nothing happened on either side. */
  readonly isNothing: boolean;
  /** The interval of the difference at a confidence; undefined: there is none. */
  readonly intervalAt: ((confidence: number) => Interval) | undefined;
}

interface Sides {
  readonly base: readonly RunTables[];
  readonly next: readonly RunTables[];
  readonly others: readonly (readonly RunTables[])[];
}

function seriesDraft(figure: Exclude<Figure, ShareFigure>, sides: Sides, method: Method, random: Random): Draft {
  const { base, next, found } = seriesDifference(figure, sides, method, random);
  return {
    figure,
    base,
    next,
    effect: cliffsDelta(seriesUnits(figure, sides.base, method), seriesUnits(figure, sides.next, method)),
    isNothing: base === 0 && next === 0,
    intervalAt: found === undefined ? undefined : (confidence) => studentInterval(found, confidence),
  };
}

function studentInterval({ difference, standardError, degreesOfFreedom }: Difference, confidence: number): Interval {
  const reach = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return { low: difference - reach, high: difference + reach };
}

function shareDraft(figure: ShareFigure, base: readonly RunFacts[], next: readonly RunFacts[]): Draft {
  const sharesOf = (runs: readonly RunFacts[]): Share[] =>
    runs.map((run) => ({ part: run[figure.part], whole: run[figure.whole] })).filter(({ whole }) => whole > 0);
  const sides = [sharesOf(base), sharesOf(next)] as const;
  const [a, b] = sides.map(pooled) as [Share, Share];
  const isKnown = a.whole > 0 && b.whole > 0;
  const values = { base: a.whole > 0 ? a.part / a.whole : null, next: b.whole > 0 ? b.part / b.whole : null };
  return {
    figure,
    ...values,
    effect: isKnown ? values.next! - values.base! : null,
    isNothing: isKnown && a.part === 0 && b.part === 0,
    intervalAt: isKnown ? (confidence) => shareInterval(a, b, confidence, overdispersion(sides)) : undefined,
  };
}

function finished({ figure, base, next, effect, isNothing, intervalAt }: Draft, confidence: number): FigureComparison {
  const difference = base === null || next === null ? null : next - base;
  const interval = intervalAt?.(confidence) ?? null;
  const shown = { id: figure.id, unit: figure.unit, better: figure.better, base, new: next };
  const percent = difference === null || base === 0 ? null : (100 * difference) / base!;
  const rest = { difference, percent, interval, effect };
  if (isNothing) return { ...shown, ...rest, word: "same" };
  if (difference === null || interval === null) return { ...shown, ...rest, word: "unsure" };
  const margin = marginOf(figure, base!);
  const isSignificant = interval.low > 0 || interval.high < 0;
  if (isSignificant && Math.abs(difference) >= margin)
    return { ...shown, ...rest, word: direction(figure, difference) };
  const short = intervalAt!(SAME_CONFIDENCE);
  const isSame = short.low > -margin && short.high < margin;
  return { ...shown, ...rest, word: isSame ? "same" : "unsure" };
}

function direction({ better }: Figure, difference: number): Word {
  return difference > 0 === (better === "higher") ? "better" : "worse";
}
