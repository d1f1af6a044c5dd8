// The exit codes and which of several counts. Data and a pure function; nobody exits here.
import type { RunEnd } from "../metrics/interval.js";
import type { Summary } from "./summary.js";
import { wasNeverReached } from "./verdict.js";

/** All codes in the order in which the first that applies counts; k6's numbers where k6 has one. */
export const EXIT_CODES = [
  { code: 109, name: "internalError", meaning: "an internal error: a bug of utp-load" },
  { code: 104, name: "usage", meaning: "bad usage or profile, or something this machine lacks: nothing was sent" },
  { code: 105, name: "interrupted", meaning: "interrupted: results up to then are written and marked partial" },
  { code: 113, name: "neverReached", meaning: "the target was never reached" },
  {
    code: 111,
    name: "invalid",
    meaning: "the generator could not hold the planned load: the figures are not the server's",
  },
  { code: 99, name: "thresholdCrossed", meaning: "a threshold was crossed" },
  { code: 112, name: "regression", meaning: "a regression beyond the allowance" },
  { code: 0, name: "ok", meaning: "ran to the end, every threshold held" },
] as const;

export type ExitName = (typeof EXIT_CODES)[number]["name"];

/** What happened; whatever is left out did not. */
export type ExitFacts = Partial<Record<Exclude<ExitName, "ok">, boolean>>;

/** The code of the first fact in the table's order, 0 where there is none. */
export function exitCode(facts: ExitFacts): number {
  return EXIT_CODES.find(({ name }) => name !== "ok" && facts[name] === true)?.code ?? 0;
}

/**
 * The facts that a run's result holds. `aborted`: a threshold with abortOnFail or `--fail-fast` stopped it; a failed connection is
 * then what a threshold would have been. A run that lost a worker says nothing of the clients that still waited.
 */
export function exitFactsOf(summary: Pick<Summary, "clients" | "thresholds" | "generator">, end: RunEnd): ExitFacts {
  return {
    interrupted: end === "interrupted" || end === "cut",
    neverReached: wasNeverReached(summary.clients) && (end !== "generatorLost" || summary.clients.failed > 0),
    invalid: summary.generator.trust === "invalid" || end === "generatorLost",
    thresholdCrossed: end === "aborted" || summary.thresholds.some((threshold) => !threshold.ok),
  };
}
