// A comparison for a terminal, at most 80 columns wide: the outcome first, then figure by figure. Pure.
import type { Comparison } from "../comparison/comparison.js";
import { type Outcome, outcomeOf } from "../comparison/outcome.js";
import { type ComparisonCells, comparisonCells, readingNotes, sideText } from "./comparison-cells.js";
import { type Color, type Paint, painter, wrapped } from "./layout.js";

const LABEL_COLUMNS = 13;
const COLORS: Record<Outcome | "worse", Color> = {
  worse: "red",
  allowed: "yellow",
  better: "green",
  same: "green",
  unsure: "yellow",
};

/** The whole comparison, with a line end behind every line. */
export function comparisonText(comparison: Comparison, { useColor }: { readonly useColor: boolean }): string {
  const paint = painter(useColor);
  const { outcome, why } = outcomeOf(comparison);
  const word = outcome.toUpperCase();
  const [first = "", ...rest] = labelled(word, why);
  const lines = [
    paint(COLORS[outcome], word) + first.slice(word.length),
    ...rest,
    ...labelled("base", sideText(comparison.base)),
    ...labelled("new", sideText(comparison.new)),
    ...comparison.warnings.flatMap((warning) => {
      const [head = "", ...more] = labelled("warning", warning);
      return [paint("yellow", "warning") + head.slice("warning".length), ...more];
    }),
    "",
    ...tableLines(comparison, paint),
    "",
    ...readingNotes(comparison).flatMap((note) => labelled("note", note)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function labelled(label: string, text: string): string[] {
  return wrapped(label.padEnd(LABEL_COLUMNS), text);
}

const HEAD = { base: "base", new: "new", difference: "diff", percent: "%", interval: "interval", effect: "effect" };
const WIDTHS = { base: 8, new: 8, difference: 8, percent: 8, interval: 16, effect: 7 };
const COLUMNS = Object.keys(WIDTHS) as (keyof typeof WIDTHS)[];
const ID_COLUMNS = 17;

function tableLines(comparison: Comparison, paint: Paint): string[] {
  const head = "".padEnd(ID_COLUMNS) + rowText(HEAD);
  return [paint("bold", head), ...comparisonCells(comparison).map((cells) => lineOf(cells, paint))];
}

function lineOf(cells: ComparisonCells, paint: Paint): string {
  // A name that reaches into its neighbour's blanks takes them from there.
  const figures = rowText(cells);
  const taken = Math.max(0, cells.id.length + 1 - ID_COLUMNS);
  const line = cells.id.padEnd(ID_COLUMNS) + " ".repeat(taken > 0 ? 1 : 0) + figures.slice(taken);
  const isAllowed = cells.word === "worse" && !cells.isRegression;
  return `${line}  ${paint(COLORS[isAllowed ? "allowed" : cells.word], cells.word)}`;
}

function rowText(cells: Readonly<Record<keyof typeof WIDTHS, string>>): string {
  return COLUMNS.map((column) => cells[column].padStart(WIDTHS[column])).join("");
}
