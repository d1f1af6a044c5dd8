// What the numbers of a run mean, in plain words, where the pattern is known (docs/protocol.md, "under load"). Pure.
import type { Diagnosis, Summary } from "../result/summary.js";
import { borderInJoinOrder, failedToConnect, nobodyInTime, oneAcceptATick, wouldHaveGivenUp } from "./connect-rules.js";
import { lateGenerator, unbalancedBooks, warmupCoversRamp } from "./generator-rules.js";
import type { Observations } from "./observations.js";
import {
  closeCodes,
  manyEndedAtOnce,
  missingAnswers,
  netcodeApproval,
  noEcho,
  nothingMarked,
  payloadTooSmall,
} from "./traffic-rules.js";

type Rule = (summary: Summary, observations: Observations) => Diagnosis | readonly Diagnosis[] | undefined;

/** In the order in which they are told, within one severity: first what spoils the figures, then joining, then traffic. */
const RULES: readonly Rule[] = [
  unbalancedBooks,
  lateGenerator,
  oneAcceptATick,
  borderInJoinOrder,
  wouldHaveGivenUp,
  failedToConnect,
  nobodyInTime,
  netcodeApproval,
  manyEndedAtOnce,
  closeCodes,
  noEcho,
  nothingMarked,
  missingAnswers,
  payloadTooSmall,
  warmupCoversRamp,
];

/** A weaker explanation is left out where a stronger one, the key, was found. */
const EXPLAINS: Record<string, readonly string[]> = {
  "border-in-join-order": ["no-101", "no-utp", "answers-missing", "all-silent-at-once"],
  "all-silent-at-once": ["answers-missing"],
  "server-died": ["answers-missing"],
  "netcode-approval": ["server-sent-all-away"],
};

const GRAVITY = { error: 0, warning: 1, info: 2 } as const;

/** Every pattern that the run shows, the gravest first. */
export function diagnose(summary: Summary, observations: Observations): Diagnosis[] {
  const found = RULES.flatMap((rule) => rule(summary, observations) ?? []);
  const explained = new Set(found.flatMap(({ code }) => EXPLAINS[code] ?? []));
  return found.filter(({ code }) => !explained.has(code)).sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
}
