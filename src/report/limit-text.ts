// A search for the limit for a terminal: the answer, what broke first, and the curve of load against latency. Pure.
import type { Level, LimitResult } from "../limit/limit-result.js";
import type { BrokenRule, Trial } from "../limit/trial.js";
import { type Color, painter, wrapped } from "./layout.js";
import { countText, msText, rateText } from "./numbers.js";

const COLUMN = 8;
const LOAD_COLUMNS = 8;
const LABEL_COLUMNS = 10;

export interface LimitTextOptions {
  readonly useColor: boolean;
  /** Where all results are. */
  readonly folder: string;
}

/** The whole answer, with a line end behind every line. */
export function limitText(limit: LimitResult, { useColor, folder }: LimitTextOptions): string {
  const paint = painter(useColor);
  const [head, ...rest] = wrapped("", answerText(limit));
  const lines = [
    paint(COLORS[limit.outcome], head!),
    ...rest.map((line) => paint(COLORS[limit.outcome], line)),
    "",
    ...(limit.broke?.rules ?? []).flatMap((rule, index) =>
      labelled(index === 0 ? "broke" : "", `at ${loadText(limit, limit.broke!.load)}: ${ruleText(rule)}`),
    ),
    ...limit.generatorWhy.flatMap((why) => labelled("machine", why)),
    ...labelled("held to", limit.objectives.join("; ")),
    ...(limit.levels.length === 0 ? [] : ["", ...curveLines(limit, paint("bold", headLine(limit)))]),
    "",
    ...labelled("results", folder),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const COLORS: Readonly<Record<LimitResult["outcome"], Color>> = {
  found: "green",
  unbroken: "green",
  nothingHeld: "red",
  gone: "red",
  unreached: "red",
  generator: "yellow",
  interrupted: "yellow",
};

/** The answer in a sentence or two. */
export function answerText(limit: LimitResult): string {
  const held = limit.limit === null ? undefined : loadText(limit, limit.limit);
  const broke = limit.broke === null ? "" : loadText(limit, limit.broke.load);
  switch (limit.outcome) {
    case "found":
      return `The limit is ${held}: that held, and ${broke} did not.`;
    case "unbroken":
      return `No limit up to ${held}: that held too. --max goes further.`;
    case "nothingHeld":
      return `Nothing held: not even ${broke}. Are the rules such that this server can keep them at all?`;
    case "gone":
      return `At ${broke} nobody got in any more: the server may have gone down. ${held === undefined ? "Nothing had held before." : `${held} had held before.`}`;
    case "unreached":
      return `The target ${limit.target} was never reached: no client got in. \`utp-load probe\` says why.`;
    case "generator":
      return `At least ${held ?? "nothing"}; the generator's own limit, not the server's. More cores, more workers or another machine go further.`;
    case "interrupted":
      return `Interrupted before the limit was found. ${held === undefined ? "Nothing had held by then." : `${held} held.`}`;
  }
}

/** What became of one run, in a line. */
export function trialText({ outcome, broken, generatorWhy, figures }: Trial): string {
  const p95 = figures?.rttP95Ms ?? null;
  const latency = p95 === null ? "" : `, rtt p95 ${msText(p95)} ms`;
  switch (outcome) {
    case "held":
      return `held${latency}`;
    case "broke":
      return `broke: ${broken.map(ruleText).join("; ")}`;
    case "unreached":
      return "no client got in";
    case "generator":
      return `the generator's own limit: ${generatorWhy.join("; ")}`;
  }
}

function ruleText({ rule, words }: BrokenRule): string {
  return `${rule}, ${words}`;
}

function loadText({ axis }: LimitResult, load: number): string {
  if (axis === "clients") return load === 1 ? "1 client" : `${countText(load)} clients`;
  return `${load} messages a second per client`;
}

function headLine({ axis }: LimitResult): string {
  const heads = ["got in", "sent/s", "recv/s", "rtt p50", "p95", "p99", "ping"];
  return axis.padStart(LOAD_COLUMNS) + heads.map((head) => head.padStart(COLUMN)).join("");
}

/** A row a load; a load that several runs tried has their means. */
function curveLines({ levels }: LimitResult, head: string): string[] {
  return [head, ...levels.map(levelLine)];
}

function levelLine({ load, figures, runs, verdict }: Level): string {
  const cells =
    figures === null
      ? []
      : [
          countText(figures.clientsConnected),
          rateText(figures.sentPerSecond),
          rateText(figures.receivedPerSecond),
          ...[figures.rttP50Ms, figures.rttP95Ms, figures.rttP99Ms, figures.pingP95Ms].map(msText),
        ];
  const columns = cells.map((cell) => cell.padStart(COLUMN)).join("");
  return `${String(load).padStart(LOAD_COLUMNS)}${columns}  ${VERDICTS[verdict]}${runs.length > 1 ? ` (${runs.length})` : ""}`;
}

/** Short: the table has 80 columns. */
const VERDICTS: Readonly<Record<Level["verdict"], string>> = {
  held: "held",
  broke: "broke",
  generator: "ours",
  undecided: "?",
};

function labelled(label: string, text: string): string[] {
  return wrapped(label.padEnd(LABEL_COLUMNS), text);
}
