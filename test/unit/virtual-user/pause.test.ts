// A player held by hand: what it does not do in a pause, what it makes up for afterwards, and that its books balance.
import { describe, expect, it } from "vitest";
import { every, expectByte, log, marked, send, wait } from "./script-steps.js";
import { UserBench } from "./user-bench.js";

/** Pauses at one moment and goes on at another. */
function pauseBetween(bench: UserBench, fromMs: number, toMs: number): void {
  bench.clock.advanceTo(fromMs);
  bench.user.pause(fromMs);
  bench.clock.advanceTo(toMs);
  bench.user.resume(toMs - fromMs, toMs);
}

const sentAtMs = (bench: UserBench): number[] => bench.sent.map(({ atMs }) => atMs);

describe("a schedule in a pause", () => {
  it("plans nothing, and goes on on its grid", () => {
    const bench = UserBench.playing({ stopMs: 1000 });
    pauseBetween(bench, 250, 730);
    bench.clock.advanceTo(950);
    expect(sentAtMs(bench)).toEqual([0, 100, 200, 800, 900]);
    const total = bench.books();
    expect([total.sum("messages_planned"), total.sum("messages_sent"), total.sum("dropped_sends")]).toEqual([5, 5, 0]);
    expect(total.trend("send_lag").maxValue).toBe(0);
  });

  it("sends first what was due before", () => {
    const bench = UserBench.playing();
    bench.clock.advanceTo(50);
    bench.clock.blockFor(100);
    bench.user.pause(150);
    expect(bench.sent.length).toBe(2);
  });

  it("still knows the echo of a message from before", () => {
    const bench = UserBench.playing({ stopMs: 1000 });
    bench.clock.advanceTo(100);
    bench.user.pause(100);
    bench.clock.advanceTo(180);
    bench.session.says(bench.sent.at(-1)!.payload);
    expect(bench.books().trend("rtt").maxValue / 1000).toBeCloseTo(80, 0);
  });

  it("drops nothing for a connection that ends in it", () => {
    const bench = UserBench.playing();
    bench.clock.advanceTo(10);
    bench.user.pause(10);
    bench.clock.advanceTo(900);
    bench.session.ends();
    const total = bench.books();
    expect([total.sum("messages_planned"), total.sum("dropped_sends"), total.sum("disconnects")]).toEqual([1, 0, 1]);
  });

  it("starts after it where the connection came in it", () => {
    const bench = new UserBench({ stopMs: 1000 });
    bench.user.pause(0);
    bench.clock.advanceTo(150);
    bench.session.accepts();
    bench.clock.advanceTo(400);
    expect(bench.sent).toEqual([]);
    bench.user.resume(400, 400);
    bench.clock.advanceTo(800);
    // Its script began at 150, and was held for the length of the pause.
    expect(sentAtMs(bench)).toEqual([600, 700, 800]);
  });
});

describe("a script in a pause", () => {
  it("waits longer by its length", () => {
    const bench = UserBench.playing({ scenario: { steps: [send(1), wait(300), send(2), wait(100), send(3)] } });
    pauseBetween(bench, 200, 1000);
    bench.clock.advanceTo(2000);
    expect(sentAtMs(bench)).toEqual([0, 1100, 1200]);
  });

  it("takes an answer that comes in time, and goes on afterwards", () => {
    const bench = UserBench.playing({ scenario: { steps: [send(1), expectByte(7, { timeoutMs: 500 }), log("on")] } });
    bench.user.pause(0);
    bench.clock.advanceTo(100);
    bench.session.says(Uint8Array.of(7));
    expect(bench.logged).toEqual([]);
    bench.clock.advanceTo(1000);
    bench.user.resume(1000, 1000);
    bench.clock.advanceTo(1100);
    expect(bench.logged.length).toBe(1);
    expect(bench.books().sum("checks_passed")).toBe(1);
  });

  it("may be paused again and again", () => {
    const bench = UserBench.playing({ scenario: { steps: [every(100, marked())] }, stopMs: 1000 });
    pauseBetween(bench, 110, 350);
    pauseBetween(bench, 410, 850);
    bench.clock.advanceTo(990);
    expect(sentAtMs(bench)).toEqual([0, 100, 400, 900]);
  });
});

describe("a client in a pause", () => {
  it("that has not started starts later by its length", () => {
    const bench = new UserBench({ startMs: 500 });
    pauseBetween(bench, 200, 1000);
    bench.clock.advanceTo(1299);
    expect(bench.sessions.length).toBe(0);
    bench.clock.advanceTo(1300);
    bench.session.accepts();
    expect(bench.books().trend("connect_total").maxValue).toBe(0);
  });

  it.each([
    ["never starts where the plan ends in it", 900, 2000],
    ["never starts where no time is left", 300, 900],
  ])("%s", (_, pausedMs, resumedMs) => {
    const bench = new UserBench({ startMs: 950, stopMs: 1000 });
    pauseBetween(bench, pausedMs, resumedMs);
    bench.clock.advanceTo(3000);
    expect([bench.user.state, bench.done, bench.sessions.length]).toEqual(["done", 1, 0]);
    expect(bench.books().sum("clients_started")).toBe(0);
  });

  it("leaves when the plan says so", () => {
    const bench = UserBench.playing({ stopMs: 1000 });
    bench.clock.advanceTo(100);
    bench.user.pause(100);
    bench.clock.advanceTo(1000);
    expect(bench.session.isEnded).toBe(true);
    expect(bench.books().sum("disconnects{reason:ClosedByClient}")).toBe(1);
  });

  it("leaves at once where it is told to, without what the pause left out", () => {
    const bench = UserBench.playing();
    bench.clock.advanceTo(100);
    bench.user.pause(100);
    bench.clock.advanceTo(500);
    bench.user.leave(500, 500);
    expect(sentAtMs(bench)).toEqual([0, 100]);
  });

  it("that would come back does so afterwards", () => {
    const reconnect = {
      reasons: ["ClosedByServer" as const],
      maxReconnects: 1,
      firstMs: 100,
      factor: 1,
      maxMs: 100,
      jitterShare: 0,
    };
    const bench = UserBench.playing({ scenario: { reconnect } });
    bench.clock.advanceTo(200);
    bench.session.ends();
    bench.session.released();
    pauseBetween(bench, 250, 900);
    expect(bench.sessions.length).toBe(1);
    bench.clock.advanceTo(950);
    expect(bench.sessions.length).toBe(2);
  });
});
