// Merging is exact and associative: shards of a load are the one run of all, in whatever order they are put together.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { mergeResults } from "../../src/merge/merge-results.js";
import { RESULT_FILES } from "../../src/result/results-folder.js";
import type { Summary } from "../../src/result/summary.js";
import { temporaryFolder } from "../support/cli.js";
import { propertyParameters } from "../support/property.js";
import { type SimulatedPart, simulateRun } from "../support/simulated-run.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const at = (name: string): string => join(folder.path, name);
const merge = (parts: readonly string[], out: string): Summary =>
  mergeResults(parts.map(at), at(out), (problem) => {
    throw new Error(problem);
  }).summary;

/** Everything in a folder that is measured; keys of an object, and histograms of one second, have no order. */
function contentOf(result: string): unknown[] {
  const textOf = (name: string): string => readFileSync(join(at(result), name), "utf8");
  const linesOf = (name: string): string[] => textOf(name).split("\n").filter(Boolean);
  const objectsIn = (name: string): unknown[] => linesOf(name).map((line) => JSON.parse(line));
  const { samples, histograms, clients, summary } = RESULT_FILES;
  return [objectsIn(samples), linesOf(histograms).sort(), objectsIn(clients), JSON.parse(textOf(summary))];
}

const PARTS = 3;
const PART = fc.record({
  laterMs: fc.nat(2500),
  end: fc.constantFrom("completed", "completed", "interrupted", "generatorLost" as const),
  killedAfter: fc.option(fc.nat(5), { nil: undefined, freq: 8 }),
});
const LOAD = fc.record({
  seed: fc.nat(1000),
  clients: fc.integer({ min: 0, max: 9 }),
  seconds: fc.integer({ min: 1, max: 6 }),
  profile: fc.record({ warmupMs: fc.constantFrom(0, 1500) }),
});

function partOf(
  index: number,
  given: Omit<SimulatedPart, "shard" | "killedAfter"> & { killedAfter: number | undefined },
) {
  const { killedAfter, ...part } = given;
  return { ...part, shard: { index, count: PARTS }, ...(killedAfter !== undefined && { killedAfter }) };
}

describe("merge", () => {
  it("gives the same whichever parts are merged first", () => {
    fc.assert(
      fc.property(LOAD, fc.tuple(PART, PART, PART), (load, parts) => {
        for (const [index, part] of parts.entries()) simulateRun(at(`part-${index}`), load, partOf(index, part));
        const all = merge(["part-0", "part-1", "part-2"], "all");
        merge(["part-0", "part-1"], "left");
        merge(["left", "part-2"], "left-first");
        merge(["part-2", "part-1"], "right");
        const rightFirst = merge(["right", "part-0"], "right-first");
        expect(rightFirst).toEqual(all);
        expect(contentOf("left-first")).toEqual(contentOf("all"));
        expect(contentOf("right-first")).toEqual(contentOf("all"));
      }),
      propertyParameters("merged parts", 6),
    );
  });

  it("of four shards equals the one run of all, count for count and percentile for percentile", () => {
    const load = { seed: 5, clients: 60, seconds: 12, profile: { warmupMs: 2000, thresholds: THRESHOLDS } };
    const { summary: one } = simulateRun(at("one"), load);
    const shards = [0, 1, 2, 3].map((index) => {
      simulateRun(at(`shard-${index}`), load, { shard: { index, count: 4 } });
      return `shard-${index}`;
    });
    const merged = merge(shards, "four");
    const { peakConnected: _, ...clients } = merged.clients;
    expect(one.clients).toMatchObject(clients);
    expect(merged.connect.latencyMs).toEqual(one.connect.latencyMs);
    for (const trend of ["rtt", "sendLag", "sessionDuration"] as const) {
      expect(one.latencyMs[trend].count).toBeGreaterThan(9);
      expect(merged.latencyMs[trend]).toEqual(one.latencyMs[trend]);
    }
    expect(merged.messages).toEqual(one.messages);
    expect(merged.disconnects).toEqual(one.disconnects);
    expect(merged.thresholds.map(({ value }) => value)).toEqual(one.thresholds.map(({ value }) => value));
    expect([merged.partial, merged.run.shard]).toEqual([false, null]);
  });
});

const THRESHOLDS = [
  { metric: "rtt", expression: "p(95)<80" },
  { metric: "rtt{scenario:fighters}", expression: "med<60" },
  { metric: "disconnects{reason:Silence}", expression: "count==0" },
];
