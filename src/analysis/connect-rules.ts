// Diagnoses of joining: why clients did not get in, or got in late. Each rule is pure and says nothing where it does not apply.
import type { Diagnosis, Summary } from "../result/summary.js";
import { acceptRateOf } from "./accept-rate.js";
import { joinBorderOf } from "./join-border.js";
import type { Observations } from "./observations.js";

/** The wait for a 101 after which Unity's native client gives up, ms. */
const NATIVE_UPGRADE_LIMIT_MS = 1000;

/** Accepts at one a tick: the first thing that a Unity server under load shows. */
export function oneAcceptATick(_summary: Summary, { outcomes, series }: Observations): Diagnosis | undefined {
  const rate = acceptRateOf(outcomes, series);
  if (rate === undefined) return undefined;
  const perSecond = rate.perSecond.toFixed(1);
  const tick = rate.tickHz === undefined ? "" : `, here ${rate.tickHz} a second`;
  const waited = rate.lastWaitMs === undefined ? "" : `; the last one waited ${seconds(rate.lastWaitMs)} for its 101`;
  return {
    code: "one-accept-a-tick",
    severity: (rate.lastWaitMs ?? 0) > NATIVE_UPGRADE_LIMIT_MS ? "warning" : "info",
    message:
      `The server lets one client in at a time, steadily ${perSecond} a second, however many wait. A Unity server accepts one ` +
      `connection an update${tick}: clients that arrive together queue up. Ramp slower than that, or raise the server's update ` +
      "rate while players join; its CPU is not the limit.",
    evidence: `${rate.clients} clients joined at ${perSecond}/s${waited}`,
  };
}

/** Early clients are served, late ones are not: the read budget of half the receive queue. */
export function borderInJoinOrder(summary: Summary, { outcomes }: Observations): Diagnosis | undefined {
  const border = joinBorderOf(outcomes);
  if (border === undefined) return undefined;
  const lacks = [
    border.withoutUpgrade > 0 ? `${border.withoutUpgrade} got no 101` : "",
    border.withoutAccept > 0 ? `${border.withoutAccept} got a 101 but no Accept` : "",
    border.withoutAnswer > 0 ? `${border.withoutAnswer} were accepted but got no answer` : "",
  ].filter((text) => text !== "");
  return {
    code: "border-in-join-order",
    severity: "error",
    message:
      `The first ${border.servedBefore} clients are served, those that joined later are not. A Unity server reads at most half of ` +
      "its receiveQueueCapacity an update, in join order, and leaves the rest unread. Raise receiveQueueCapacity to at least " +
      `4 x clients, here ${4 * summary.clients.planned} (NetworkConfigParameter; Max Packet Queue Size in Netcode for GameObjects).`,
    evidence: `behind client ${border.servedBefore} in join order ${lacks.join(", ")}`,
  };
}

/** `patient` clients got in where Unity's would have failed; others give up themselves, and are not among these. */
export function wouldHaveGivenUp({ connect }: Summary): Diagnosis | undefined {
  const native = total(connect.wouldHaveGivenUp.native);
  const webgl = total(connect.wouldHaveGivenUp.webgl);
  if (native + webgl === 0) return undefined;
  return {
    code: "would-have-given-up",
    severity: "warning",
    message:
      "Real players would have failed to join where this run's patient clients waited on: Unity's native client gives up when the " +
      "101 takes over 1 s, a browser's after its connect budget. Run with --client native (or webgl) to see it happen.",
    evidence: `of ${connect.attempts} attempts, native would have given up ${native}${reasons(connect.wouldHaveGivenUp.native)}, webgl ${webgl}${reasons(connect.wouldHaveGivenUp.webgl)}`,
  };
}

interface Cause {
  readonly code: string;
  readonly message: string;
}

const CUT_BEFORE_ACCEPT: Cause = {
  code: "cut-before-accept",
  message:
    "The connection opened and was cut before the client was accepted: the port wants TLS (then the URL starts with wss://), a " +
    "proxy has no server behind it, or the server ended. `utp-load probe` tells which.",
};

/** What a reason of failure means and what to do, by the reason or its part before the colon. */
const CAUSES: Record<string, Cause> = {
  "UpgradeRejected:404": {
    code: "wrong-path",
    message:
      "The server answers 404: the URL's path is not the one it listens on. Unity compares it byte for byte (WebSocketPath, / by " +
      "default): correct the path in the target URL.",
  },
  "UpgradeRejected:400": {
    code: "upgrade-refused",
    message:
      "The server answers 400: it takes the upgrade request for malformed. Look at added --header values, and at a proxy that rewrites the request.",
  },
  UpgradeRejected: {
    code: "upgrade-refused",
    message:
      "Something answers the upgrade with an HTTP status of its own. A Unity server knows 101, 400 and 404 only: this is a proxy or a web server in front of it, or instead of it.",
  },
  ConnectionRefused: {
    code: "nothing-listens",
    message:
      "Nothing listens on that address and port, or a firewall refuses. Start the server, or correct host and port.",
  },
  HostNotFound: { code: "host-not-found", message: "The target's host name has no address. Correct it, or the DNS." },
  TlsError: {
    code: "tls-failed",
    message:
      "The TLS handshake failed. Give the server's authority with --ca, use a name that the certificate has, or ws:// where the server speaks plain.",
  },
  NotWebSocket: {
    code: "not-websocket",
    message: "What answers is not a WebSocket server. Correct the port, or use wss:// where the server wants TLS.",
  },
  UtpAcceptTimeout: {
    code: "no-utp",
    message:
      "The WebSocket opened but no UTP Accept came: the server does not speak UTP over WebSocket, speaks another version, or is too " +
      "busy to read. `utp-load probe` tells which.",
  },
  UpgradeTimeout: {
    code: "no-101",
    message:
      "The TCP connection opened but the 101 did not come in time: the server is busy, or stuck behind its read budget. See how many clients it serves, and its update rate.",
  },
  ConnectTimeout: {
    code: "connect-timeout",
    message:
      "No connection came up in time: a firewall that drops packets, a wrong address, or a backlog that is full.",
  },
  ConnectionClosed: CUT_BEFORE_ACCEPT,
  ConnectionReset: CUT_BEFORE_ACCEPT,
  ClosedByServer: {
    code: "refused-by-server",
    message:
      "The server refused clients with a UTP Disconnect before it accepted them: it is full, or does not want their payload.",
  },
  LocalResourceLimit: {
    code: "local-limit",
    message:
      "This machine ran out of file descriptors or local ports: the figures are not the server's. Raise ulimit -n, spread clients over --local-address, or use more machines.",
  },
};

/** Nobody got in, and nobody failed: the plan was shorter than the clients' patience. */
export function nobodyInTime({ clients, connect }: Summary, { outcomes }: Observations): Diagnosis | undefined {
  const waited = outcomes.filter(({ endReason }) => endReason === "Cancelled");
  if (clients.connected > 0 || connect.failed > 0 || waited.length === 0) return undefined;
  const with101 = waited.filter(({ upgradeMs }) => upgradeMs !== undefined).length;
  const lacks = with101 > 0 ? `${with101} had a 101 but no Accept` : "none had a 101";
  return {
    code: "nobody-in-time",
    severity: "error",
    message:
      "No client got in before the run ended: what listens there answers too late, or not at all, or does not speak UTP. " +
      "`utp-load probe` tells which.",
    evidence: `${waited.length} of ${connect.attempts} attempts still waited, ${lacks}`,
  };
}

/** One diagnosis for each reason of failure that is known. */
export function failedToConnect({ connect }: Summary): Diagnosis[] {
  return Object.entries(connect.failures).flatMap(([reason, count]) => {
    const cause = CAUSES[reason] ?? CAUSES[reason.split(":")[0] ?? ""];
    if (cause === undefined) return [];
    const evidence = `${reason}: ${count} of ${connect.attempts} attempts`;
    return [{ code: cause.code, severity: "error" as const, message: cause.message, evidence }];
  });
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function reasons(counts: Record<string, number>): string {
  const texts = Object.entries(counts).map(([reason, count]) => `${reason} ${count}`);
  return texts.length === 0 ? "" : ` (${texts.join(", ")})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
