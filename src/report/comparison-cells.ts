// The figures of a comparison as short texts with their units, the same for every kind of report. Pure.
import type { FigureComparison, Word } from "../comparison/compare-runs.js";
import type { Comparison } from "../comparison/comparison.js";
import { effectWord } from "../comparison/effect-size.js";
import type { FigureUnit } from "../comparison/figures.js";
import { msText, rateText } from "./numbers.js";

export interface ComparisonCells {
  readonly id: string;
  readonly base: string;
  readonly new: string;
  readonly difference: string;
  readonly percent: string;
  readonly interval: string;
  readonly effect: string;
  readonly word: Word;
  readonly isRegression: boolean;
}

const NONE = "-";

export function comparisonCells({ figures, regressions }: Comparison): ComparisonCells[] {
  return figures.map((figure) => ({ ...cellsOf(figure), isRegression: regressions.includes(figure.id) }));
}

function cellsOf({ id, unit, difference, percent, interval, effect, word, ...sides }: FigureComparison) {
  return {
    id,
    base: figureText(sides.base, unit),
    new: figureText(sides.new, unit),
    difference: signedText(difference, unit),
    percent: percent === null ? NONE : signed(percent, (size) => `${percentDigits(size)}%`),
    interval: interval === null ? NONE : `${signedText(interval.low, unit)}..${signedText(interval.high, unit)}`,
    // Without the sign of a zero.
    effect: effect === null ? NONE : effect.toFixed(2).replace(/^-0\.00$/, "0.00"),
    word,
  };
}

/** Times in ms without their unit, rates with /s, shares in percent. */
export function figureText(value: number | null, unit: FigureUnit): string {
  if (value === null) return NONE;
  if (unit === "ms") return msText(value);
  return unit === "share" ? `${percentDigits(100 * value)}%` : `${rateText(value)}/s`;
}

function signedText(value: number | null, unit: FigureUnit): string {
  if (value === null) return NONE;
  // Of a difference of rates the unit is clear from the values.
  return signed(value, (size) => figureText(size, unit).replace("/s", ""));
}

function signed(value: number, sizeText: (size: number) => string): string {
  const text = sizeText(Math.abs(value));
  if (!/[1-9]/.test(text)) return text;
  return `${value < 0 ? "-" : "+"}${text}`;
}

function percentDigits(percent: number): string {
  if (percent >= 1000) return String(Math.round(percent));
  return percent.toFixed(percent >= 100 ? 0 : 1).replace(/\.0$/, "");
}

/** What stands below the table: how to read it. */
export function readingNotes({ method, confidence, figures }: Comparison): string[] {
  const from = method === "seconds" ? "the seconds of each run" : "the runs of each side";
  const sure = `${Math.round(confidence * 100)} of 100 comparisons`;
  const notes = [`times in ms; intervals of the difference, from ${from}, hold for all figures together in ${sure}`];
  if (figures.some(({ difference, interval }) => difference !== null && interval === null)) {
    notes.push("no interval: the seconds or samples are too few for one");
  }
  if (figures.some(({ word }) => word === "unsure")) {
    notes.push(
      method === "seconds"
        ? "unsure: a difference that matters can be neither seen nor ruled out; run longer, or compare three runs a side"
        : "unsure: a difference that matters can be neither seen nor ruled out; the runs scatter too much for their number",
    );
  }
  return notes;
}

/** The effect size in a word, for those who do not know the number. */
export function effectText(effect: string): string {
  return effect === NONE ? NONE : `${effect} (${effectWord(Number(effect))})`;
}

/** `results/a`, or `3 results: results/a, ...`. */
export function sideText(runs: Comparison["base"]): string {
  const folders = runs.map(({ folder }) => folder).join(", ");
  return runs.length === 1 ? folders : `${runs.length} results: ${folders}`;
}
