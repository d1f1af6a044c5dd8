// One player on a virtual clock with a scripted session: what it sends when, and what the books say.
import { beforeEach, describe, expect, it } from "vitest";
import type { SessionEnd } from "../../../src/client/session-types.js";
import { Recorder } from "../../../src/metrics/recorder.js";
import type { Snapshot } from "../../../src/metrics/snapshot.js";
import { SnapshotTotal } from "../../../src/metrics/snapshot.js";
import type { Profile } from "../../../src/profile/profile.js";
import { DEFAULT_PARAMETERS } from "../../../src/protocol/parameters.js";
import type { UserContext } from "../../../src/virtual-user/user-context.js";
import { type Session, VirtualUser } from "../../../src/virtual-user/virtual-user.js";
import { virtualScheduler } from "../../support/virtual-clock.js";

const END: SessionEnd = { reason: "ClosedByServer", unityReason: "ClosedByRemote", wasConnected: true, detail: "" };
const PROFILE: Profile = {
  name: "test",
  target: "ws://127.0.0.1:1/",
  stages: [],
  ratePerSecond: 10,
  payloadBytes: 16,
  pipelineId: 0,
  warmupMs: 0,
  seed: 1,
  client: "patient",
  updateHz: 60,
  parameters: DEFAULT_PARAMETERS,
  connectBudgetMs: 60_000,
  pingIntervalMs: 0,
  headers: [],
  insecure: false,
  localAddresses: [],
  gracefulStopMs: 5000,
  thresholds: [],
};

let scheduler = virtualScheduler();
let recorder = new Recorder();
let sent: Uint8Array[] = [];
let user: VirtualUser;
let bufferedBytes = 0;
let done = 0;

/** A session that does nothing by itself; the test plays the server. */
function session(): Session {
  return {
    timings: {
      startMs: 0,
      tcpMs: 1,
      tlsMs: undefined,
      upgradeSentMs: 1,
      openMs: 3,
      requestMs: 3,
      acceptMs: undefined,
    },
    get bufferedBytes() {
      return bufferedBytes;
    },
    send: (_pipelineId, payload) => sent.push(payload.slice()) > 0,
    close: () => user.onEnd({ ...END, reason: "ClosedByClient", unityReason: "Default" }, scheduler.clock.nowMs()),
    destroy: (reason) =>
      user.onEnd({ ...END, reason, unityReason: "Default", wasConnected: false }, scheduler.clock.nowMs()),
  };
}

function start(stopMs: number, profile: Profile = PROFILE): void {
  const context: UserContext = {
    profile,
    scheduler: scheduler.queue,
    recorder,
    originMs: 0,
    plannedClients: 1,
    connected: 0,
    noteConnected: () => context.connected++,
    connect: () => session(),
    onFailed: () => undefined,
    onDone: () => done++,
  };
  user = new VirtualUser(context, { number: 0, startMs: 0, stopMs });
  scheduler.clock.advanceTo(0);
}

function books(): SnapshotTotal {
  const total = new SnapshotTotal();
  const snapshot: Snapshot = recorder.take({});
  total.add(snapshot);
  return total;
}

beforeEach(() => {
  scheduler = virtualScheduler();
  recorder = new Recorder();
  sent = [];
  bufferedBytes = 0;
  done = 0;
});

describe("VirtualUser", () => {
  it("sends on its schedule until its stop, then leaves", () => {
    start(1000);
    user.onConnected(undefined, 0);
    scheduler.clock.advanceTo(2000);
    user.onReleased();
    const total = books();
    expect(sent.length).toBe(10);
    expect(total.sum("messages_planned")).toBe(10);
    expect(total.sum("disconnects{reason:ClosedByClient}")).toBe(1);
    expect([user.state, done]).toEqual(["done", 1]);
  });

  it("sends what is late at once, with its lag, and drops what is over a second behind", () => {
    start(10_000);
    user.onConnected(undefined, 0);
    scheduler.clock.advanceTo(50);
    scheduler.clock.blockFor(1500);
    scheduler.clock.advanceTo(1560);
    const total = books();
    // Due at 100..1500: 15 messages; at 1550 those up to 500 are over 1000 ms behind.
    expect(total.sum("messages_planned")).toBe(16);
    expect(total.sum("dropped_sends")).toBe(5);
    expect(total.sum("messages_sent")).toBe(11);
    expect(total.trend("send_lag").maxValue / 1000).toBeCloseTo(950, 0);
  });

  it("measures an answer from the intended time, and from the actual one beside it", () => {
    start(10_000);
    user.onConnected(undefined, 0);
    scheduler.clock.advanceTo(50);
    scheduler.clock.blockFor(950);
    scheduler.clock.advanceTo(1001);
    user.onMessage(0, sent[1]!, 1, 1010);
    const total = books();
    expect(total.trend("rtt").maxValue / 1000).toBeCloseTo(910, 0);
    expect(total.trend("rtt_uncorrected").maxValue / 1000).toBeCloseTo(10, 0);
    expect(total.sum("messages_answered")).toBe(1);
  });

  it("counts an answer once, and other messages as received only", () => {
    start(10_000);
    user.onConnected(undefined, 0);
    scheduler.clock.advanceTo(10);
    for (const payload of [sent[0]!, sent[0]!, new Uint8Array(3)]) user.onMessage(0, payload, 1, 20);
    const total = books();
    expect(total.sum("messages_received")).toBe(3);
    expect(total.sum("messages_answered")).toBe(1);
  });

  it("takes messages of one read as one update of the server", () => {
    start(10_000);
    user.onConnected(undefined, 0);
    for (const [batch, nowMs] of [
      [1, 10],
      [1, 10],
      [2, 60],
    ] as const)
      user.onMessage(0, new Uint8Array(1), batch, nowMs);
    const interval = books().trend("server_interval");
    expect([interval.totalCount, Math.round(interval.maxValue / 1000)]).toEqual([1, 50]);
  });

  it("drops and counts sends while the server does not read", () => {
    start(1000);
    user.onConnected(undefined, 0);
    bufferedBytes = 1e6;
    scheduler.clock.advanceTo(950);
    const total = books();
    expect(total.sum("dropped_sends")).toBe(10);
    expect(total.sum("dropped_sends{why:serverNotReading}")).toBe(10);
  });

  it("drops what was due when the server ends the connection, so that the books balance", () => {
    start(10_000);
    user.onConnected(undefined, 0);
    scheduler.clock.advanceTo(50);
    user.onEnd(END, 205);
    const total = books();
    expect(total.sum("messages_planned")).toBe(total.sum("messages_sent") + total.sum("dropped_sends"));
    // Due at 100 and at 200; the latter is 5 ms late only, and is no longer planned.
    expect(total.sum("dropped_sends")).toBe(1);
    expect(total.sum("disconnects_unity{reason:ClosedByRemote}")).toBe(1);
  });

  it("is cancelled when it has to leave before it was connected", () => {
    start(1000);
    scheduler.clock.advanceTo(1000);
    user.onReleased();
    const total = books();
    expect(total.sum("clients_cancelled")).toBe(1);
    expect(total.sum("clients_failed")).toBe(0);
  });

  it("records the phases that a failed attempt had completed", () => {
    start(1000);
    user.onEnd({ ...END, reason: "UtpAcceptTimeout", wasConnected: false }, 500);
    const total = books();
    expect(total.trend("connect_upgrade").totalCount).toBe(1);
    expect(total.trend("connect_utp").totalCount).toBe(0);
    expect(total.sum("connect_failures{reason:UtpAcceptTimeout}")).toBe(1);
  });

  it("counts as alive at the end when the hard end cuts it", () => {
    start(10_000);
    user.onConnected(undefined, 0);
    scheduler.clock.advanceTo(10);
    user.cut();
    const total = books();
    expect(total.sum("clients_alive_at_end")).toBe(1);
    expect(total.sum("disconnects")).toBe(0);
    expect(done).toBe(1);
  });
});
