import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/analysis/diagnosis.js";
import { type Observations, type SeriesPoint, seriesPointOf } from "../../../src/analysis/observations.js";
import type { RunResult } from "../../../src/engine/run-types.js";
import { intervalOf, SUMS, snapshotOf, summaryOf, totalOf } from "../result/sample-run.js";
import { clients, queued, served, without101 } from "./sample-clients.js";

/** A run in which all went well: every sum that tells of trouble is 0. */
const WELL = {
  clients_planned: 100,
  clients_connected_ever: 100,
  clients_failed: 0,
  clients_cancelled: 0,
  clients_alive_at_end: 0,
  connect_established: 100,
  connect_failed_attempts: 0,
  "connect_failures{reason:UpgradeTimeout}": 0,
  "connect_failures{reason:UpgradeRejected:503}": 0,
  disconnects: 100,
  "disconnects{reason:ClosedByClient}": 100,
  "disconnects{reason:Silence}": 0,
  "give_ups_native{reason:UpgradeTimeout}": 0,
  messages_planned: 9000,
  messages_sent: 9000,
  dropped_sends: 0,
  messages_received: 8990,
  messages_answered: 8990,
};
const QUIET: Observations = {
  profile: { payloadBytes: 64, ratePerSecond: 10, warmupMs: 0 },
  series: [],
  outcomes: clients(100, served),
};

function failing(reason: string): Record<string, number> {
  return {
    clients_connected_ever: 60,
    clients_failed: 40,
    connect_established: 60,
    connect_failed_attempts: 40,
    [`connect_failures{reason:${reason}}`]: 40,
    disconnects: 60,
    "disconnects{reason:ClosedByClient}": 60,
  };
}

/** All still waited when the plan ended. */
const NOBODY = {
  clients_connected_ever: 0,
  clients_cancelled: 100,
  connect_established: 0,
  disconnects: 0,
  "disconnects{reason:ClosedByClient}": 0,
  messages_planned: 0,
  messages_sent: 0,
  messages_received: 0,
  messages_answered: 0,
};

/** All connections of a run ended for this reason, `perSecond` of them in each second from the fifth on. */
function ended(reason: string, perSecond: number): { sums: Record<string, number>; series: SeriesPoint[] } {
  const sums = { "disconnects{reason:ClosedByClient}": 0, [`disconnects{reason:${reason}}`]: 100 };
  const part = snapshotOf({ [`disconnects{reason:${reason}}`]: perSecond });
  const series = Array.from({ length: 100 / perSecond }, (_, index) => seriesPointOf(intervalOf(5 + index, part)));
  return { sums, series };
}

interface Case {
  what: string;
  sums?: Record<string, number>;
  result?: Partial<RunResult>;
  see?: Partial<Observations>;
  codes: string[];
  says?: RegExp;
}
const sessions = (valuesMs: number[]): Partial<RunResult> => {
  const whole = totalOf(
    snapshotOf({ ...SUMS, ...WELL, ...ended("ClosedByServer", 10).sums }, { session_duration: valuesMs }),
  );
  return { whole, measured: whole };
};

const cases: Case[] = [
  { what: "a run in which all went well", codes: [] },
  {
    what: "100 clients at once at 60 Hz",
    see: { outcomes: queued(100, 60) },
    codes: ["one-accept-a-tick"],
    says: /steadily 60\.0 a second.*one connection an update, here 60 a second.*last one waited 1\.6\d s/,
  },
  {
    what: "a border in join order",
    sums: failing("UpgradeTimeout"),
    see: { outcomes: [...clients(60, served), ...clients(40, without101, 60)] },
    codes: ["border-in-join-order"],
    says: /first 60 clients are served.*receiveQueueCapacity to at least 4 x clients, here 400.*40 got no 101/,
  },
  {
    what: "clients that a native one would have given up for",
    sums: { "give_ups_native{reason:UpgradeTimeout}": 12 },
    codes: ["would-have-given-up"],
    says: /gives up when the 101 takes over 1 s.*native would have given up 12 \(UpgradeTimeout 12\)/,
  },
  { what: "a 404", sums: failing("UpgradeRejected:404"), codes: ["wrong-path"], says: /WebSocketPath.*: 40 of 100/ },
  { what: "a 503", sums: failing("UpgradeRejected:503"), codes: ["upgrade-refused"], says: /proxy/ },
  { what: "a closed port", sums: failing("ConnectionRefused"), codes: ["nothing-listens"] },
  { what: "an unknown host", sums: failing("HostNotFound"), codes: ["host-not-found"] },
  { what: "a bad certificate", sums: failing("TlsError"), codes: ["tls-failed"], says: /--ca/ },
  { what: "another service", sums: failing("NotWebSocket"), codes: ["not-websocket"] },
  { what: "a WebSocket server without UTP", sums: failing("UtpAcceptTimeout"), codes: ["no-utp"], says: /probe/ },
  {
    what: "a TLS port spoken to in plain",
    sums: failing("ConnectionClosed"),
    codes: ["cut-before-accept"],
    says: /wss:\/\/.*ConnectionClosed: 40 of 100/,
  },
  {
    what: "a silent server and a run shorter than the clients' patience",
    sums: NOBODY,
    see: { outcomes: clients(100, without101) },
    codes: ["nobody-in-time"],
    says: /probe.*100 of 100 attempts still waited, none had a 101/,
  },
  {
    what: "a WebSocket server without UTP and a run shorter than the clients' patience",
    sums: NOBODY,
    see: { outcomes: clients(100, (number) => without101(number, { upgradeMs: number + 5 })) },
    codes: ["nobody-in-time"],
    says: /100 had a 101 but no Accept/,
  },
  { what: "a full server", sums: failing("ClosedByServer"), codes: ["refused-by-server"] },
  {
    what: "too few descriptors",
    sums: failing("LocalResourceLimit"),
    codes: ["local-limit", "generator-suspect"],
    says: /ulimit -n/,
  },
  { what: "a reason that means nothing more", sums: failing("ScriptError"), codes: [] },
  { what: "no echo", sums: { messages_answered: 0 }, codes: ["no-echo"], says: /does not echo.*messages of its own/ },
  {
    what: "a server that sends nothing at all",
    sums: { messages_answered: 0, messages_received: 0 },
    codes: ["no-echo"],
    says: /It sends nothing/,
  },
  {
    what: "a payload without room for the mark",
    sums: { messages_answered: 0 },
    see: { profile: { ...QUIET.profile, payloadBytes: 15 } },
    codes: ["payload-too-small"],
    says: /16 bytes.*payload of 15 bytes/,
  },
  {
    what: "answers that are missing",
    sums: { messages_answered: 8000 },
    codes: ["answers-missing"],
    says: /\(11\.1%\)/,
  },
  { what: "answers under way at the end", sums: { messages_answered: 8900 }, codes: [] },
  {
    what: "silence of all at once",
    ...{ sums: ended("Silence", 50).sums, see: { series: ended("Silence", 50).series } },
    codes: ["all-silent-at-once"],
    says: /Silence: 100 of 100 connections around second 7/,
  },
  {
    what: "silence of a few a second",
    sums: ended("Silence", 5).sums,
    see: { series: ended("Silence", 5).series },
    codes: [],
  },
  {
    what: "a killed server",
    sums: { ...ended("ConnectionReset", 100).sums, messages_answered: 8000 },
    see: { series: ended("ConnectionReset", 100).series },
    codes: ["server-died"],
    says: /process ended/,
  },
  {
    what: "a server that shut down",
    sums: ended("ClosedByServer", 100).sums,
    see: { series: ended("ClosedByServer", 100).series },
    codes: ["server-sent-all-away"],
  },
  {
    what: "a netcode layer that wants its approval",
    result: sessions([10_010, 10_020, 10_030]),
    see: { series: ended("ClosedByServer", 100).series },
    codes: ["netcode-approval"],
    says: /Netcode for GameObjects \(10 s\).*--connect-payload.*p50 10\.0 s/,
  },
  { what: "sessions of other lengths", result: sessions([3000, 10_020, 14_000]), codes: [] },
  {
    what: "a message over the limit",
    sums: { "disconnects{reason:ClosedByClient}": 97, "disconnects{reason:WebSocketClose:1009}": 3 },
    codes: ["closed-by-rule"],
    says: /maxMessageSize.*WebSocketClose:1009: 3/,
  },
  {
    what: "a late generator",
    result: { laggingSeconds: 3 },
    codes: ["generator-invalid"],
    says: /not the server's.*--workers \(now 1\)/,
  },
  {
    what: "a generator near its limit",
    result: { laggingSeconds: 1 },
    codes: ["generator-suspect"],
    says: /slowest few percent/,
  },
  {
    what: "a warm-up over the ramp",
    result: { measured: totalOf(snapshotOf({})) },
    see: { profile: { ...QUIET.profile, warmupMs: 5000 } },
    codes: ["warmup-covers-ramp"],
    says: /warm-up 5 s, 100 clients/,
  },
  {
    what: "books that do not balance",
    sums: { clients_failed: 1 },
    codes: ["books-do-not-balance"],
    says: /please report.*clients started 100/,
  },
];

describe("diagnose()", () => {
  it.each(cases)("$what: $codes", ({ sums, result = {}, see, codes, says }) => {
    const found = diagnose(summaryOf(result, { ...WELL, ...sums }), { ...QUIET, ...see });
    expect(found.map(({ code }) => code)).toEqual(codes);
    if (says !== undefined) expect(`${found[0]?.message} ${found[0]?.evidence}`).toMatch(says);
    for (const { message, evidence } of found) expect([message.endsWith("."), evidence !== ""]).toEqual([true, true]);
  });

  it("tells the gravest first", () => {
    const found = diagnose(summaryOf({ laggingSeconds: 3 }, { ...WELL, messages_answered: 0 }), {
      ...QUIET,
      outcomes: queued(30, 60),
    });
    expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "error generator-invalid",
      "warning no-echo",
      "info one-accept-a-tick",
    ]);
  });

  it("says it of the patient clients of a scenario in a run of native ones as well", () => {
    const summary = summaryOf({}, { ...WELL, "give_ups_native{reason:UpgradeTimeout}": 3 }, { client: "native" });
    expect(diagnose(summary, QUIET).map(({ code }) => code)).toEqual(["would-have-given-up"]);
  });
});
