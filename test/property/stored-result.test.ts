// A result folder holds all of its summary: whatever was measured and however the run ended, the folder alone gives it back.
import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { seriesPointOf } from "../../src/analysis/observations.js";
import { rebuiltSummary } from "../../src/analysis/summarize.js";
import { bookImbalances } from "../../src/result/books.js";
import { RESULT_FILES } from "../../src/result/results-folder.js";
import { readStoredResult } from "../../src/result/stored-result.js";
import { temporaryFolder } from "../support/cli.js";
import { propertyParameters } from "../support/property.js";
import { type SimulatedLoad, simulateRun } from "../support/simulated-run.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const LOAD: fc.Arbitrary<SimulatedLoad> = fc.record({
  seed: fc.nat(1000),
  clients: fc.integer({ min: 0, max: 12 }),
  seconds: fc.integer({ min: 1, max: 8 }),
  profile: fc.record({
    warmupMs: fc.constantFrom(0, 0, 1500, 3000),
    thresholds: fc.constant([
      { metric: "rtt", expression: "p(95)<80" },
      { metric: "rtt{scenario:fighters}", expression: "avg<60" },
      { metric: "messages_received", expression: "rate>1" },
      { metric: "clients_connected", expression: "value>0" },
    ]),
  }),
});
const END = fc.constantFrom("completed", "interrupted", "aborted", "generatorLost" as const);

/** As a file holds it: without what is undefined. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("a result", () => {
  it("of a run that came to an end gives back the summary that the run wrote, field by field", () => {
    fc.assert(
      fc.property(LOAD, END, (load, end) => {
        const path = join(folder.path, "whole");
        const written = simulateRun(path, load, { shard: null, end });
        rmSync(join(path, RESULT_FILES.summary));
        const stored = readStoredResult(path);
        expect([stored.summary, stored.notes, stored.ended.end]).toEqual([undefined, [], end]);
        expect(asJson(rebuiltSummary(stored))).toEqual(asJson(written.summary));
        expect([...stored.intervals()].map(seriesPointOf)).toEqual(written.observations.series);
        expect(asJson(stored.outcomes())).toEqual(asJson(written.observations.outcomes));
      }),
      propertyParameters("whole results", 12),
    );
  });

  it("of a run that was killed gives back all figures up to its last second, marked as partial, with books that balance", () => {
    fc.assert(
      fc.property(LOAD, fc.nat(7), (load, killedAfter) => {
        const path = join(folder.path, "killed");
        const lastSecond = Math.min(killedAfter, load.seconds - 1);
        const { summary: upToThen } = simulateRun(path, load, { shard: null, killedAfter: lastSecond });
        const rebuilt = rebuiltSummary(readStoredResult(path));
        expect([rebuilt.partial, bookImbalances(rebuilt)]).toEqual([true, []]);
        const figures = ["messages", "latencyMs", "disconnects", "connect", "thresholds"] as const;
        for (const figure of figures) expect(asJson(rebuilt[figure])).toEqual(asJson(upToThen[figure]));
        expect(rebuilt.clients).toMatchObject({ planned: load.clients, peakConnected: upToThen.clients.peakConnected });
      }),
      propertyParameters("killed results", 12),
    );
  });
});
