import { describe, expect, it } from "vitest";
import { bookImbalances } from "../../../src/result/books.js";
import { buildSummary } from "../../../src/result/build-summary.js";
import { CONTEXT, PROFILE, resultOf, SUMS, snapshotOf, summaryOf, totalOf } from "./sample-run.js";

describe("buildSummary()", () => {
  it("keeps the books of clients, connections and messages", () => {
    const summary = summaryOf();
    expect(summary.clients).toEqual({
      planned: 110,
      notStarted: 10,
      started: 100,
      connected: 90,
      failed: 7,
      cancelled: 3,
      peakConnected: 90,
      aliveAtEnd: 2,
    });
    expect(summary.connect).toMatchObject({
      attempts: 100,
      established: 90,
      failed: 7,
      failures: { UpgradeTimeout: 4, "UpgradeRejected:503": 3 },
      wouldHaveGivenUp: { native: { UpgradeTimeout: 12 }, webgl: {} },
    });
    expect(summary.disconnects).toEqual({
      total: 88,
      byReason: { ClosedByClient: 85, Silence: 3 },
      byUnityReason: { Default: 85, Timeout: 3 },
      reconnects: 0,
    });
    expect(summary.messages).toMatchObject({ planned: 9000, sent: 8995, dropped: 5, received: 8990, answered: 8980 });
    expect(summary.messages.protocolDrops).toEqual({ unknownToken: 1 });
    expect(summary.messages.perPipeline["0"]).toMatchObject({ sent: 8995, received: 8990, resent: 0 });
    expect(bookImbalances(summary)).toEqual([]);
  });

  it("tells run, times and distributions", () => {
    const summary = summaryOf();
    expect(summary.run).toMatchObject({
      id: CONTEXT.id,
      target: "ws://127.0.0.1:7777/",
      startedAt: "2026-11-23T01:46:00.000Z",
      endedAt: "2026-11-23T01:46:10.000Z",
      durationMs: 10_000,
      client: "patient",
      adjusted: false,
    });
    expect(summary.latencyMs.rtt).toMatchObject({ count: 5, min: 5 });
    expect(summary.latencyMs.ping).toMatchObject({ count: 0, p99: null });
    expect(summary.connect.latencyMs.tls.count).toBe(0);
    expect(summary).toMatchObject({ partial: false, verdict: "pass", diagnosis: [] });
  });

  it("leaves the warm-up out of messages, distributions and thresholds, not out of the books of clients", () => {
    const warmUp = snapshotOf({ ...SUMS }, { rtt: [900], connect_total: [25] });
    const later = snapshotOf({ messages_planned: 100, messages_sent: 100, messages_received: 99 }, { rtt: [5] });
    const result = { ...resultOf(), whole: totalOf(warmUp, later), measured: totalOf(later), measuredSeconds: 2 };
    const thresholds = [
      { metric: "rtt", expression: "max<10" },
      { metric: "messages_sent", expression: "rate==50" },
      { metric: "connect_total", expression: "max<1000" },
    ];
    const summary = buildSummary(result, { ...PROFILE, warmupMs: 5000, thresholds }, CONTEXT);
    expect(summary.messages.sent).toBe(100);
    expect(summary.latencyMs.rtt.count).toBe(1);
    expect(summary.connect.latencyMs.total.count).toBe(0);
    expect(summary.clients.connected).toBe(90);
    expect(summary.thresholds.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(bookImbalances(summary)).toEqual([]);
  });

  it.each([
    { end: "completed", partial: false },
    { end: "interrupted", partial: true },
    { end: "aborted", partial: true },
    { end: "generatorLost", partial: true },
  ] as const)("marks a run that was $end as partial: $partial", ({ end, partial }) => {
    expect(summaryOf({ end }).partial).toBe(partial);
  });
});

describe("the generator's own figures", () => {
  it("are all there, with the second in which the trouble began", () => {
    const cpu = { workerPercent: [71.26, 3], machinePercent: 55.55 };
    const lag = { send_lag: [1, 2, 24, 26, 90] };
    const whole = totalOf(snapshotOf({ ...SUMS, "dropped_sends{why:windowFull}": 2 }, lag));
    const changes = { whole, measured: whole, cpu, maxBacklogBytes: 4096, laggingSeconds: 1, firstTroubleMs: 7200 };
    expect(summaryOf(changes).generator).toMatchObject({
      trust: "suspect",
      troubleSinceSecond: 7,
      workerCpuPercent: [71.3, 3],
      machineCpuPercent: 55.6,
      lateSends: 2,
      droppedSends: 3,
      socketBacklogBytes: 4096,
      gcPauseMs: { count: 0 },
    });
  });

  it("name no second where they are trusted, and the first where the trouble shows in the whole only", () => {
    expect(summaryOf({ firstTroubleMs: 3000 }).generator.troubleSinceSecond).toBeNull();
    expect(summaryOf({ cpuPercent: 95 }).generator.troubleSinceSecond).toBe(0);
  });
});

describe("bookImbalances() finds", () => {
  it.each([
    ["a client too many", { clients_started: 101 }, /clients started 101, but connected \+ failed \+ cancelled 100/],
    ["a lost connection", { clients_alive_at_end: 1 }, /established 90, but disconnects by reason \+ alive .* 89/],
    ["a lost send", { messages_sent: 8994 }, /messages planned 9000, but sent \+ dropped 8999/],
    ["a reason without a name", { disconnects: 89 }, /disconnects 89, but/],
    ["a failure without a reason", { connect_failed_attempts: 8 }, /failed attempts 8, but failures by reason 7/],
  ])("%s", (_what, sums, text) => {
    const found = bookImbalances(summaryOf({}, sums));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(text);
  });
});
