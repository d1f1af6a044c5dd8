// Differences of shares: Newcombe's own example, and what happens at the ends.
import { describe, expect, it } from "vitest";
import { overdispersion, pooled, shareInterval } from "../../../src/comparison/share-difference.js";

describe("shareInterval", () => {
  it("is that of Newcombe's example: 56/70 against 48/80", () => {
    const { low, high } = shareInterval({ part: 48, whole: 80 }, { part: 56, whole: 70 }, 0.95);
    expect(low).toBeCloseTo(0.0524, 3);
    expect(high).toBeCloseTo(0.3339, 3);
  });

  it("holds nothing for certain where nothing happened", () => {
    const { low, high } = shareInterval({ part: 0, whole: 100 }, { part: 0, whole: 100 }, 0.95);
    expect(low).toBeLessThan(-0.01);
    expect(high).toBeCloseTo(-low, 10);
  });

  it("leaves no doubt where half of the clients are lost", () => {
    expect(shareInterval({ part: 0, whole: 100 }, { part: 50, whole: 100 }, 0.999).low).toBeGreaterThan(0.2);
  });

  it("is wider where clients fail together", () => {
    const [a, b] = [
      { part: 5, whole: 100 },
      { part: 15, whole: 100 },
    ];
    const wide = shareInterval(a, b, 0.95, 4);
    const narrow = shareInterval(a, b, 0.95);
    expect(wide.high - wide.low).toBeGreaterThan(1.5 * (narrow.high - narrow.low));
  });
});

describe("overdispersion", () => {
  const share = (part: number) => ({ part, whole: 100 });

  it.each([
    ["one run a side", [[share(5)], [share(50)]], 1],
    ["runs as alike as chance has it", [[share(10), share(12), share(11)], [share(9)]], 1],
    ["runs without any", [[share(0), share(0)], [share(0)]], 1],
  ])("%s: none", (_name, sides, expected) => {
    expect(overdispersion(sides)).toBe(expected);
  });

  it("grows where one run lost many at once", () => {
    expect(overdispersion([[share(0), share(0), share(60)], [share(0)]])).toBeGreaterThan(20);
  });
});

it("pooled adds runs up", () => {
  expect(
    pooled([
      { part: 1, whole: 10 },
      { part: 2, whole: 20 },
    ]),
  ).toEqual({ part: 3, whole: 30 });
});
