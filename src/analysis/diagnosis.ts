// What the numbers of a run mean, in plain words, where the pattern is known (docs/protocol.md, "under load"). Pure.
import type { Diagnosis, Summary } from "../result/summary.js";
import { borderInJoinOrder, failedToConnect, nobodyInTime, oneAcceptATick, wouldHaveGivenUp } from "./connect-rules.js";
import {
  closeCodes,
  closedWithoutClose,
  disconnectsLost,
  disconnectTimeout,
  netcodeApproval,
  serverDied,
  serverSentAllAway,
} from "./ending-rules.js";
import { lateGenerator, unbalancedBooks, warmupCoversRamp } from "./generator-rules.js";
import type { Observations } from "./observations.js";
import { allSilentAtOnce, sendQueueFull, serverHitch } from "./silence-rules.js";
import { acceptsLost, rttQuantised } from "./tick-rules.js";
import { missingAnswers, noEcho, nothingMarked, payloadTooSmall, rttGrowsInLastSlots } from "./traffic-rules.js";

type Rule = (summary: Summary, observations: Observations) => Diagnosis | readonly Diagnosis[] | undefined;

/** In the order in which they are told, within one severity: first what spoils the figures, then joining, then traffic. */
const RULES: readonly Rule[] = [
  unbalancedBooks,
  lateGenerator,
  oneAcceptATick,
  borderInJoinOrder,
  acceptsLost,
  wouldHaveGivenUp,
  failedToConnect,
  nobodyInTime,
  netcodeApproval,
  serverDied,
  serverSentAllAway,
  disconnectsLost,
  closedWithoutClose,
  disconnectTimeout,
  closeCodes,
  allSilentAtOnce,
  sendQueueFull,
  serverHitch,
  rttGrowsInLastSlots,
  noEcho,
  nothingMarked,
  missingAnswers,
  payloadTooSmall,
  rttQuantised,
  warmupCoversRamp,
];

/** A weaker explanation is left out where a stronger one, the key, was found. */
const EXPLAINS: Record<string, readonly string[]> = {
  "one-accept-a-tick": ["would-have-given-up", "no-101"],
  "border-in-join-order": [
    "no-101",
    "no-utp",
    "would-have-given-up",
    "answers-missing",
    "all-silent-at-once",
    "rtt-grows-in-last-slots",
    "closed-without-close",
    "disconnect-timeout",
  ],
  "accepts-lost": ["would-have-given-up"],
  "all-silent-at-once": ["answers-missing", "disconnect-timeout"],
  "send-queue-full": ["answers-missing", "would-have-given-up"],
  "rtt-grows-in-last-slots": ["answers-missing", "disconnect-timeout"],
  "server-died": ["answers-missing", "closed-without-close"],
  "closed-without-close": ["answers-missing"],
  "disconnect-timeout": ["answers-missing", "server-sent-all-away"],
  "disconnects-lost": ["server-sent-all-away"],
  "netcode-approval": ["server-sent-all-away", "no-echo"],
};

/** How a healthy server looks: told only where there is nothing else to tell of it. */
const ORDINARY = "rtt-quantised";
const NOT_OF_THE_SERVER = [ORDINARY, "generator-suspect", "warmup-covers-ramp", "payload-too-small"];

const GRAVITY = { error: 0, warning: 1, info: 2 } as const;

/** Every pattern that the run shows, the gravest first. */
export function diagnose(summary: Summary, observations: Observations): Diagnosis[] {
  const found = RULES.flatMap((rule) => rule(summary, observations) ?? []);
  const explained = new Set(found.flatMap(({ code }) => EXPLAINS[code] ?? []));
  if (found.some(({ code }) => !NOT_OF_THE_SERVER.includes(code))) explained.add(ORDINARY);
  return found.filter(({ code }) => !explained.has(code)).sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity]);
}
