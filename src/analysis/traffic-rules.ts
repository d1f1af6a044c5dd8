// Diagnoses of connected clients: echoes that do not come, disconnects that mean something. Each rule is pure.
import type { Counts, Diagnosis, Summary } from "../result/summary.js";
import { markedSends } from "./marked-sends.js";
import type { Observations, SeriesPoint } from "./observations.js";

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

/** What ended many connections in the same moment. */
const SUDDEN_ENDS = [
  {
    code: "all-silent-at-once",
    reasons: ["Silence"],
    message:
      "Many connections fell silent in the same moment and ran into their disconnect timeout: the server hung or died without " +
      "closing its sockets, or one client that does not read filled the send queue that all clients share.",
  },
  {
    code: "server-died",
    reasons: ["ConnectionReset", "ConnectionClosed"],
    message: "The server's process ended: its system cut many connections at once, without a Disconnect or a Close.",
  },
  {
    code: "server-sent-all-away",
    reasons: ["ClosedByServer"],
    message:
      "The server disconnected many clients at once: it was shut down, changed its scene, or timed all of them out.",
  },
];
/** "At once": this share of all connections within two seconds in a row, and at least this many. */
const SUDDEN_SHARE = 0.5;
const MIN_SUDDEN = 3;

/** Half of all connections or more ended for the same reason within two intervals. */
export function manyEndedAtOnce({ connect }: Summary, { series }: Observations): Diagnosis[] {
  return SUDDEN_ENDS.flatMap(({ code, reasons, message }) => {
    const peak = peakOfTwo(series, reasons);
    if (peak.count < Math.max(MIN_SUDDEN, connect.established * SUDDEN_SHARE)) return [];
    const evidence = `${reasons.join(" or ")}: ${peak.count} of ${connect.established} connections around second ${peak.second}`;
    return [{ code, severity: "error" as const, message, evidence }];
  });
}

function peakOfTwo(series: readonly SeriesPoint[], reasons: readonly string[]): { count: number; second: number } {
  let best = { count: 0, second: 0 };
  let before = 0;
  for (const { disconnects, elapsedMs } of series) {
    const here = reasons.reduce((sum, reason) => sum + (disconnects[reason] ?? 0), 0);
    if (here + before > best.count) best = { count: here + before, second: Math.round(elapsedMs / 1000) };
    before = here;
  }
  return best;
}

/** Session lengths after which a netcode layer sends clients away that did not ask for its approval, ms. */
const APPROVALS = [
  { fromMs: 4500, toMs: 6500, layer: "Netcode for Entities (5 s)" },
  { fromMs: 9500, toMs: 11_500, layer: "Netcode for GameObjects (10 s)" },
];

/** Clients accepted and sent away after the time that a netcode layer waits for its own first message. */
export function netcodeApproval({ connect, disconnects, latencyMs }: Summary): Diagnosis | undefined {
  const sentAway = disconnects.byReason.ClosedByServer ?? 0;
  const { p50, p95 } = latencyMs.sessionDuration;
  if (sentAway < Math.max(1, connect.established / 2) || p50 === null || p95 === null) return undefined;
  const found = APPROVALS.find(({ fromMs, toMs }) => p50 >= fromMs && p95 <= toMs);
  if (found === undefined) return undefined;
  return {
    code: "netcode-approval",
    severity: "error",
    message:
      `The server sends clients away after the time in which ${found.layer} expects its own connection request. UTP itself is ` +
      "fine: turn the approval off on a test server, or give --connect-payload where your game reads it there.",
    evidence: `${sentAway} of ${connect.established} connections ended by the server, session p50 ${(p50 / 1000).toFixed(1)} s`,
  };
}

/** Close codes in which a Unity server says what it did not like. */
const CLOSE_CODES: Record<string, string> = {
  "WebSocketClose:1002":
    "The server closed with 1002: it takes the frames for malformed. A proxy in between may change them.",
  "WebSocketClose:1009":
    "The server closed with 1009: a message was larger than its maxMessageSize allows. Lower --size, or raise maxMessageSize on both ends.",
  "WebSocketClose:1011":
    "The server closed with 1011: it could not answer pings as fast as they came. Raise --ping-interval.",
};

/** One diagnosis for each close code that says what was wrong. */
export function closeCodes({ disconnects, connect }: Summary): Diagnosis[] {
  return countsOf(disconnects.byReason, connect.failures).flatMap(([reason, count]) => {
    const message = CLOSE_CODES[reason];
    if (message === undefined) return [];
    return [{ code: "closed-by-rule", severity: "error" as const, message, evidence: `${reason}: ${count}` }];
  });
}

function countsOf(...all: Counts[]): [string, number][] {
  const sum: Counts = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  return Object.entries(sum);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)}%`;
}
