// Which variant is best by which figure, and what is noise: on servers that exist in numbers only.
import { describe, expect, it } from "vitest";
import { rankVariants } from "../../../src/matrix/matrix-result.js";
import { SERVER, simulatedRun } from "../comparison/simulated-runs.js";

const server = { ...SERVER, holdSeconds: 15 };
const variant = (name: string, rttMs: number, seed: number, runs = 3) => ({
  variant: { name, settings: { name } },
  runs: Array.from({ length: runs }, (_, run) => simulatedRun({ ...server, rttMs }, 100 * seed + run)),
});

const { variants, rankings } = rankVariants([
  variant("slow", 60, 1),
  variant("fast", 40, 2),
  variant("as fast", 40, 3),
  variant("dead", 40, 4, 0),
]);
const ranking = (id: string) => rankings.find((one) => one.id === id);

describe("rankVariants", () => {
  it("finds the slow one, and leaves two that are alike to noise", () => {
    const { best, noise, behind } = ranking("rtt.p50")!;
    expect(behind).toEqual(["slow"]);
    expect([best, ...noise].sort()).toEqual(["as fast", "fast"]);
  });

  it("sees no winner where all are alike", () => {
    expect(ranking("messages_received")?.behind).toEqual([]);
    expect(ranking("server_interval.p50")?.behind).toEqual([]);
  });

  it("tells every variant's means, null where it has no run", () => {
    const values = variants.map(({ name, runs, figures }) => [name, runs, figures["rtt.p50"] ?? null] as const);
    expect(values[0]?.[2]).toBeGreaterThan(55);
    expect(values[1]?.[2]).toBeLessThan(45);
    expect(values[3]).toEqual(["dead", 0, null]);
  });

  it("ranks nothing where one variant alone has figures", () => {
    expect(rankVariants([variant("alone", 40, 5), variant("dead", 40, 6, 0)]).rankings).toEqual([]);
  });
});
