// Diagnoses of how connections ended: all at once, after a time that says why, or in a way that does. Each rule is pure.
import type { Counts, Diagnosis, Summary } from "../result/summary.js";
import type { Observations, SeriesPoint } from "./observations.js";
import { timedOutOf } from "./timed-out.js";

/** "At once": this share of all connections within two intervals in a row, and at least this many. */
const SUDDEN_SHARE = 0.5;
const MIN_SUDDEN = 3;
/** A server that died leaves nobody: at most this share of those that were there before. */
const LEFT_OVER_SHARE = 0.1;
/** Control packets in an update of a Unity server; a crowd that it sends away gets about so many Disconnects. */
const CONTROL_PACKETS = 64;
const NEARLY = 0.75;

const CUT = ["ConnectionReset", "ConnectionClosed"];

interface Sudden {
  readonly count: number;
  readonly second: number;
  /** Connected before and behind it. */
  readonly before: number;
  readonly after: number;
}

/** The system cut everybody at once: the process is gone. */
export function serverDied({ connect }: Summary, { series }: Observations): Diagnosis | undefined {
  const peak = suddenEnds(series, CUT);
  const isSudden = peak.count >= Math.max(MIN_SUDDEN, connect.established * SUDDEN_SHARE);
  if (!isSudden || peak.after > peak.before * LEFT_OVER_SHARE) return undefined;
  return {
    code: "server-died",
    severity: "error",
    message: "The server's process ended: its system cut many connections at once, without a Disconnect or a Close.",
    evidence: suddenText(CUT, peak, connect.established),
  };
}

/** A UTP Disconnect for everybody at once. */
export function serverSentAllAway({ connect }: Summary, { series }: Observations): Diagnosis | undefined {
  const peak = suddenEnds(series, ["ClosedByServer"]);
  if (peak.count < Math.max(MIN_SUDDEN, connect.established * SUDDEN_SHARE)) return undefined;
  return {
    code: "server-sent-all-away",
    severity: "error",
    message:
      "The server disconnected many clients at once: it was shut down, changed its scene, or timed all of them out.",
    evidence: suddenText(["ClosedByServer"], peak, connect.established),
  };
}

/** A crowd sent away in one update: 64 Disconnects leave, the others see a Close alone. */
export function disconnectsLost({ disconnects }: Summary, { series }: Observations): Diagnosis | undefined {
  const closes = disconnects.byReason["WebSocketClose:1000"] ?? 0;
  const peak = suddenEnds(series, ["ClosedByServer"]);
  const isCrowd = peak.count >= CONTROL_PACKETS * NEARLY;
  const together = suddenEnds(series, ["WebSocketClose:1000"]);
  if (closes === 0 || !isCrowd || Math.abs(together.second - peak.second) > 1) return undefined;
  return {
    code: "disconnects-lost",
    severity: "warning",
    message:
      "The server sent a crowd away, and only part of it was told: a Unity server sends at most 64 control packets an update, and a " +
      "Disconnect beyond is lost. Those clients see a protocol error instead of a disconnect. Send clients away over several updates.",
    evidence: `${peak.count} got a Disconnect, ${closes} only a Close 1000, around second ${peak.second}`,
  };
}

/** TCP cut under some clients while the server goes on: a Unity server's receive buffer of that connection was full. */
export function closedWithoutClose({ disconnects, connect }: Summary, { series }: Observations): Diagnosis | undefined {
  const count = CUT.reduce((sum, reason) => sum + (disconnects.byReason[reason] ?? 0), 0);
  if (count === 0) return undefined;
  return {
    code: "closed-without-close",
    severity: "error",
    message:
      "The server dropped connections without a Disconnect and without a Close frame, and went on with the others. A Unity server does " +
      "that where more arrives on a connection than it can take in an update: 2944 bytes wait, or its receive queue has no place left. " +
      "Raise receiveQueueCapacity, send less at a time, or find out why its updates are late. A proxy that ends connections looks the same.",
    evidence: `${count} of ${connect.established} connections, most around second ${suddenEnds(series, CUT).second}`,
  };
}

/** Ends one disconnect timeout after the last word of one side. */
export function disconnectTimeout({ disconnects, connect }: Summary, see: Observations): Diagnosis | undefined {
  const { heartbeatTimeoutMs, disconnectTimeoutMs } = see.profile.parameters;
  const byServer = timedOutOf(see.outcomes, heartbeatTimeoutMs);
  const byUs = disconnects.byReason.Silence ?? 0;
  if (byServer === undefined && byUs === 0) return undefined;
  const server =
    byServer === undefined
      ? []
      : [
          `the server ended ${byServer.clients} of ${connect.established} ${seconds(byServer.afterMs)} after it last heard them`,
        ];
  const us = byUs === 0 ? [] : [`${byUs} clients heard nothing for ${seconds(disconnectTimeoutMs)}`];
  return {
    code: "disconnect-timeout",
    severity: "error",
    message: byServer === undefined ? HEARD_NOTHING : byServer.areWeSilent ? WE_WERE_SILENT : SERVER_READ_NOTHING,
    evidence: [...server, ...us].join("; "),
  };
}

const WE_WERE_SILENT =
  "The server ended connections one disconnectTimeout after the client's last word: these clients send less often than it waits. Lower " +
  "--heartbeat (Unity's own clients beat every 500 ms), or raise the server's disconnectTimeout.";
const SERVER_READ_NOTHING =
  "The server ended connections one disconnectTimeout after it last read them, although they went on sending: it no longer gets to read " +
  "them. Raise receiveQueueCapacity to at least 4 x clients.";
const HEARD_NOTHING =
  "Connections got nothing from the server for the whole disconnect timeout, not even a heartbeat, while others went on: its heartbeats " +
  "are off, or something in between drops what it sends.";

/** Session lengths after which a netcode layer sends clients away that did not ask for its approval, ms. */
const APPROVALS = [
  { fromMs: 4500, toMs: 6500, layer: "Netcode for Entities (5 s)" },
  { fromMs: 9500, toMs: 11_500, layer: "Netcode for GameObjects (10 s)" },
];

/** Clients accepted and sent away after the time that a netcode layer waits for its own first message. */
export function netcodeApproval(summary: Summary, { profile, outcomes }: Observations): Diagnosis | undefined {
  const { connect, disconnects, latencyMs } = summary;
  const sentAway = disconnects.byReason.ClosedByServer ?? 0;
  const { p50, p95 } = latencyMs.sessionDuration;
  if (sentAway < Math.max(1, connect.established / 2) || p50 === null || p95 === null) return undefined;
  const found = APPROVALS.find(({ fromMs, toMs }) => p50 >= fromMs && p95 <= toMs);
  if (found === undefined || timedOutOf(outcomes, profile.parameters.heartbeatTimeoutMs) !== undefined)
    return undefined;
  return {
    code: "netcode-approval",
    severity: "error",
    message:
      `The server sends clients away after the time in which ${found.layer} expects its own first message: the connection request that ` +
      "asks for approval is missing. UTP itself is fine: turn the approval off on a test server, send that message from a script, or give " +
      "--connect-payload where your game reads it there.",
    evidence: `${sentAway} of ${connect.established} connections ended by the server, session p50 ${seconds(p50)}`,
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

/** The two intervals in a row with most ends of these kinds. */
function suddenEnds(series: readonly SeriesPoint[], reasons: readonly string[]): Sudden {
  let best = { count: 0, second: 0, before: 0, after: 0 };
  let earlier = 0;
  for (const [index, { disconnects, elapsedMs, connected }] of series.entries()) {
    const here = reasons.reduce((sum, reason) => sum + (disconnects[reason] ?? 0), 0);
    if (here + earlier > best.count) {
      const before = series[index - 2]?.connected ?? series[index - 1]?.connected ?? here;
      best = { count: here + earlier, second: Math.round(elapsedMs / 1000), before, after: connected };
    }
    earlier = here;
  }
  return best;
}

function suddenText(reasons: readonly string[], { count, second }: Sudden, established: number): string {
  return `${reasons.join(" or ")}: ${count} of ${established} connections around second ${second}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
