// A whole comparison in one word, for headlines. Pure; which figures are regressions has been decided before.
import type { Comparison } from "./comparison.js";

/** `allowed`: figures are worse, none by more than is allowed. */
export type Outcome = "worse" | "allowed" | "better" | "same" | "unsure";

export interface OutcomeInWords {
  readonly outcome: Outcome;
  /** What it is made of, a clause. */
  readonly why: string;
}

export function outcomeOf({ figures, regressions }: Comparison): OutcomeInWords {
  const named = (word: string): string[] => figures.filter((figure) => figure.word === word).map(({ id }) => id);
  const [worse, better, unsure] = [named("worse"), named("better"), named("unsure")];
  const also = better.length > 0 ? `; better: ${better.join(", ")}` : "";
  if (regressions.length > 0) return { outcome: "worse", why: `${regressions.join(", ")}${also}` };
  if (worse.length > 0)
    return { outcome: "allowed", why: `worse, but by no more than is allowed: ${worse.join(", ")}${also}` };
  if (better.length > 0) return { outcome: "better", why: better.join(", ") };
  if (unsure.length === 0 && figures.length > 0)
    return { outcome: "same", why: "no figure differs by more than matters" };
  const same = figures.length - unsure.length;
  return {
    outcome: "unsure",
    why: `${same} of ${figures.length} figures are the same, for ${unsure.length} too little is known`,
  };
}
