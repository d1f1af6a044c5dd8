// Prometheus' text format as a parser of another house reads it. For tests only.
import { createRequire } from "node:module";

export interface ParsedSample {
  readonly value?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a histogram: by the text of `le`. */
  readonly buckets?: Readonly<Record<string, string>>;
  readonly count?: string;
  readonly sum?: string;
}

export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly ParsedSample[];
}

const parse = createRequire(import.meta.url)("parse-prometheus-text-format") as (text: string) => ParsedFamily[];

/** A line that is none of the format's three kinds; the parser itself is forgiving. */
const LINE =
  /^(?:# (?:HELP|TYPE) [a-zA-Z_:][\w:]* .+|[a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)+\})? (?:[-+0-9.e]+|[+]Inf)|)$/;

/** All families by name. @throws If a line is not of the format, or a family comes twice. */
export function prometheusFamilies(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  for (const line of text.split("\n")) if (!LINE.test(line)) throw new Error(`not a line of the format: ${line}`);
  const families = parse(text);
  const byName = new Map(families.map((family) => [family.name, family]));
  if (byName.size !== families.length) throw new Error("a family comes twice");
  return byName;
}
