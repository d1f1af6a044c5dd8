// What the generators of all parts say of themselves in one second, put together: their workers, their machines, and what none of them heard.
import { describe, expect, it } from "vitest";
import { mergedIntervals, wholeSpan } from "../../../src/merge/merged-intervals.js";
import type { Interval } from "../../../src/metrics/interval.js";
import type { Silence } from "../../../src/metrics/silence.js";
import type { StoredResult } from "../../../src/result/stored-result.js";
import { intervalOf, START_MS, snapshotOf } from "../result/sample-run.js";

interface Part {
  readonly shard: number;
  readonly laterMs?: number;
  readonly intervals: readonly Interval[];
}

/** Of a part that began later, each of its seconds is as much later. */
function storedOf({ shard, laterMs = 0, intervals }: Part): StoredResult {
  const moved = intervals.map((interval) => ({
    ...interval,
    startMs: interval.startMs + laterMs,
    endMs: interval.endMs + laterMs,
  }));
  const run = {
    id: "load",
    instance: `of shard ${shard}`,
    startedAt: new Date(START_MS + laterMs).toISOString(),
    plan: { shard: { index: shard, count: 2 }, workers: 2 },
  };
  return {
    run,
    ended: { end: "completed", why: undefined },
    lastSecondMs: moved.at(-1)!.endMs,
    *intervals() {
      yield* moved;
    },
  } as unknown as StoredResult;
}

function merged(...parts: Part[]): Interval[] {
  const results = parts.map(storedOf);
  const ended = { end: "completed", why: undefined } as const;
  return [...mergedIntervals(results, { ...wholeSpan(results), warmupMs: 0, ended, outcomes: [] })];
}

const silent = (silence: Silence | undefined): Interval =>
  intervalOf(0, { ...snapshotOf({ messages_sent: 1 }), ...(silence !== undefined && { silence }) });
const busy = (index: number, workerMs: readonly number[], machinePercent: number, backlogBytes: number): Interval => ({
  ...intervalOf(index, { ...snapshotOf({}), gauges: { socket_backlog_bytes: backlogBytes } }),
  cpu: { workerMs, machinePercent },
});

describe("mergedIntervals()", () => {
  it.each<[string, Silence, Silence | undefined, Silence]>([
    ["is what both have", { fromMs: 100, toMs: 900 }, { fromMs: 100, toMs: 500 }, { fromMs: 300, toMs: 700 }],
    ["is empty where one heard", { fromMs: 100, toMs: 300 }, { fromMs: 400, toMs: 500 }, { fromMs: 600, toMs: 600 }],
    ["is the one's where the other had no client", { fromMs: 1, toMs: 2 }, undefined, { fromMs: 1, toMs: 2 }],
  ])("has a silence on the clock of the whole that %s", (_what, ofFirst, ofLater, common) => {
    const first = { shard: 0, intervals: [silent(ofFirst)] };
    const later = { shard: 1, laterMs: 200, intervals: [silent(ofLater)] };
    for (const parts of [
      [first, later],
      [later, first],
    ]) {
      expect(merged(...parts)[0]?.total.silence).toEqual(common);
    }
  });

  it("takes the longest silence of a part that tells of two seconds in one", () => {
    const short = { ...silent({ fromMs: 10, toMs: 20 }), endMs: START_MS + 400 };
    const long = { ...silent({ fromMs: 400, toMs: 800 }), startMs: START_MS + 400 };
    expect(merged({ shard: 0, intervals: [short, long] })[0]?.total.silence).toEqual({ fromMs: 400, toMs: 800 });
  });

  it("keeps the workers of all parts apart, in the order of shards, and has the busiest machine and the largest backlog", () => {
    const first = { shard: 0, intervals: [busy(0, [1.5, 2], 30, 7), busy(1, [3, 4], 20, 0)] };
    const second = { shard: 1, intervals: [busy(0, [10, 20.001], 10, 900)] };
    for (const parts of [
      [first, second],
      [second, first],
    ]) {
      const intervals = merged(...parts);
      expect(intervals.map(({ cpu }) => cpu)).toEqual([
        { workerMs: [1.5, 2, 10, 20.001], machinePercent: 30 },
        { workerMs: [3, 4, 0, 0], machinePercent: 20 },
      ]);
      expect(intervals.map(({ total }) => total.gauges.socket_backlog_bytes)).toEqual([900, 0]);
    }
  });
});
