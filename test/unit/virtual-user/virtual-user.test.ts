// One player on a virtual clock with a scripted session: what it sends when, and what the books say.
import { describe, expect, it } from "vitest";
import { UserBench } from "./user-bench.js";

describe("VirtualUser", () => {
  it("sends on its schedule until its stop, then leaves", () => {
    const bench = UserBench.playing({ stopMs: 1000 });
    bench.clock.advanceTo(2000);
    bench.session.released();
    const total = bench.books();
    expect(bench.sent.length).toBe(10);
    expect(total.sum("messages_planned")).toBe(10);
    expect(total.sum("disconnects{reason:ClosedByClient}")).toBe(1);
    expect([bench.user.state, bench.done]).toEqual(["done", 1]);
  });

  it("sends what is late at once, with its lag, and drops what is over a second behind", () => {
    const bench = UserBench.playing({ stopMs: 10_000 });
    bench.clock.advanceTo(50);
    bench.clock.blockFor(1500);
    bench.clock.advanceTo(1560);
    const total = bench.books();
    // Due at 100..1500: 15 messages; at 1550 those up to 500 are over 1000 ms behind.
    expect(total.sum("messages_planned")).toBe(16);
    expect(total.sum("dropped_sends")).toBe(5);
    expect(total.sum("messages_sent")).toBe(11);
    expect(total.trend("send_lag").maxValue / 1000).toBeCloseTo(950, 0);
  });

  it("measures an answer from the intended time, and from the actual one beside it", () => {
    const bench = UserBench.playing({ stopMs: 10_000 });
    bench.clock.advanceTo(50);
    bench.clock.blockFor(950);
    bench.clock.advanceTo(1001);
    bench.clock.advanceTo(1010);
    bench.session.says(bench.sent[1]!.payload);
    const total = bench.books();
    expect(total.trend("rtt").maxValue / 1000).toBeCloseTo(910, 0);
    expect(total.trend("rtt_uncorrected").maxValue / 1000).toBeCloseTo(10, 0);
    expect(total.sum("messages_answered")).toBe(1);
  });

  it("counts an answer once, and other messages as received only", () => {
    const bench = UserBench.playing({ stopMs: 10_000 });
    bench.clock.advanceTo(10);
    const echo = bench.sent[0]!.payload;
    for (const payload of [echo, echo, new Uint8Array(3)]) bench.session.says(payload);
    const total = bench.books();
    expect(total.sum("messages_received")).toBe(3);
    expect(total.sum("messages_answered")).toBe(1);
  });

  it("takes messages of one read as one update of the server", () => {
    const bench = UserBench.playing({ stopMs: 10_000 });
    for (const [batch, nowMs] of [
      [1, 10],
      [1, 10],
      [2, 60],
    ] as const) {
      bench.clock.advanceTo(nowMs);
      bench.session.says(new Uint8Array(1), batch);
    }
    const interval = bench.books().trend("server_interval");
    expect([interval.totalCount, Math.round(interval.maxValue / 1000)]).toEqual([1, 50]);
  });

  it("drops and counts sends while the server does not read", () => {
    const bench = UserBench.playing({ stopMs: 1000 });
    bench.session.bufferedBytes = 1e6;
    bench.clock.advanceTo(950);
    const total = bench.books();
    expect(total.sum("dropped_sends")).toBe(10);
    expect(total.sum("dropped_sends{why:serverNotReading}")).toBe(10);
  });

  it("drops what was due when the server ends the connection, so that the books balance", () => {
    const bench = UserBench.playing({ stopMs: 10_000 });
    bench.clock.advanceTo(50);
    bench.clock.blockFor(155);
    bench.session.ends();
    const total = bench.books();
    expect(total.sum("messages_planned")).toBe(total.sum("messages_sent") + total.sum("dropped_sends"));
    // Due at 100 and at 200; the latter is 5 ms late only, and is no longer planned.
    expect(total.sum("dropped_sends")).toBe(1);
    expect(total.sum("disconnects_unity{reason:ClosedByRemote}")).toBe(1);
  });

  it("is cancelled when it has to leave before it was connected", () => {
    const bench = new UserBench({ stopMs: 1000 });
    bench.clock.advanceTo(1000);
    bench.session.released();
    const total = bench.books();
    expect(total.sum("clients_cancelled")).toBe(1);
    expect(total.sum("clients_failed")).toBe(0);
  });

  it("records the phases that a failed attempt had completed", () => {
    const bench = new UserBench({ stopMs: 1000 });
    bench.session.ends({ reason: "UtpAcceptTimeout" });
    const total = bench.books();
    expect(total.trend("connect_upgrade").totalCount).toBe(1);
    expect(total.trend("connect_utp").totalCount).toBe(0);
    expect(total.sum("connect_failures{reason:UtpAcceptTimeout}")).toBe(1);
  });

  it("counts as alive at the end when the hard end cuts it", () => {
    const bench = UserBench.playing({ stopMs: 10_000 });
    bench.clock.advanceTo(10);
    bench.user.cut();
    const total = bench.books();
    expect(total.sum("clients_alive_at_end")).toBe(1);
    expect(total.sum("disconnects")).toBe(0);
    expect(bench.done).toBe(1);
  });
});
