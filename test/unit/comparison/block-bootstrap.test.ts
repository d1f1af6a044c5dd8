// Moving blocks: their spread is the known one for independent rows, wider for rows that hang together, and none across segments.
import { describe, expect, it } from "vitest";
import { type BlockStatistic, blockBootstrap, blockLength } from "../../../src/comparison/block-bootstrap.js";
import { Random } from "../../../src/workload/random.js";
import { seededRandom } from "../../support/random.js";

/** The mean of the rows in the blocks. */
function meanOf(values: readonly number[]): BlockStatistic {
  return (blocks, length) => {
    let sum = 0;
    let rows = 0;
    for (let i = 0; i < length; i += 2) {
      for (let row = blocks[i]!; row < blocks[i + 1]!; row++) sum += values[row]!;
      rows += blocks[i + 1]! - blocks[i]!;
    }
    return sum / rows;
  };
}

/** Uniform numbers (variance 1/12), each keeping `memory` of the last. */
function series(length: number, memory: number, seed: number): number[] {
  const random = seededRandom(seed);
  let last = random();
  return Array.from({ length }, () => {
    last = memory * last + (1 - memory) * random();
    return last;
  });
}

const whole = (values: readonly number[]) => [{ from: 0, to: values.length }];
const spreadOf = (values: readonly number[]) => blockBootstrap(whole(values), meanOf(values), new Random(1));

it.each([
  [1, 1],
  [4, 1],
  [20, 4],
  [55, 7],
  [400, 20],
])("%i rows make blocks of %i", (rows, length) => {
  expect(blockLength(rows)).toBe(length);
});

describe("the spread of a mean", () => {
  const averageError = (memory: number): number => {
    const errors = Array.from({ length: 40 }, (_, seed) => spreadOf(series(100, memory, seed)).standardError);
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };

  it("of independent rows is the textbook's", () => {
    const textbook = Math.sqrt(1 / 12 / 100);
    expect(averageError(0) / textbook).toBeGreaterThan(0.9);
    expect(averageError(0) / textbook).toBeLessThan(1.25);
  });

  it("of rows that keep 0.7 of the last is that of the process", () => {
    // The sum of such a process varies like that of its innovations, over 1 - memory.
    const truth = Math.sqrt(1 / 12 / 100);
    expect(averageError(0.7) / truth).toBeGreaterThan(0.8);
    expect(averageError(0.7) / truth).toBeLessThan(1.25);
  });
});

it("a step between two segments is no spread", () => {
  const values = [...Array<number>(20).fill(1), ...Array<number>(20).fill(100)];
  const segments = [
    { from: 0, to: 20 },
    { from: 20, to: 40 },
  ];
  expect(blockBootstrap(segments, meanOf(values), new Random(1)).standardError).toBe(0);
  expect(spreadOf(values).standardError).toBeGreaterThan(5);
});

it("the same seed gives the same spread, another a near one", () => {
  const values = series(60, 0.5, 3);
  const run = (seed: number) => blockBootstrap(whole(values), meanOf(values), new Random(seed)).standardError;
  expect(run(5)).toBe(run(5));
  expect(run(6)).not.toBe(run(5));
  expect(Math.abs(run(6) / run(5) - 1)).toBeLessThan(0.2);
});
