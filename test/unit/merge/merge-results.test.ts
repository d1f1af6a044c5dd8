// Which results are parts of one load, what the whole says of a part that is missing, and that it is a result like any other.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { mergeResults } from "../../../src/merge/merge-results.js";
import { exitCode, exitFactsOf } from "../../../src/result/exit-code.js";
import { readStoredResult } from "../../../src/result/stored-result.js";
import { temporaryFolder } from "../../support/cli.js";
import { type SimulatedLoad, type SimulatedPart, simulateRun } from "../../support/simulated-run.js";

const LOAD: SimulatedLoad = { seed: 4, clients: 12, seconds: 5 };

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const at = (name: string): string => join(folder.path, name);
const shard = (name: string, index: number, part: Partial<SimulatedPart> = {}, load = LOAD): string => {
  simulateRun(at(name), load, { shard: { index, count: 3 }, ...part });
  return name;
};
function merge(...names: string[]) {
  const told: string[] = [];
  const merged = mergeResults(names.map(at), at("whole"), (problem) => told.push(problem));
  return { ...merged, told, stored: readStoredResult(at("whole")) };
}

describe("mergeResults()", () => {
  it("gives a result like any other, its seconds on the wall clock without a gap", () => {
    const { summary, stored, ended } = merge(shard("a", 0), shard("b", 1, { laterMs: 700 }), shard("c", 2));
    expect([ended.end, summary.partial, summary.verdict, summary.clients.planned]).toEqual([
      "completed",
      false,
      "pass",
      12,
    ]);
    expect(stored.summary).toEqual(JSON.parse(JSON.stringify(summary)));
    expect([stored.notes, stored.run.parts?.length, stored.run.plan.workers]).toEqual([[], 3, 6]);
    const intervals = [...stored.intervals()];
    for (const [index, { startMs, endMs }] of intervals.slice(1).entries()) {
      expect([startMs, startMs % 1000]).toEqual([intervals[index]!.endMs, 0]);
      expect(endMs - startMs).toBeLessThanOrEqual(1000);
    }
    expect(summary.run.durationMs).toBe(intervals.at(-1)!.endMs - intervals[0]!.startMs);
  });

  it("names a shard that is missing, and calls the whole invalid until it is there", () => {
    const { summary, ended } = merge(shard("a", 0), shard("c", 2));
    expect(ended).toEqual({ end: "generatorLost", why: "missing: shard 1/3" });
    expect([summary.verdict, exitCode(exitFactsOf(summary, ended.end))]).toEqual(["invalid", 111]);
    expect(summary.generator.why.join()).toContain("missing: shard 1/3");
    cpSync(at("whole"), at("two"), { recursive: true });
    expect(merge("two", shard("b", 1)).summary.verdict).toBe("pass");
  });

  it("is invalid with a shard that was killed, whose clients it accounts for", () => {
    const { summary, ended } = merge(shard("a", 0), shard("b", 1, { killedAfter: 2 }), shard("c", 2));
    expect(ended.why).toMatch(/^shard 1\/3: no end was written/);
    expect(summary.verdict).toBe("invalid");
    const { started, connected, failed, cancelled } = summary.clients;
    expect(started).toBe(connected + failed + cancelled);
    expect(summary.diagnosis.map(({ code }) => code)).not.toContain("books-do-not-balance");
  });

  it("has what became of clients on the clock of the whole, and their round trips as they were", () => {
    const { stored } = merge(shard("a", 0), shard("b", 1, { laterMs: 700 }), shard("c", 2));
    const known = new Map(stored.outcomes().map((outcome) => [outcome.number, outcome]));
    const parts = readStoredResult(at("b")).outcomes();
    expect(parts.some(({ rtt }) => rtt !== undefined)).toBe(true);
    for (const { number, startedMs, rtt } of parts) {
      const { startedMs: movedMs, rtt: moved } = known.get(number)!;
      expect(movedMs).toBeCloseTo(startedMs + 700, 6);
      expect(moved).toEqual(rtt && { ...rtt, lastAnswerMs: rtt.lastAnswerMs + 700 });
    }
  });

  it("merges whole loads of generators that knew nothing of each other", () => {
    for (const [name, laterMs] of [
      ["a", 0],
      ["b", 40],
    ] as const)
      simulateRun(at(name), LOAD, { shard: null, laterMs });
    const { summary, stored } = merge("a", "b");
    expect([summary.verdict, summary.clients.planned]).toEqual(["pass", 24]);
    expect(stored.outcomes()).toHaveLength(summary.clients.started);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      "the same folder twice",
      () => [shard("a", 0), "a"],
      /each part must be given once, got shard 0\/3 in .*a and in .*a/,
    ],
    ["the same shard of two runs", () => [shard("a", 0), shard("b", 0)], /shard 0\/3 in .*a and in .*b/],
    [
      "another profile",
      () => [shard("a", 0), shard("b", 1, {}, { ...LOAD, profile: { payloadBytes: 9 } })],
      /the profile of .*b must be that of .*a, got other values of payloadBytes/,
    ],
    [
      "another seed",
      () => [shard("a", 0), shard("b", 1, {}, { ...LOAD, profile: { seed: 9 } })],
      /the seed of .*b must be/,
    ],
    [
      "shards of another count",
      () => [shard("a", 0), shard("b", 1, { shard: { index: 1, count: 4 } })],
      /all shards of 3, got shards of 4/,
    ],
    [
      "a shard and a whole load",
      () => [shard("a", 0), shard("b", 1, { shard: null })],
      /all shards of 3, got whole loads/,
    ],
    [
      "another time",
      () => [shard("a", 0), shard("b", 1, { laterMs: 500_000 })],
      /in the time of the others, got \d+ s after/,
    ],
    ["its own output", () => [shard("whole", 0), shard("b", 1)], /--out must be another folder than the results/],
  ])("refuses %s", (_what, make, message) => {
    const names = make();
    expect(() => merge(...names)).toThrow(UsageError);
    expect(() => merge(...names)).toThrow(message);
  });
});
