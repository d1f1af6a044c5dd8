// A matrix for a terminal: a row a variant, then by which figure which one is best and what is noise. Pure.
import type { FigureRanking, MatrixResult } from "../matrix/matrix-result.js";
import { figureText } from "./comparison-cells.js";
import { painter, wrapped } from "./layout.js";
import { failedCells, KEY_FIGURES, matrixTitle } from "./matrix-parts.js";

const COLUMN = 9;
const LABEL_COLUMNS = 21;
const NAME_COLUMNS = 17;

export interface MatrixTextOptions {
  readonly useColor: boolean;
  /** Where all results are. */
  readonly folder: string;
}

/** The whole matrix, with a line end behind every line. */
export function matrixText(matrix: MatrixResult, { useColor, folder }: MatrixTextOptions): string {
  const paint = painter(useColor);
  const lines = [
    ...wrapped("", matrixTitle(matrix)),
    "",
    paint("bold", "".padEnd(NAME_COLUMNS) + KEY_FIGURES.map(({ head }) => head.padStart(COLUMN)).join("")),
    ...matrix.variants.flatMap((variant) => {
      const cells = KEY_FIGURES.map(({ id, unit }) =>
        figureText(variant.figures[id] ?? null, unit).padStart(COLUMN),
      ).join("");
      // A long name takes a line of its own.
      return variant.name.length < NAME_COLUMNS
        ? [variant.name.padEnd(NAME_COLUMNS) + cells]
        : [variant.name, "".padEnd(NAME_COLUMNS) + cells];
    }),
    "",
    ...decided(matrix).flatMap((ranking) => labelled(ranking.id, rankingText(ranking))),
    ...labelled("noise", noiseText(matrix)),
    "",
    ...failedCells(matrix).flatMap((problem) => labelled(paint("yellow", "left out"), problem)),
    ...labelled("results", folder),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function labelled(label: string, text: string): string[] {
  return wrapped(label.padEnd(LABEL_COLUMNS), text);
}

/** Figures by which some variant is behind for certain. */
export function decided({ rankings }: MatrixResult): FigureRanking[] {
  return rankings.filter(({ behind }) => behind.length > 0);
}

/** `best rate=10; the same but for noise: rate=20; behind: rate=40`. */
export function rankingText({ best, noise, behind }: FigureRanking): string {
  const same = noise.length === 0 ? "" : `; the same but for noise: ${noise.join(" | ")}`;
  return `best ${best}${same}; behind: ${behind.join(" | ")}`;
}

/** The figures by which nothing can be said. */
export function noiseText({ rankings }: MatrixResult): string {
  const ids = rankings.filter(({ behind }) => behind.length === 0).map(({ id }) => id);
  return ids.length === 0 ? "none" : `${ids.join(", ")}: no variant is better for certain`;
}
