// Diagnoses of what connected clients send: echoes that do not come, or later and later. Each rule is pure.
import type { Diagnosis, Summary } from "../result/summary.js";
import { markedSends } from "./marked-sends.js";
import type { Observations } from "./observations.js";
import { rttGrowthOf } from "./rtt-growth.js";

/** Room that the mark and the sequence number of a message take (src/workload/marked-payload.ts). */
const MARK_BYTES = 16;
/** With fewer sends, no answer may be bad luck. */
const MIN_SENDS = 10;

/** Messages too small to be known again. */
export function payloadTooSmall({ messages }: Summary, { profile }: Observations): Diagnosis | undefined {
  if (messages.sent === 0 || profile.payloadBytes >= MARK_BYTES) return undefined;
  return {
    code: "payload-too-small",
    severity: "info",
    message:
      `A message needs ${MARK_BYTES} bytes to be known again when it comes back, so rtt stays empty at this size. Everything else ` +
      `counts. Use --size ${MARK_BYTES} or more to measure round trips.`,
    evidence: `payload of ${profile.payloadBytes} bytes`,
  };
}

/** Scenarios, such as a recording, whose messages nobody would know again. */
export function nothingMarked({ messages }: Summary, { profile }: Observations): Diagnosis | undefined {
  const { sent, answered, received } = messages;
  if (sent < MIN_SENDS || answered > 0 || markedSends(profile).share !== "none") return undefined;
  return {
    code: "nothing-marked",
    severity: "info",
    message:
      "The scenarios send bytes without a mark, so nobody can tell which answer belongs to which message, and rtt stays empty. Everything " +
      "else counts. For round trips add an expect with rtt: true for an answer of the game, or, where the server echoes, a send of marked bytes.",
    evidence: `${sent} sent, ${received} received`,
  };
}

/** A server that does not send the messages back. */
export function noEcho({ messages }: Summary, { profile }: Observations): Diagnosis | undefined {
  const { sent, answered, received } = messages;
  if (sent < MIN_SENDS || answered > 0 || profile.payloadBytes < MARK_BYTES) return undefined;
  const { share } = markedSends(profile);
  if (share === "none" || share === "unknown") return undefined;
  const what =
    received > 0 ? "It does send messages of its own: serverInterval shows their rhythm." : "It sends nothing.";
  return {
    code: "no-echo",
    severity: "warning",
    message:
      `The server does not echo: no message came back as it was sent, so rtt stays empty. ${what} Connect times, ping and ` +
      "disconnects still tell about it. For round trips the server must return the bytes.",
    evidence: `${sent} sent, ${received} received, none of them an answer`,
  };
}

/** Some answers are missing although the connections held; told only where every message asks for one. */
export function missingAnswers(
  { messages, connect, latencyMs }: Summary,
  { profile }: Observations,
): Diagnosis | undefined {
  const { share, perSecond } = markedSends(profile);
  if (share !== "all") return undefined;
  const missing = messages.sent - messages.answered;
  // What is under way when a client leaves is no loss: a round trip's worth of messages a connection.
  const roundTripSeconds = (latencyMs.rtt.p99 ?? 0) / 1000;
  const underWay = connect.established * Math.max(1, Math.ceil(roundTripSeconds * perSecond));
  if (messages.answered === 0 || missing <= Math.max(underWay, messages.sent * 0.001)) return undefined;
  return {
    code: "answers-missing",
    severity: "warning",
    message:
      "Part of the messages was never answered. A Unity server loses messages when more arrive in one update than its receive queue " +
      "has places left, and answers none of a client that it does not get to read: raise receiveQueueCapacity, or send less.",
    evidence: `${missing} of ${messages.sent} sent messages (${percent(missing, messages.sent)}) have no answer`,
  };
}

/** The last slots that the server still reads get their turn less often than they send. */
export function rttGrowsInLastSlots({ clients }: Summary, { outcomes }: Observations): Diagnosis | undefined {
  const growth = rttGrowthOf(outcomes);
  if (growth === undefined) return undefined;
  const { first, growing, steady, lowestMs, lastMs, steadyMs } = growth;
  return {
    code: "rtt-grows-in-last-slots",
    severity: "error",
    message:
      `The round trips of the clients that joined last grow and grow, those of the first ${steady} do not. A Unity server reads its ` +
      "sockets in join order until half of its receiveQueueCapacity is used up in an update: the last ones get less than they send. " +
      `Raise receiveQueueCapacity to at least 4 x clients, here ${4 * clients.planned}, or send less often.`,
    evidence:
      `${growing} clients from number ${first} in join order on: round trips from ${rounded(lowestMs)} up to ${rounded(lastMs)} ms ` +
      `at the end, those before ended at ${rounded(steadyMs)} ms`,
  };
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)}%`;
}

function rounded(valueMs: number): string {
  return valueMs < 10 ? valueMs.toFixed(1) : valueMs.toFixed(0);
}
