// What the words are worth, shown on servers that exist in numbers only: the same server twice, and one that is a tenth slower.
import { beforeAll, describe, expect, it } from "vitest";
import { compareRuns, type FigureComparison, type Word } from "../../../src/comparison/compare-runs.js";
import type { RunFacts } from "../../../src/comparison/run-facts.js";
import { SERVER, type SimulatedServer, simulatedRun } from "./simulated-runs.js";

const PAIRS = 100;

interface Case {
  readonly name: string;
  readonly server: SimulatedServer;
  readonly runs: number;
}

const CASES: readonly Case[] = [
  { name: "one run a side, by seconds", server: SERVER, runs: 1 },
  { name: "three short runs a side, by runs", server: { ...SERVER, holdSeconds: 12 }, runs: 3 },
];

/** As many sides as there are pairs; `stream` keeps their seeds apart. */
function sidesOf({ server, runs }: Case, factor: number, stream: number): RunFacts[][] {
  const changed = { ...server, rttMs: server.rttMs * factor };
  return Array.from({ length: PAIRS }, (_, pair) =>
    Array.from({ length: runs }, (_run, run) => simulatedRun(changed, (4 * pair + stream) * 16 + run)),
  );
}

const hasRtt = (word: Word) => (figures: FigureComparison[]) =>
  figures.some((figure) => figure.id.startsWith("rtt.") && figure.word === word);

describe.each(CASES)("$name", (what) => {
  let base: RunFacts[][] = [];
  const compared = (factor: number, stream: number): FigureComparison[][] =>
    sidesOf(what, factor, stream).map((next, pair) => compareRuns(base[pair]!, next));

  beforeAll(() => {
    base = sidesOf(what, 1, 0);
  });

  it(`of ${PAIRS} pairs of the same server at most 5 bring any figure out better or worse`, () => {
    const isWrong = (figures: FigureComparison[]): boolean =>
      figures.some(({ word }) => word === "better" || word === "worse");
    expect(compared(1, 1).filter(isWrong).length).toBeLessThanOrEqual(5);
  });

  it("a server that is 10% slower is found in at least 80 of 100, and the interval holds the truth in 95", () => {
    const pairs = compared(1.1, 2);
    expect(pairs.filter(hasRtt("worse")).length).toBeGreaterThanOrEqual(80);
    const isWithin = (figures: FigureComparison[]): boolean => {
      const { low, high } = figures.find(({ id }) => id === "rtt.p50")!.interval!;
      const truth = what.server.rttMs * 0.1;
      return low <= truth && truth <= high;
    };
    expect(pairs.filter(isWithin).length).toBeGreaterThanOrEqual(95);
  });

  it("one that is 10% faster is found as well", () => {
    expect(compared(1 / 1.1, 3).filter(hasRtt("better")).length).toBeGreaterThanOrEqual(80);
  });
});
