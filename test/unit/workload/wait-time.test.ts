// Waits: their distribution, that they are seeded and never negative or infinite, and what is refused.
import { describe, expect, it } from "vitest";
import type { WaitTime } from "../../../src/profile/scenario.js";
import { compileWait } from "../../../src/workload/wait-time.js";
import { ScriptClients } from "../../support/script-client.js";

const COUNT = 20_000;

function waits(wait: WaitTime, count = COUNT, number = 0, seed = 1): number[] {
  const clients = new ScriptClients([], seed);
  const draw = compileWait(wait, clients.layout);
  const client = clients.client(number);
  return Array.from({ length: count }, () => draw(client));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

describe("compileWait()", () => {
  it.each<[WaitTime, number, number]>([
    [{ kind: "fixed", ms: 250 }, 250, 0],
    [{ kind: "uniform", minMs: 100, maxMs: 300 }, 200, 200 / Math.sqrt(12)],
    [{ kind: "normal", meanMs: 500, stdDevMs: 50 }, 500, 50],
    [{ kind: "exponential", meanMs: 80 }, 80, 80],
  ])("%j", (wait, meanMs, deviationMs) => {
    const drawn = waits(wait);
    expect(Math.abs(meanOf(drawn) - meanMs)).toBeLessThan(meanMs / 40);
    expect(Math.abs(deviationOf(drawn) - deviationMs)).toBeLessThanOrEqual(deviationMs / 20);
    for (const ms of drawn) expect(ms >= 0 && ms < Number.POSITIVE_INFINITY).toBe(true);
  });

  it("has the shape of its kind", () => {
    const exponential = waits({ kind: "exponential", meanMs: 1 });
    expect(exponential.filter((ms) => ms > 3).length / COUNT).toBeCloseTo(Math.exp(-3), 2);
    const normal = waits({ kind: "normal", meanMs: 10, stdDevMs: 1 });
    expect(normal.filter((ms) => Math.abs(ms - 10) < 1).length / COUNT).toBeCloseTo(0.683, 1);
  });

  it("counts a negative draw as 0", () => {
    const drawn = waits({ kind: "normal", meanMs: 0, stdDevMs: 10 });
    expect(drawn.filter((ms) => ms === 0).length / COUNT).toBeCloseTo(0.5, 1);
  });

  it("is the same for the same seed and client, another for others", () => {
    const wait: WaitTime = { kind: "normal", meanMs: 500, stdDevMs: 50 };
    expect(waits(wait, 5)).toEqual(waits(wait, 5));
    expect(waits(wait, 5)).not.toEqual(waits(wait, 5, 1));
    expect(waits(wait, 5)).not.toEqual(waits(wait, 5, 0, 2));
  });

  it.each<[WaitTime, string]>([
    [{ kind: "fixed", ms: -1 }, "ms of a wait must be a finite number >= 0, got -1"],
    [{ kind: "normal", meanMs: 1, stdDevMs: Number.NaN }, "stdDevMs of a wait must be a finite number >= 0, got NaN"],
    [{ kind: "uniform", minMs: 2, maxMs: 1 }, "minMs of a wait must be at most maxMs, got 2, 1"],
  ])("refuses %j", (wait, message) => {
    expect(() => waits(wait, 1)).toThrow(new RangeError(`Cannot compile a script: ${message}`));
  });
});
