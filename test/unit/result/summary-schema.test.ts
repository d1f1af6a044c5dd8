import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Summary } from "../../../src/result/summary.js";
import { SUMMARY_SCHEMA } from "../../../src/result/summary-schema.js";
import { summaryOf } from "./sample-run.js";

// Through JSON, as a reader of summary.json gets it.
const plain = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value));
const schema = z.fromJSONSchema(plain(SUMMARY_SCHEMA));
const isValid = (summary: unknown): boolean => schema.safeParse(plain(summary)).success;

const FULL: Summary = {
  ...summaryOf({}, {}, { thresholds: [{ metric: "ping", expression: "p(95)<1" }] }),
  diagnosis: [{ code: "no-echo", severity: "info", message: "m", evidence: "e" }],
};

describe("SUMMARY_SCHEMA", () => {
  it("takes a summary as it is built, of a run with nothing in it too", () => {
    expect(schema.safeParse(plain(FULL)).error).toBeUndefined();
    expect(isValid(summaryOf({ end: "interrupted" }, { "pipeline_sent{pipeline:0}": 0 }))).toBe(true);
  });

  it.each<[string, (summary: Summary) => unknown]>([
    ["another version", (summary) => ({ ...summary, schema: "utp-load/summary@2" })],
    ["a missing part", ({ verdict: _, ...rest }) => rest],
    ["an unknown part", (summary) => ({ ...summary, extra: 1 })],
    ["a negative count", (summary) => ({ ...summary, clients: { ...summary.clients, failed: -1 } })],
    ["an unknown verdict", (summary) => ({ ...summary, verdict: "maybe" })],
    ["a count that is a text", (summary) => ({ ...summary, disconnects: { ...summary.disconnects, total: "3" } })],
    [
      "a distribution without p99",
      (summary) => {
        const { p99: _, ...rtt } = summary.latencyMs.rtt;
        return { ...summary, latencyMs: { ...summary.latencyMs, rtt } };
      },
    ],
    ["a local time", (summary) => ({ ...summary, run: { ...summary.run, startedAt: "2026-11-23 01:46" } })],
  ])("refuses %s", (_what, spoil) => {
    expect(isValid(spoil(FULL))).toBe(false);
  });
});
