// What a search for the limit found, "utp-load/limit@1": the limit, what broke first, and a level a load with its runs. Pure.
import type { ExitFacts } from "../result/exit-code.js";
import type { SearchEnd } from "./load-search.js";
import type { BrokenRule, Trial } from "./trial.js";
import { type LevelFigures, meanFigures } from "./trial-figures.js";

export type Axis = "clients" | "rate";

/** A load that was tried. */
export interface Level {
  readonly load: number;
  /** Which way the majority went; `undecided`: the runs did not agree when the search ended. */
  readonly verdict: "held" | "broke" | "generator" | "undecided";
  /** Means over its runs; null: there was no run. */
  readonly figures: LevelFigures | null;
  /** In the order in which they ran. */
  readonly runs: readonly Trial[];
}

export interface LimitResult {
  readonly schema: "utp-load/limit@1";
  readonly profile: string;
  readonly target: string;
  readonly axis: Axis;
  /** As written. */
  readonly objectives: readonly string[];
  /** `interrupted`: by the user, before there was an end. */
  readonly outcome: SearchEnd["kind"] | "interrupted";
  /** The largest load that held; null: none did. With the outcome `generator` the server may hold more. */
  readonly limit: number | null;
  /** The smallest load above it that did not hold, and the rules that its runs broke, the one broken most often first. */
  readonly broke: { readonly load: number; readonly rules: readonly BrokenRule[] } | null;
  /** What this machine lacked, where the search ended for that; in words. */
  readonly generatorWhy: readonly string[];
  /** The curve, from the smallest load to the largest. */
  readonly levels: readonly Level[];
}

export interface SearchFacts extends Pick<LimitResult, "profile" | "target" | "axis" | "objectives"> {
  /** undefined: interrupted. */
  readonly end: SearchEnd | undefined;
  /** The largest load that held. */
  readonly held: number | undefined;
  readonly trials: readonly Trial[];
}

export function limitResult({ end, held, trials, ...what }: SearchFacts): LimitResult {
  const levels = levelsOf(trials);
  const broken = end !== undefined && "broken" in end ? levels.find(({ load }) => load === end.broken) : undefined;
  return {
    schema: "utp-load/limit@1",
    ...what,
    outcome: end?.kind ?? "interrupted",
    limit: held ?? null,
    broke: broken === undefined ? null : { load: broken.load, rules: rulesOf(broken.runs) },
    generatorWhy: end?.kind === "generator" ? (trials.at(-1)?.generatorWhy ?? []) : [],
    levels,
  };
}

/** What the search says to a pipeline: a limit that was found is a success, and so is none up to the largest load asked for. */
export function limitExitFacts({ outcome, limit }: LimitResult): ExitFacts {
  return {
    interrupted: outcome === "interrupted",
    neverReached: outcome === "unreached",
    invalid: outcome === "generator",
    thresholdCrossed: outcome === "nothingHeld" || (outcome === "gone" && limit === null),
  };
}

function levelsOf(trials: readonly Trial[]): Level[] {
  const loads = [...new Set(trials.map(({ load }) => load))].sort((a, b) => a - b);
  return loads.map((load) => {
    const runs = trials.filter((trial) => trial.load === load);
    const figures = meanFigures(runs.flatMap((run) => run.figures ?? []));
    return { load, verdict: verdictOf(runs), figures, runs };
  });
}

function verdictOf(runs: readonly Trial[]): Level["verdict"] {
  if (runs.some(({ outcome }) => outcome === "generator")) return "generator";
  const held = runs.filter(({ outcome }) => outcome === "held").length;
  if (held * 2 === runs.length) return "undecided";
  return held * 2 > runs.length ? "held" : "broke";
}

/** Each rule once, with the values of the first run that broke it. */
function rulesOf(runs: readonly Trial[]): BrokenRule[] {
  const all = runs.flatMap(({ broken }) => broken);
  const times = (rule: string): number => all.filter((other) => other.rule === rule).length;
  const firsts = all.filter(({ rule }, index) => all.findIndex((other) => other.rule === rule) === index);
  return firsts.sort((a, b) => times(b.rule) - times(a.rule));
}
