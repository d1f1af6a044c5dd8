// Steps and verdict as lines of text for a terminal of 80 columns. Pure.
import type { ProbeStep } from "./observation.js";
import type { Verdict } from "./verdict-code.js";
import { harmless, wrapped } from "./words.js";

const WIDTH = 80;
/** `ok      upgrade      1.2 ms  `: what stands before a step's text. */
const STEP_INDENT = 34;
const VERDICT_INDENT = 2;

const COLORS = { ok: 32, failed: 31, note: 33, bold: 1 } as const;

export type Paint = (text: string, color: keyof typeof COLORS) => string;

/** Colours for a terminal, or none. */
export function painter(hasColor: boolean): Paint {
  return (text, color) => (hasColor ? `\u001b[${COLORS[color]}m${text}\u001b[0m` : text);
}

/** One step; a long text goes on below itself. */
export function stepLines(step: ProbeStep, paint: Paint): string[] {
  const took = step.tookMs === null ? "" : `${step.tookMs.toFixed(1)} ms`;
  const head = `  ${paint(step.result.padEnd(6), step.result)}  ${step.name.padEnd(10)}  ${took.padStart(10)}  `;
  const [first = "", ...rest] = wrapped(harmless(step.detail), WIDTH - STEP_INDENT);
  return [(head + first).trimEnd(), ...rest.map((line) => " ".repeat(STEP_INDENT) + line)];
}

/** The verdict's code, what it means, and what to do next. */
export function verdictLines({ code, message, next }: Verdict, paint: Paint): string[] {
  const color = code === "healthy" ? "ok" : code === "interrupted" ? "note" : "failed";
  return [
    paint(`verdict: ${code}`, color),
    ...paragraph(message),
    paint("what to do next", "bold"),
    ...paragraph(next),
  ];
}

function paragraph(text: string): string[] {
  return wrapped(harmless(text), WIDTH - VERDICT_INDENT).map((line) => " ".repeat(VERDICT_INDENT) + line);
}
