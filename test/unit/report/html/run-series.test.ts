import { describe, expect, it } from "vitest";
import type { Interval } from "../../../../src/metrics/interval.js";
import { plannedClients } from "../../../../src/report/html/planned-clients.js";
import { RunSeries } from "../../../../src/report/html/run-series.js";
import { stallBands, stallsOf } from "../../../../src/report/html/stalls.js";
import { sampleOf } from "../../../../src/result/sample.js";
import { intervalOf, snapshotOf } from "../../result/sample-run.js";
import { sourceOf } from "./sample-report.js";

const NONE = Number.NaN;

function seriesOf(intervals: readonly Partial<Interval>[]): RunSeries {
  return new RunSeries(
    intervals.map((changes, index) => sampleOf({ ...intervalOf(index, snapshotOf({})), ...changes }, 0)),
  );
}

const silent = (count: number): Partial<Interval> => ({
  total: intervalOf(0, snapshotOf({ "disconnects{reason:Silence}": count, wire_bytes_sent: 4096 })).total,
});

describe("RunSeries", () => {
  it("has a column for each figure: gaps where nothing was measured, 0 where a reason was not met", () => {
    const series = seriesOf([{}, silent(3), {}]);
    expect(series.seconds).toEqual([1, 2, 3]);
    expect(series.column("rttP99Ms")).toEqual([NONE, NONE, NONE]);
    expect(series.column("disconnects{reason:Silence}")).toEqual([0, 3, 0]);
    expect(series.reasons("disconnects")).toEqual(["Silence"]);
    expect(series.reasons("connect_failures")).toEqual([]);
    expect(series.column("wireBytesSentPerSecond")).toEqual([0, 4096, 0]);
    expect(series.column("cpuPercent")).toEqual([42, 42, 42]);
  });

  it("makes no rate of the last few milliseconds, but keeps what happened in them", () => {
    const cut = { ...silent(5), startMs: 0, endMs: 20, elapsedMs: 1020 };
    const series = seriesOf([{}, cut]);
    expect(series.column("cpuPercent")).toEqual([42, NONE]);
    expect(series.column("wireBytesSentPerSecond")).toEqual([0, NONE]);
    expect(series.column("disconnects{reason:Silence}")).toEqual([0, 5]);
  });

  it("shades warm-up, ramps and the end, a ramp within the warm-up as warm-up", () => {
    const phases = ["ramp", "ramp", "ramp", "hold", "ramp", "hold", "stopping"] as const;
    const series = seriesOf(phases.map((phase, index) => ({ phase, isWarmup: index < 2 })));
    expect(series.bands).toEqual([
      { kind: "warmup", from: 0, to: 2 },
      { kind: "ramp", from: 2, to: 3 },
      { kind: "ramp", from: 4, to: 5 },
      { kind: "stopping", from: 6, to: 7 },
    ]);
  });
});

describe("stalls", () => {
  const waits = (...longestMs: number[]): RunSeries =>
    seriesOf(
      longestMs.map((valueMs) => ({ total: intervalOf(0, snapshotOf({}, { server_interval: [valueMs] })).total })),
    );

  it.each<[string, RunSeries, number | null, number[]]>([
    ["none where the server is steady", waits(50, 51, 249), 50, []],
    ["a wait over the least that counts", waits(20, 260, 20), 20, [2]],
    ["not what is usual for a slow server", waits(400, 900, 2100), 400, [3]],
    ["none where nothing was measured", waits(9000), null, []],
  ])("%s", (_what, series, usualMs, expected) => {
    expect(stallsOf(series, usualMs).map(({ atSecond }) => atSecond)).toEqual(expected);
  });

  it("are shaded from when the wait began; those that touch are one", () => {
    const stalls = [
      { atSecond: 5, longestMs: 300 },
      { atSecond: 6, longestMs: 1500 },
      { atSecond: 20, longestMs: 400 },
    ];
    expect(stallBands(stalls)).toEqual([
      { kind: "stall", from: 4, to: 6 },
      { kind: "stall", from: 19, to: 20 },
    ]);
  });
});

describe("plannedClients()", () => {
  const stages = [
    { durationMs: 10_000, target: 100 },
    { durationMs: 10_000, target: 100 },
    { durationMs: 0, target: 20 },
    { durationMs: 10_000, target: 0 },
  ];

  it("follows the stages, and has nobody after them", () => {
    const { run } = sourceOf([], [], { stages });
    expect(plannedClients(run, [0, 5, 10, 15, 20, 25, 30, 31])).toEqual([0, 50, 100, 100, 100, 10, 0, 0]);
  });

  it("is not known for a shard, whose part of the plan has another course", () => {
    const { run } = sourceOf([]);
    expect(plannedClients({ ...run, plan: { ...run.plan, shard: { index: 1, count: 4 } } }, [1])).toBeUndefined();
  });
});
