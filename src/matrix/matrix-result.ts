// What a matrix found, "utp-load/matrix@1": its cells, its variants' figures, and which variant is best by which figure. Pure.
import { compareRuns, type FigureComparison } from "../comparison/compare-runs.js";
import { figureValues } from "../comparison/figure-values.js";
import { FIGURES, type FigureUnit } from "../comparison/figures.js";
import type { RunFacts } from "../comparison/run-facts.js";
import type { Verdict } from "../result/summary.js";
import type { Variant, Varied } from "./vary.js";

export interface CellResult {
  readonly variant: string;
  readonly round: number;
  /** Below the matrix's folder. */
  readonly folder: string;
  /** null: there was no run. */
  readonly verdict: Verdict | null;
  /** Why there was no run, or why its figures do not count; null: they do. */
  readonly problem: string | null;
}

export interface VariantResult {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Runs whose figures count. */
  readonly runs: number;
  /** Mean of the runs by figure, in its unit; null: nothing was measured. */
  readonly figures: Readonly<Record<string, number | null>>;
}

/** One figure over all variants. */
export interface FigureRanking {
  readonly id: string;
  readonly unit: FigureUnit;
  readonly better: "lower" | "higher";
  /** The variant with the best value; null: fewer than two have one. */
  readonly best: string | null;
  /** Variants whose difference from the best may be noise. */
  readonly noise: readonly string[];
  /** Variants that are worse than the best for certain. */
  readonly behind: readonly string[];
}

export interface MatrixResult {
  readonly schema: "utp-load/matrix@1";
  readonly profile: string;
  readonly vary: readonly Varied[];
  readonly repeat: number;
  readonly cells: readonly CellResult[];
  readonly variants: readonly VariantResult[];
  readonly rankings: readonly FigureRanking[];
}

/** A variant with the runs that count. */
export interface MeasuredVariant {
  readonly variant: Variant;
  readonly runs: readonly RunFacts[];
}

/** Compares every pair of variants; the words hold for all figures of all pairs together. */
export function rankVariants(measured: readonly MeasuredVariant[]): {
  variants: VariantResult[];
  rankings: FigureRanking[];
} {
  const variants = measured.map(({ variant, runs }) => {
    return { ...variant, runs: runs.length, figures: figureValues(runs) };
  });
  const pairs = pairsOf(measured.filter(({ runs }) => runs.length > 0));
  return {
    variants,
    rankings: FIGURES.map((figure) => rankingOf(figure, variants, pairs)).filter(({ best }) => best !== null),
  };
}

type PairWords = ReadonlyMap<string, readonly FigureComparison[]>;

/** By `base > next`, the later variant against the earlier one. */
function pairsOf(measured: readonly MeasuredVariant[]): PairWords {
  const comparisons = (measured.length * (measured.length - 1)) / 2;
  const pairs = new Map<string, FigureComparison[]>();
  for (const [index, base] of measured.entries()) {
    for (const next of measured.slice(index + 1)) {
      const others = measured.filter((one) => one !== base && one !== next).map(({ runs }) => runs);
      pairs.set(
        pairKey(base.variant.name, next.variant.name),
        compareRuns(base.runs, next.runs, { others, comparisons }),
      );
    }
  }
  return pairs;
}

function pairKey(base: string, next: string): string {
  return `${base} > ${next}`;
}

function rankingOf(
  { id, unit, better }: (typeof FIGURES)[number],
  variants: readonly VariantResult[],
  pairs: PairWords,
): FigureRanking {
  const sign = better === "lower" ? 1 : -1;
  const known = variants.flatMap(({ name, figures }) => {
    const value = figures[id] ?? null;
    return value === null ? [] : [{ name, value }];
  });
  const [best, ...rest] = known.sort((a, b) => sign * (a.value - b.value)).map(({ name }) => name);
  if (best === undefined || rest.length === 0) return { id, unit, better, best: null, noise: [], behind: [] };
  const wordOf = (key: string) => pairs.get(key)?.find((figure) => figure.id === id)?.word;
  const isBehind = (other: string): boolean =>
    wordOf(pairKey(best, other)) === "worse" || wordOf(pairKey(other, best)) === "better";
  return {
    id,
    unit,
    better,
    best,
    noise: rest.filter((other) => !isBehind(other)),
    behind: rest.filter(isBehind),
  };
}
