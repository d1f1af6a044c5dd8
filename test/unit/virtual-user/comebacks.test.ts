// When a player comes back: by reason, how often, after which wait, and what the books say of it.
import { describe, expect, it } from "vitest";
import type { ReconnectPolicy } from "../../../src/profile/scenario.js";
import { Comebacks } from "../../../src/virtual-user/comebacks.js";
import { UserBench } from "./user-bench.js";

const POLICY: ReconnectPolicy = {
  reasons: ["ClosedByServer", "WebSocketClose", "ConnectionRefused"],
  maxReconnects: 3,
  firstMs: 100,
  factor: 2,
  maxMs: 300,
  jitterShare: 0,
};

describe("Comebacks", () => {
  it("waits longer each time, up to the most, and not for ever", () => {
    const comebacks = new Comebacks(POLICY, 1, 0);
    const waits = [0, 1, 2, 3].map(() => comebacks.takeDelayMs("ClosedByServer"));
    expect(waits).toEqual([100, 200, 300, undefined]);
  });

  it("knows a reason without its number, and no other reason", () => {
    const comebacks = new Comebacks(POLICY, 1, 0);
    expect(comebacks.takeDelayMs("Silence")).toBeUndefined();
    expect(comebacks.takeDelayMs("WebSocketClose:1011")).toBe(100);
  });

  it("spreads waits by the jitter's share, the same ones for the same seed and client", () => {
    const policy = { ...POLICY, maxReconnects: 500, factor: 1, jitterShare: 0.2 };
    const waitsOf = (seed: number, client: number): number[] => {
      const comebacks = new Comebacks(policy, seed, client);
      return Array.from({ length: 500 }, () => comebacks.takeDelayMs("ClosedByServer")!);
    };
    const waits = waitsOf(1, 0);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(80);
    expect(Math.min(...waits)).toBeLessThan(82);
    expect(Math.max(...waits)).toBeLessThanOrEqual(120);
    expect(Math.max(...waits)).toBeGreaterThan(118);
    expect(waitsOf(1, 0)).toEqual(waits);
    expect(waitsOf(1, 1)).not.toEqual(waits);
    expect(waitsOf(2, 0)).not.toEqual(waits);
  });

  it.each([
    { firstMs: 0, factor: 1e300 },
    { firstMs: 1, factor: 1e300 },
  ])("stays within bounds with %o", (extreme) => {
    const comebacks = new Comebacks({ ...POLICY, ...extreme }, 1, 0);
    for (let k = 0; k < 3; k++) {
      const delayMs = comebacks.takeDelayMs("ClosedByServer")!;
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(300);
    }
  });
});

describe("VirtualUser with a reconnect policy", () => {
  const scenario = { reconnect: POLICY };

  it("is one client with several connections; connect_total counts from the planned moment", () => {
    const bench = UserBench.playing({ scenario });
    bench.clock.advanceTo(1000);
    bench.session.ends();
    bench.session.released();
    expect(bench.user.state).toBe("away");
    bench.clock.advanceTo(1099);
    expect(bench.sessions.length).toBe(1);
    bench.clock.blockFor(20);
    bench.clock.advanceTo(1130);
    expect(bench.sessions.length).toBe(2);
    bench.session.accepts();
    const total = bench.books();
    expect(total.sum("clients_started")).toBe(1);
    expect(total.sum("clients_connected_ever")).toBe(1);
    expect(total.sum("connect_attempts")).toBe(2);
    expect(total.sum("connect_established")).toBe(2);
    expect(total.sum("reconnects")).toBe(1);
    expect(total.trend("connect_total").maxValue / 1000).toBeCloseTo(30, 1);
  });

  it("takes a retried attempt for no failed client, but for a failed attempt", () => {
    const bench = new UserBench({ scenario });
    bench.session.destroy("ConnectionRefused");
    bench.clock.advanceTo(100);
    bench.session.accepts();
    const total = bench.books();
    expect(total.sum("connect_failures{reason:ConnectionRefused}")).toBe(1);
    expect(total.sum("clients_failed")).toBe(0);
    expect(total.sum("clients_connected_ever")).toBe(1);
    expect(bench.failed).toBe(1);
    expect(bench.user.outcome).toMatchObject({ startedMs: 0, upgradeMs: 103, acceptMs: 100 });
  });

  it("has failed once its last attempt has", () => {
    const bench = new UserBench({ scenario });
    for (let attempt = 0; attempt < 4; attempt++) {
      bench.session.destroy("ConnectionRefused");
      bench.clock.advanceBy(300);
    }
    const total = bench.books();
    expect(bench.sessions.length).toBe(4);
    expect([total.sum("connect_failed_attempts"), total.sum("clients_failed")]).toEqual([4, 1]);
    expect([bench.user.state, bench.done]).toEqual(["done", 1]);
  });

  it.each([
    { when: "everybody leaves", act: (bench: UserBench) => bench.user.leave(50, 50) },
    { when: "it is cut", act: (bench: UserBench) => bench.user.cut() },
  ])("has failed if it was away, and never connected, when $when", ({ act }) => {
    const bench = new UserBench({ scenario });
    bench.session.destroy("ConnectionRefused");
    expect(bench.user.state).toBe("away");
    act(bench);
    const total = bench.books();
    expect([bench.user.state, bench.done]).toEqual(["done", 1]);
    expect(["started", "failed", "cancelled"].map((what) => total.sum(`clients_${what}`))).toEqual([1, 1, 0]);
  });

  it("is cancelled if its stop comes while it tries again, failed only if it never tries again", () => {
    const bench = new UserBench({ stopMs: 1000, scenario });
    bench.session.destroy("ConnectionRefused");
    bench.clock.advanceTo(1000);
    const total = bench.books();
    expect([total.sum("clients_failed"), total.sum("clients_cancelled")]).toEqual([0, 1]);
    expect([bench.sessions.length, bench.done]).toEqual([2, 1]);
  });

  it("does not come back after its own leaving, nor later than its stop", () => {
    const leaving = UserBench.playing({
      stopMs: 1000,
      scenario: { reconnect: { ...POLICY, reasons: ["ClosedByClient"] } },
    });
    leaving.clock.advanceTo(3000);
    leaving.session.released();
    expect([leaving.sessions.length, leaving.user.state]).toEqual([1, "done"]);
    const late = UserBench.playing({ stopMs: 1000, scenario });
    late.clock.advanceTo(950);
    late.session.ends();
    late.session.released();
    expect(late.user.state).toBe("done");
  });

  it("does not wait for the old socket, but is not done before it is gone", () => {
    const bench = UserBench.playing({ stopMs: 1000, scenario });
    const [first] = bench.sessions;
    first!.ends();
    bench.clock.advanceTo(100);
    bench.session.accepts();
    bench.clock.advanceTo(1000);
    bench.session.released();
    expect([bench.sessions.length, bench.done]).toEqual([2, 0]);
    first!.released();
    expect(bench.done).toBe(1);
  });

  it("cuts sockets that linger from before", () => {
    const bench = UserBench.playing({ scenario });
    const [first] = bench.sessions;
    first!.ends();
    bench.clock.advanceTo(100);
    bench.session.accepts();
    let destroyed = 0;
    first!.destroy = () => destroyed++;
    bench.user.cut();
    const total = bench.books();
    expect([destroyed, bench.done, total.sum("clients_alive_at_end")]).toEqual([1, 1, 1]);
    expect(total.sum("connect_established")).toBe(total.sum("disconnects") + total.sum("clients_alive_at_end"));
  });

  it("starts its schedule and its marks anew, and adds up what it sent", () => {
    const bench = UserBench.playing({ scenario: { ...scenario, steps: everyMarked(100) } });
    bench.clock.advanceTo(250);
    bench.session.ends();
    bench.clock.advanceTo(1000);
    bench.session.accepts();
    bench.clock.advanceTo(1150);
    const [first, second] = bench.sessions;
    expect(first!.sent.map(({ atMs }) => Math.round(atMs))).toEqual([0, 100, 200]);
    expect(second!.sent.map(({ atMs }) => Math.round(atMs))).toEqual([1000, 1100]);
    expect(bench.user.outcome?.sent).toBe(5);
  });
});

function everyMarked(intervalMs: number) {
  return [{ do: "every", intervalMs, pipelineId: 0, payload: { kind: "marked", sizeBytes: 16 } }] as const;
}
