// What a comparison may be worse by before it counts as a regression: `rtt.p95: 10%`, `rtt: 5ms`. Reads texts, measures nothing.
import { UsageError } from "../errors.js";
import { nearestName } from "../metrics/nearest-name.js";
import type { FigureComparison } from "./compare-runs.js";
import { FIGURES, type FigureUnit } from "./figures.js";

export interface Allowance {
  /** A figure such as `rtt.p95`, or a metric such as `rtt` for all its figures. */
  readonly name: string;
  /** Percent of the base, or the figure's own unit: ms, a second, share. */
  readonly by: "percent" | "absolute";
  readonly amount: number;
}

/** Figure or metric, a colon, a number >= 0, and its unit. */
const ALLOWANCE = /^\s*([\w.]+)\s*:\s*(\d+(?:\.\d+)?)\s*(%|ms|s|\/s|pp)\s*$/;
const HINT =
  "Write --allow 'rtt.p95: 10%', 'rtt: 5ms', 'messages_received: 100/s' or 'disconnects: 1pp' (percentage points)";
const UNITS: Record<string, { unit: FigureUnit | undefined; factor: number }> = {
  "%": { unit: undefined, factor: 1 },
  ms: { unit: "ms", factor: 1 },
  s: { unit: "ms", factor: 1000 },
  "/s": { unit: "perSecond", factor: 1 },
  pp: { unit: "share", factor: 0.01 },
};

/** @throws {UsageError} If the text is none, names nothing that is compared, or has a unit that its metric has not. */
export function readAllowance(text: string): Allowance {
  const [, name, amount, suffix] = ALLOWANCE.exec(text) ?? [];
  if (name === undefined || amount === undefined || suffix === undefined) {
    throw wrong("'FIGURE: AMOUNT' with %, ms, s, /s or pp", text, HINT);
  }
  const figures = FIGURES.filter(({ id }) => isNamed(id, name));
  if (figures.length === 0) throw unknownFigure(name);
  const { unit, factor } = UNITS[suffix]!;
  if (unit !== undefined && figures[0]!.unit !== unit)
    throw wrong(`an amount in a unit of ${name}`, `${amount}${suffix}`, HINT);
  return { name, by: unit === undefined ? "percent" : "absolute", amount: Number(amount) * factor };
}

/**
 * The figures that are worse by more than is allowed. What nothing is said about may not be worse at all; of several allowances the
 * last one that names a figure counts.
 */
export function regressionsOf(
  figures: readonly FigureComparison[],
  allowances: readonly Allowance[],
): FigureComparison[] {
  return figures.filter((figure) => {
    if (figure.word !== "worse") return false;
    const allowance = allowances.findLast(({ name }) => isNamed(figure.id, name));
    if (allowance === undefined) return true;
    const { difference, percent } = figure;
    // Any difference from 0 is more than every percentage of it.
    const by = allowance.by === "percent" ? (percent ?? Number.POSITIVE_INFINITY) : difference!;
    return Math.abs(by) > allowance.amount;
  });
}

function isNamed(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}.`);
}

function unknownFigure(name: string): UsageError {
  const names = [...new Set(FIGURES.flatMap(({ id }) => [id, id.slice(0, id.indexOf("."))]))];
  const meant = nearestName(name, names);
  const hint =
    meant === undefined ? `Compared are ${FIGURES.map(({ id }) => id).join(", ")}` : `Did you mean ${meant}?`;
  return wrong("of a figure that is compared", name, hint);
}

function wrong(rule: string, got: string, hint: string): UsageError {
  return new UsageError(`Cannot compare: --allow must be ${rule}, got ${got}`, hint);
}
