// Finds connections that the server ended because it had not read them for its disconnect timeout. Pure.
import type { ClientOutcome } from "../metrics/client-outcome.js";

export interface TimedOut {
  readonly clients: number;
  /** The server's disconnect timeout, as it shows, ms. */
  readonly afterMs: number;
  /** The clients themselves were silent for so long; else they sent and were not read. */
  readonly areWeSilent: boolean;
}

/** A server waits at least this long; and so much sooner or later than the usual, as a share of it and in ms, is the same time. */
const MIN_TIMEOUT_MS = 900;
const SAME_SHARE = 0.1;
const SAME_MS = 150;
/** This share of those ends lies at the same time. */
const ALIKE_SHARE = 0.8;
/** With fewer sends, no answer may be bad luck. */
const MIN_SENDS = 5;

/** @param heartbeatMs Of our clients: how long they are silent at most; 0: for ever. */
export function timedOutOf(outcomes: readonly ClientOutcome[], heartbeatMs: number): TimedOut | undefined {
  const quiet = outcomes
    .filter(({ endReason, acceptMs }) => endReason === "ClosedByServer" && acceptMs !== undefined)
    .map((outcome) => ({ outcome, quietMs: quietMsOf(outcome) }))
    .filter(({ quietMs }) => quietMs >= MIN_TIMEOUT_MS)
    .sort((a, b) => a.quietMs - b.quietMs);
  const usualMs = quiet[quiet.length >> 1]?.quietMs;
  if (usualMs === undefined) return undefined;
  const alike = quiet.filter(({ quietMs }) => Math.abs(quietMs - usualMs) <= usualMs * SAME_SHARE + SAME_MS);
  if (alike.length < quiet.length * ALIKE_SHARE) return undefined;
  const areWeSilent = heartbeatMs === 0 || heartbeatMs >= usualMs - SAME_MS;
  const hasAnswers = outcomes.some(({ answered }) => answered > 0);
  const unread = alike.filter(({ outcome }) => outcome.sent - outcome.answered >= MIN_SENDS);
  if (!areWeSilent && (!hasAnswers || unread.length < alike.length * ALIKE_SHARE)) return undefined;
  return { clients: alike.length, afterMs: usualMs, areWeSilent };
}

/** From the last moment at which the server is known to have read the client, to its end. */
function quietMsOf({ acceptMs, endedMs, rtt }: ClientOutcome): number {
  return (endedMs ?? 0) - Math.max(acceptMs ?? 0, rtt?.lastAnswerMs ?? 0);
}
