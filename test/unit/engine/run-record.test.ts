// The books of a run on the main thread: seconds add up, warm-up is left out, lost workers are accounted for.
import { describe, expect, it } from "vitest";
import { RunRecord } from "../../../src/engine/run-record.js";
import { Recorder } from "../../../src/metrics/recorder.js";
import type { Snapshot } from "../../../src/metrics/snapshot.js";
import type { Profile } from "../../../src/profile/profile.js";
import { makePlan } from "../../../src/workload/plan.js";

const STAGES = [
  { durationMs: 1000, target: 4 },
  { durationMs: 3000, target: 4 },
];

function record(profile: Partial<Profile>, workers = 2): RunRecord {
  return new RunRecord(
    { stages: STAGES, ratePerSecond: 10, warmupMs: 0, ...profile } as Profile,
    makePlan(STAGES),
    workers,
    1000,
  );
}

function snapshot(sums: Record<string, number>, sendLagMs: readonly number[] = []): Snapshot {
  const recorder = new Recorder();
  for (const [name, value] of Object.entries(sums)) recorder.count(name, value);
  for (const lagMs of sendLagMs) recorder.trend("send_lag", lagMs);
  return recorder.take({ clients_connected: 2, clients_connected_peak: 2 });
}

describe("RunRecord", () => {
  it("adds workers to a second and seconds to a run", () => {
    const books = record({});
    const part = snapshot({ messages_sent: 5 }, [1]);
    for (const nowMs of [2000, 3000]) {
      const interval = books.add(
        [0, 1].map((index) => ({ index, snapshot: part })),
        nowMs,
        false,
      );
      expect([interval.total.sum("messages_sent"), interval.total.gauges.clients_connected]).toEqual([10, 4]);
    }
    const { whole, measured, peakConnected, measuredSeconds } = books.figures();
    expect([whole.sum("messages_sent"), whole.trend("send_lag").totalCount]).toEqual([20, 4]);
    expect(measured).toBe(whole);
    expect([whole.sum("clients_planned"), peakConnected, measuredSeconds]).toEqual([4, 4, 2]);
  });

  it("keeps the warm-up out of what is measured, and in the whole", () => {
    const books = record({ warmupMs: 1000 });
    for (const nowMs of [2000, 3000, 4000])
      books.add([{ index: 0, snapshot: snapshot({ messages_sent: 1 }) }], nowMs, false);
    const { whole, measured, measuredSeconds } = books.figures();
    expect([whole.sum("messages_sent"), measured.sum("messages_sent"), measuredSeconds]).toEqual([3, 2, 2]);
  });

  it("names the phase of each second", () => {
    const books = record({});
    const phases = [1500, 2000, 2500, 5000, 5001].map((nowMs) => books.add([], nowMs, false).phase);
    expect(phases).toEqual(["ramp", "ramp", "hold", "hold", "stopping"]);
    expect(books.add([], 6000, true).phase).toBe("stopping");
  });

  it.each([
    ["a quarter of the send interval", 10, 24, 0],
    ["a quarter of the send interval", 10, 26, 3],
    ["10 ms where the interval is short", 100, 9, 0],
    ["10 ms where the interval is short", 100, 11, 3],
  ])("counts seconds over %s (rate %d, lag %d ms)", (_, ratePerSecond, lagMs, seconds) => {
    const books = record({ ratePerSecond });
    for (const nowMs of [2000, 3000, 4000]) {
      books.add([{ index: 0, snapshot: snapshot({}, [lagMs]) }], nowMs, false);
    }
    expect(books.figures().laggingSeconds).toBe(seconds);
  });

  it.each([
    [0, 10],
    [0.1, 2500],
    [10, 25],
    [20, 12.5],
    [60, 10],
  ])("lets %d messages a second be %d ms late", (ratePerSecond, lagLimitMs) => {
    expect(record({ ratePerSecond }).figures().lagLimitMs).toBe(lagLimitMs);
  });

  it("takes the fastest schedule of any scenario for the limit", () => {
    const payload = { kind: "marked", sizeBytes: 16 } as const;
    const every = (intervalMs: number) => ({ do: "every", intervalMs, pipelineId: 0, payload }) as const;
    const steps = [every(1000), { do: "repeat", times: 2, steps: [every(80)] }] as const;
    const scenario = { weight: 1, tags: {}, connectPayload: undefined, decode: [], feeders: [], reconnect: undefined };
    const scenarios = [
      { name: "slow", steps: [every(500)], ...scenario },
      { name: "quick", steps, ...scenario },
    ];
    expect(record({ scenarios }).figures().lagLimitMs).toBe(20);
  });

  it("counts lagging seconds on end, not in all", () => {
    const books = record({});
    for (const [nowMs, lagMs] of [
      [2000, 50],
      [3000, 1],
      [4000, 50],
      [5000, 50],
    ] as const) {
      books.add([{ index: 0, snapshot: snapshot({}, [lagMs]) }], nowMs, false);
    }
    expect(books.figures().laggingSeconds).toBe(2);
  });

  it("keeps gauges as they were before everybody left", () => {
    const books = record({});
    books.add([{ index: 0, snapshot: snapshot({}) }], 2000, false);
    books.add([{ index: 0, snapshot: { sums: {}, gauges: { clients_connected: 0 }, trends: {} } }], 3000, true);
    expect(books.figures().measured.gauges.clients_connected).toBe(2);
  });

  it("balances the books of a lost worker, with what still came in after the loss", () => {
    const books = record({});
    books.add(
      [{ index: 1, snapshot: snapshot({ clients_started: 3, clients_connected_ever: 1, connect_established: 1 }) }],
      2000,
      false,
    );
    const last = [{ index: 1, snapshot: snapshot({ clients_failed: 1, disconnects: 0 }) }];
    const ended = { end: "generatorLost", why: "worker 1 was lost" } as const;
    const interval = books.addLast(last, 3000, true, ended, [1]);
    const { whole } = books.figures();
    expect([interval.total.sum("clients_cancelled"), interval.ended]).toEqual([1, ended]);
    expect(whole.sum("clients_cancelled")).toBe(1);
    expect(whole.sum("clients_alive_at_end")).toBe(1);
    expect(whole.sum("clients_started")).toBe(
      whole.sum("clients_connected_ever") + whole.sum("clients_failed") + whole.sum("clients_cancelled"),
    );
  });
});
