import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadChart } from "../../../src/cli/load-chart.js";
import type { Stage } from "../../../src/profile/profile.js";
import { makePlan } from "../../../src/workload/plan.js";
import { propertyParameters } from "../../support/property.js";

const SECOND_MS = 1000;

const chartOf = (stages: readonly Stage[]): string[] => loadChart(makePlan(stages));

describe("loadChart()", () => {
  it("draws a rise and a hold", () => {
    const chart = chartOf([
      { durationMs: 35 * SECOND_MS, target: 100 },
      { durationMs: 35 * SECOND_MS, target: 100 },
    ]);
    const full = "#".repeat(35);
    expect(chart).toHaveLength(10);
    expect(chart[0]).toBe(`     100 |${" ".repeat(30)}#####${full}`);
    expect(chart[4]).toMatch(/^ {6}50 \| +#+$/);
    expect(chart[7]).toBe(`         |${"#".repeat(70)}`);
    expect(chart[8]).toBe(`       0 +${"-".repeat(70)}`);
    expect(chart[9]).toBe(`          0s${"1m10s".padStart(68)}`);
  });

  it("shows a spike that is shorter than a column", () => {
    const chart = chartOf([
      { durationMs: 0, target: 10 },
      { durationMs: 3600 * SECOND_MS, target: 10 },
      { durationMs: 0, target: 1000 },
      { durationMs: 100, target: 1000 },
      { durationMs: 0, target: 10 },
      { durationMs: 3600 * SECOND_MS, target: 10 },
    ]);
    expect(chart[0]).toMatch(/^ {4}1000 \| +##?$/);
    expect(chart[7]).toBe(`         |${"#".repeat(70)}`);
  });

  it("leaves out what nobody is there for", () => {
    const chart = chartOf([
      { durationMs: 10 * SECOND_MS, target: 0 },
      { durationMs: 0, target: 5 },
      { durationMs: 10 * SECOND_MS, target: 5 },
    ]);
    for (const row of chart.slice(0, 8)) expect(row.slice(9)).toBe(`|${" ".repeat(35)}${"#".repeat(35)}`);
  });

  it("fits 80 columns and reaches the top, whatever the stages", () => {
    const stage = fc.record({
      durationMs: fc.integer({ min: 0, max: 86_400_000 }),
      target: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 20 }), (stages) => {
        fc.pre(stages.some(({ target }) => target > 0) && stages.some(({ durationMs }) => durationMs > 0));
        const chart = chartOf(stages);
        for (const row of chart) expect(row.length).toBeLessThanOrEqual(80);
        for (const row of chart) expect(row).toMatch(/^[\x20-\x7e]*$/);
        const peakClients = Math.max(...stages.map(({ target }) => target));
        const isHeld = stages.some(({ target, durationMs }) => target === peakClients && durationMs > 0);
        if (isHeld) expect(chart[0]).toContain("#");
      }),
      propertyParameters("loadChart()", 300),
    );
  });
});
