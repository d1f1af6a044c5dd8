// A player's script, step by step, on a virtual clock: what is done when, and what is counted.
import { describe, expect, it } from "vitest";
import type { DecodeBlock, Step } from "../../../src/profile/scenario.js";
import { at, bytesOf, every, expectByte, marked, matchOf, repeat, send, variable, wait } from "./script-steps.js";
import { UserBench } from "./user-bench.js";

const playing = (...steps: Step[]): UserBench => UserBench.playing({ scenario: { steps } });

/** Times and first bytes of what was sent, such as `0:1`. */
const sentBy = (bench: UserBench): string[] =>
  bench.sent.map(({ atMs, payload }) => `${Math.round(atMs)}:${payload[0]}`);

const SNAPSHOT: DecodeBlock = {
  name: "snapshot",
  pipelineId: undefined,
  fields: [
    { type: "byte", name: "type", size: undefined, equals: 2 },
    { type: "byte", name: "tick", size: undefined, equals: undefined },
  ],
  metrics: [
    { name: "snapshots", kind: "counter", field: undefined },
    { name: "server_tick", kind: "gauge", field: "tick" },
    { name: "snapshot_bytes", kind: "trend", field: undefined },
  ],
};

describe("sends and waits", () => {
  it("come in order, each after the one before", () => {
    const bench = playing(send(1), wait(50), send(2), send(3), wait(20), send(4));
    bench.clock.advanceTo(1000);
    expect(sentBy(bench)).toEqual(["0:1", "50:2", "50:3", "70:4"]);
  });

  it("intend a send for the end of the wait before it, however late the thread is", () => {
    const bench = playing(wait(50), send(1), wait(100), send(2));
    bench.clock.blockFor(80);
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect(sentBy(bench)).toEqual(["80:1", "180:2"]);
    expect(Math.round(total.trend("send_lag").maxValue / 1000)).toBe(30);
  });

  it("keep to times since the connection came up, whatever came before", () => {
    const bench = playing(at(50), send(1), at(60), send(2), at(55), send(3), expectByte(7), at(300), send(4));
    bench.clock.blockFor(52);
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect(sentBy(bench)).toEqual(["52:1", "60:2", "60:3", "300:4"]);
    expect(Math.round(total.trend("send_lag").maxValue / 1000)).toBe(5);
  });

  it("leave what a script sends however late, for it waits for its own sends", () => {
    const bench = playing(wait(50), send(1));
    bench.clock.blockFor(5000);
    bench.clock.advanceTo(5001);
    expect(bench.books().sum("messages_sent")).toBe(1);
  });

  it("count what cannot leave, and why", () => {
    const bench = playing(send(1), wait(10), send(2), wait(10), { do: "send", pipelineId: 0, payload: marked(2000) });
    bench.session.bufferedBytes = 1e6;
    bench.clock.advanceTo(15);
    bench.session.bufferedBytes = 0;
    bench.clock.advanceTo(100);
    const total = bench.books();
    expect([total.sum("messages_planned"), total.sum("messages_sent"), total.sum("dropped_sends")]).toEqual([3, 1, 2]);
    expect(total.byTag("dropped_sends", "why")).toEqual({ serverNotReading: 1, tooLarge: 1 });
  });
});

describe("expect", () => {
  it("goes on at the answer, measured from the last send's intended time", () => {
    const bench = playing(wait(50), send(1), expectByte(7, { rtt: true }), send(2));
    bench.clock.blockFor(60);
    bench.clock.advanceTo(90);
    bench.session.says(Uint8Array.of(9));
    bench.session.says(Uint8Array.of(7));
    const total = bench.books();
    expect(sentBy(bench)).toEqual(["60:1", "90:2"]);
    expect([total.sum("checks_passed"), total.sum("checks_failed")]).toEqual([1, 0]);
    expect(Math.round(total.trend("rtt").maxValue / 1000)).toBe(40);
    expect(Math.round(total.trend("rtt_uncorrected").maxValue / 1000)).toBe(30);
    expect(bench.user.outcome).toMatchObject({ sent: 2, answered: 1 });
  });

  it("goes on without it after its time, as a failed check", () => {
    const bench = playing(send(1), expectByte(7, { rtt: true }), send(2));
    bench.clock.advanceTo(100);
    bench.session.says(Uint8Array.of(7));
    const total = bench.books();
    expect(sentBy(bench)).toEqual(["0:1", "100:2"]);
    expect([total.sum("checks_passed"), total.sum("checks_failed")]).toEqual([0, 1]);
    expect(total.trend("rtt").totalCount).toBe(0);
  });

  it("does not take an answer later than its time, even where the timer is later still", () => {
    const bench = playing(send(1), expectByte(7));
    bench.clock.blockFor(150);
    bench.session.says(Uint8Array.of(7));
    bench.clock.advanceTo(151);
    const total = bench.books();
    expect([total.sum("checks_passed"), total.sum("checks_failed")]).toEqual([0, 1]);
  });

  it("ends the client where the answer is required", () => {
    const bench = playing(every(10), expectByte(7, { required: true }), send(2));
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect(total.byTag("disconnects", "reason")).toEqual({ ScriptError: 1 });
    expect(bench.user.outcome?.endReason).toBe("ScriptError");
    expect(bench.sent.at(-1)!.atMs).toBeLessThanOrEqual(100);
    expect(bench.sent.some(({ payload }) => payload[0] === 2)).toBe(false);
  });

  it("has failed when the server ends the connection, and is not counted when we leave ourselves", () => {
    const lost = playing(expectByte(7));
    lost.session.ends();
    expect(lost.books().sum("checks_failed")).toBe(1);
    const left = UserBench.playing({ stopMs: 50, scenario: { steps: [expectByte(7)] } });
    left.clock.advanceTo(60);
    const total = left.books();
    expect([total.sum("checks_passed"), total.sum("checks_failed"), total.sum("disconnects")]).toEqual([0, 0, 1]);
  });

  it("keeps fields as variables, and waits for fields with values of them", () => {
    const steps: Step[] = [
      expectByte(2, { match: matchOf({ block: "snapshot" }), capture: [{ variable: "seen", field: "tick" }] }),
      send(variable("seen")),
      expectByte(2, { match: matchOf({ block: "snapshot", fields: [{ name: "tick", value: variable("seen") }] }) }),
      send(99),
    ];
    const bench = UserBench.playing({ scenario: { steps, decode: [SNAPSHOT] } });
    for (const tick of [42, 41, 42]) bench.session.says(Uint8Array.of(2, tick));
    expect(sentBy(bench)).toEqual(["0:42", "0:99"]);
  });

  it("measures every answer, and counts a message as answered once", () => {
    const bench = playing(
      ...[send(1), expectByte(7, { rtt: true }), expectByte(7, { rtt: true })],
      ...[{ do: "send", pipelineId: 0, payload: marked() } as const, expectByte(8, { rtt: true })],
    );
    bench.session.says(Uint8Array.of(7));
    bench.session.says(Uint8Array.of(7));
    bench.session.says(Uint8Array.of(8));
    bench.session.says(bench.sent[1]!.payload);
    const total = bench.books();
    const counts = [total.sum("messages_sent"), total.sum("messages_answered"), total.trend("rtt").totalCount];
    expect(counts).toEqual([2, 2, 3]);
  });

  it("takes two answers of one read for two steps", () => {
    const bench = playing(send(1), expectByte(7), expectByte(8), send(2));
    bench.session.says(Uint8Array.of(7));
    bench.session.says(Uint8Array.of(8));
    expect(bench.books().sum("checks_passed")).toBe(2);
    expect(bench.sent.length).toBe(2);
  });
});

describe("decode blocks", () => {
  it("make metrics of every message that they read", () => {
    const bench = UserBench.playing({ scenario: { decode: [SNAPSHOT] } });
    for (const tick of [5, 6]) bench.session.says(Uint8Array.of(2, tick, 0, 0));
    bench.session.says(Uint8Array.of(3, 9));
    const total = bench.books();
    expect([total.sum("snapshots"), total.gauges.server_tick]).toEqual([2, 6]);
    const sizes = total.trend("snapshot_bytes");
    expect([sizes.totalCount, Math.round(sizes.mean / 1000)]).toEqual([2, 4]);
  });
});

describe("every", () => {
  it("goes on beside the steps, and after the last one", () => {
    const bench = playing(every(100, bytesOf(1)), wait(150), send(2));
    bench.clock.advanceTo(350);
    expect(sentBy(bench)).toEqual(["0:1", "100:1", "150:2", "200:1", "300:1"]);
  });

  it("has several tracks; what is late leaves in the order in which it was intended", () => {
    const bench = playing(every(100, bytesOf(1)), every(150, bytesOf(2)), wait(120), send(3));
    bench.clock.advanceTo(50);
    bench.clock.blockFor(270);
    bench.clock.advanceTo(321);
    const order = bench.sent.map(({ payload }) => payload[0]);
    expect(order).toEqual([1, 2, 1, 3, 2, 1, 1, 2]);
  });

  it("is one track, however often the script comes by", () => {
    const bench = playing(repeat(3, every(100), wait(10)));
    bench.clock.advanceTo(250);
    expect(bench.sent.length).toBe(3);
  });

  it("drops what is over a second late, and what was due when the connection ended", () => {
    const bench = playing(every(100));
    bench.clock.advanceTo(50);
    bench.clock.blockFor(1500);
    bench.clock.advanceTo(1560);
    bench.clock.blockFor(200);
    bench.session.ends();
    const total = bench.books();
    expect([total.sum("messages_planned"), total.sum("messages_sent"), total.sum("dropped_sends")]).toEqual([
      18, 11, 7,
    ]);
  });

  it("knows echoes of several marked tracks and sends apart", () => {
    const bench = playing(every(100, marked()), every(100, marked()), { do: "send", pipelineId: 0, payload: marked() });
    bench.clock.advanceTo(150);
    bench.clock.advanceTo(160);
    const echoes = bench.sent.map(({ payload }) => payload);
    expect(new Set(echoes.map((payload) => payload.join())).size).toBe(5);
    for (const echo of [...echoes, ...echoes]) bench.session.says(echo);
    const total = bench.books();
    expect(total.sum("messages_answered")).toBe(5);
    expect(total.trend("rtt").totalCount).toBe(5);
    expect(Math.round(total.trend("rtt").maxValue / 1000)).toBe(160);
  });

  it("measures an echo that is expected once", () => {
    const bench = playing({ do: "send", pipelineId: 0, payload: marked() }, expectByte(0x55, { rtt: true }));
    bench.clock.advanceTo(20);
    bench.session.says(bench.sent[0]!.payload);
    const total = bench.books();
    expect([total.sum("checks_passed"), total.sum("messages_answered"), total.trend("rtt").totalCount]).toEqual([
      1, 1, 1,
    ]);
  });
});
