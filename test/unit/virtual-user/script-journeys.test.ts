// Scripts that leave and come back, that are fed, and that are wrong: what becomes of their clients.
import { describe, expect, it } from "vitest";
import type { Feeder, Scenario, Step } from "../../../src/profile/scenario.js";
import {
  bytesOf,
  every,
  expectByte,
  literal,
  reconnect,
  repeat,
  send,
  set,
  variable,
  wait,
  when,
} from "./script-steps.js";
import { EPOCH_MS, UserBench, type UserBenchOptions } from "./user-bench.js";

const firstBytes = (bench: UserBench): (number | undefined)[] => bench.sent.map(({ payload }) => payload[0]);

const COMES_BACK = {
  reasons: ["ClosedByServer", "ScriptError"],
  maxReconnects: 5,
  firstMs: 100,
  factor: 1,
  maxMs: 100,
  jitterShare: 0,
};

describe("disconnect", () => {
  it("is for good, whatever the policy says", () => {
    const steps: Step[] = [every(10), wait(25), { do: "disconnect" }];
    const bench = UserBench.playing({ scenario: { steps, reconnect: { ...COMES_BACK, reasons: ["ClosedByClient"] } } });
    bench.clock.advanceTo(1000);
    bench.session.released();
    const total = bench.books();
    expect([bench.sent.length, bench.sessions.length, bench.user.state]).toEqual([3, 1, "done"]);
    expect(total.byTag("disconnects", "reason")).toEqual({ ClosedByClient: 1 });
    expect(total.sum("messages_planned")).toBe(total.sum("messages_sent") + total.sum("dropped_sends"));
  });

  it("may come with the connection, and with a message", () => {
    const atOnce = UserBench.playing({ scenario: { steps: [{ do: "disconnect" }] } });
    expect(atOnce.session.isEnded).toBe(true);
    const answered = UserBench.playing({ scenario: { steps: [expectByte(1), { do: "disconnect" }] } });
    answered.session.says(Uint8Array.of(1));
    answered.session.released();
    expect([answered.session.isEnded, answered.user.state]).toEqual([true, "done"]);
  });
});

describe("reconnect", () => {
  it("comes back after its time and goes on behind, without the tracks of before", () => {
    const steps: Step[] = [every(10), send(1), reconnect(500), send(2), wait(50), send(3)];
    const bench = UserBench.playing({ scenario: { steps } });
    expect([bench.session.isEnded, bench.user.state]).toEqual([true, "away"]);
    bench.clock.advanceTo(520);
    expect(bench.sessions.length).toBe(2);
    bench.session.accepts();
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect(firstBytes(bench)).toEqual([1, 2, 3]);
    expect(bench.sent.map(({ atMs }) => Math.round(atMs))).toEqual([0, 520, 570]);
    expect([total.sum("reconnects"), total.sum("clients_connected_ever")]).toEqual([1, 1]);
    expect(Math.round(total.trend("connect_total").maxValue / 1000)).toBe(20);
  });

  it("may be had again and again", () => {
    const bench = UserBench.playing({ stopMs: 950, scenario: { steps: [repeat(undefined, send(1), reconnect(100))] } });
    for (let round = 0; round < 20 && bench.user.state === "away"; round++) {
      bench.clock.advanceBy(100);
      if (!bench.session.isEnded) bench.session.accepts();
    }
    expect(bench.sessions.length).toBe(10);
    expect(firstBytes(bench)).toEqual(new Array(10).fill(1));
    expect(bench.books().byTag("disconnects", "reason")).toEqual({ ClosedByClient: 10 });
  });

  it("does not come back behind its stop", () => {
    const bench = UserBench.playing({ stopMs: 300, scenario: { steps: [reconnect(300)] } });
    bench.session.released();
    expect([bench.user.state, bench.sessions.length]).toEqual(["done", 1]);
  });

  it("goes on where it wanted to, also if the first attempt fails and the policy has another", () => {
    const reasons = ["ConnectionRefused"];
    const steps: Step[] = [send(1), reconnect(10), send(2)];
    const bench = UserBench.playing({ scenario: { steps, reconnect: { ...COMES_BACK, reasons } } });
    bench.clock.advanceTo(10);
    bench.session.destroy("ConnectionRefused");
    bench.clock.advanceTo(110);
    bench.session.accepts();
    expect(firstBytes(bench)).toEqual([1, 2]);
  });
});

describe("a connection that is lost", () => {
  it("starts the steps anew, with the variables of before and the next iteration", () => {
    const steps: Step[] = [
      send(variable("iteration")),
      when(variable("iteration"), 0, [set("kept", literal(77))], []),
      send(variable("kept")),
      wait(1000),
      send(99),
    ];
    const bench = UserBench.playing({ scenario: { steps, reconnect: COMES_BACK } });
    bench.clock.advanceTo(500);
    bench.session.ends();
    bench.clock.advanceTo(600);
    bench.session.accepts();
    expect(firstBytes(bench)).toEqual([0, 77, 1, 77]);
  });

  it("counts on where a field counts", () => {
    const counter = { from: "counter", start: 0, step: 1 } as const;
    const bench = UserBench.playing({ scenario: { steps: [send(counter)], reconnect: COMES_BACK } });
    bench.session.ends();
    bench.clock.advanceTo(100);
    bench.session.accepts();
    expect(firstBytes(bench)).toEqual([0, 1]);
  });

  it("may be the script's own fault, after which the policy lets it come back", () => {
    const bench = UserBench.playing({
      scenario: { steps: [expectByte(1, { required: true })], reconnect: COMES_BACK },
    });
    bench.clock.advanceTo(210);
    expect([bench.sessions.length, bench.user.state]).toEqual([2, "joining"]);
  });
});

const players = (order: Feeder["order"]): Feeder => ({
  name: "players",
  columns: ["name"],
  rows: [["ann"], ["bob"]],
  order,
});

describe("feeders and connect payloads", () => {
  const connectPayload: Scenario["connectPayload"] = {
    kind: "fields",
    fields: [
      { type: "text", value: literal("login:") },
      { type: "text", value: variable("players.name") },
    ],
  };
  const loginOf = (options: UserBenchOptions): string =>
    new TextDecoder().decode(new UserBench(options).session.connectPayload);

  it("make each client's own login, anew with each attempt", () => {
    const scenario = { connectPayload, feeders: [players("cyclic")], reconnect: COMES_BACK };
    expect([0, 1, 2].map((number) => loginOf({ number, scenario }))).toEqual(["login:ann", "login:bob", "login:ann"]);
    const bench = UserBench.playing({ scenario });
    bench.session.ends();
    bench.clock.advanceTo(100);
    expect(bench.sessions.map((session) => session.connectPayload?.length)).toEqual([9, 9]);
    expect(bench.sessions[0]!.connectPayload).not.toBe(bench.sessions[1]!.connectPayload);
  });

  it("do not start a client for which there is no row, and say so", () => {
    const bench = new UserBench({ number: 2, scenario: { feeders: [players("unique")] } });
    const total = bench.books();
    expect([bench.sessions.length, bench.user.state, bench.done]).toEqual([0, "done", 1]);
    expect([total.sum("clients_started"), total.sum("clients_without_row")]).toEqual([0, 1]);
    expect(bench.user.outcome).toBeUndefined();
  });

  it("fail a client whose login is too large for a Connection Request", () => {
    const feeder: Feeder = { ...players("cyclic"), rows: [["x".repeat(1400)]] };
    const bench = new UserBench({ scenario: { connectPayload, feeders: [feeder] } });
    const total = bench.books();
    expect([bench.sessions.length, bench.user.state, bench.done, bench.failed]).toEqual([0, "done", 1, 1]);
    expect(total.byTag("connect_failures", "reason")).toEqual({ ScriptError: 1 });
    expect([total.sum("clients_started"), total.sum("clients_failed")]).toEqual([1, 1]);
    expect(bench.user.outcome).toMatchObject({ startedMs: 0, endReason: "ScriptError", upgradeMs: undefined });
  });

  it("come of the profile where there is no scenario", () => {
    const bench = new UserBench({ profile: { connectPayloadHex: "0a0b", scenarios: [] } });
    expect(bench.session.connectPayload).toEqual(Uint8Array.of(10, 11));
  });
});

describe("values", () => {
  it("that do not fit are counted, once each", () => {
    const bench = UserBench.playing({ scenario: { steps: [set("x", literal(300)), send(variable("x"))] } });
    expect(firstBytes(bench)).toEqual([44]);
    expect(bench.books().byTag("value_faults", "why")).toEqual({ outOfRange: 1 });
    expect(bench.books().byTag("value_faults", "why")).toEqual({});
  });

  it("of time are the plan's", () => {
    const fields = (["run", "epoch"] as const).map((clock) => ({
      type: "long" as const,
      value: { from: "time", clock } as const,
    }));
    const steps: Step[] = [wait(1234), { do: "send", pipelineId: 0, payload: { kind: "fields", fields } }];
    const bench = UserBench.playing({ scenario: { steps } });
    bench.clock.advanceTo(2000);
    const view = new DataView(bench.sent[0]!.payload.buffer);
    expect([view.getBigInt64(0, true), view.getBigInt64(8, true)]).toEqual([1234n, BigInt(EPOCH_MS + 1234)]);
  });

  it("are the same for the same seed, and others for another client", () => {
    const random = { from: "random", min: 0, max: 255 } as const;
    const bytesSent = (seed: number, number: number): string => {
      const steps: Step[] = [every(10, bytesOf(random, random))];
      const bench = UserBench.playing({ number, profile: { seed }, scenario: { steps } });
      bench.clock.advanceTo(200);
      return bench.sent.map(({ payload }) => payload.join()).join(" ");
    };
    expect(bytesSent(1, 0)).toBe(bytesSent(1, 0));
    expect(new Set([bytesSent(1, 0), bytesSent(1, 1), bytesSent(2, 0)]).size).toBe(3);
  });
});
