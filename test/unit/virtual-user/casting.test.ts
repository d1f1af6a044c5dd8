// Who plays what: exact shares, mixed evenly, the same for everybody who asks.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { castClients, sharesOf } from "../../../src/virtual-user/casting.js";
import { propertyParameters } from "../../support/property.js";

function countsOf(cast: Iterable<number>, kinds: number): number[] {
  const counts = new Array<number>(kinds).fill(0);
  for (const index of cast) counts[index]!++;
  return counts;
}

describe("shares", () => {
  it.each([
    { weights: [1], clients: 7, shares: [7] },
    { weights: [1, 1], clients: 7, shares: [4, 3] },
    { weights: [3, 1], clients: 8, shares: [6, 2] },
    { weights: [1, 1, 1], clients: 2, shares: [1, 1, 0] },
    { weights: [0.2, 0.7, 0.1], clients: 10, shares: [2, 7, 1] },
    { weights: [9, 1], clients: 4, shares: [4, 0] },
    { weights: [5, 3], clients: 0, shares: [0, 0] },
  ])("of $weights among $clients are $shares", ({ weights, clients, shares }) => {
    expect(sharesOf(weights, clients)).toEqual(shares);
  });

  it("add up, and are within one of the exact share", () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.nat(3000), (given, clients) => {
        const shares = sharesOf(given, clients);
        const sum = given.reduce((total, weight) => total + weight, 0);
        expect(shares.reduce((total, share) => total + share, 0)).toBe(clients);
        for (const [index, share] of shares.entries()) {
          expect(Math.abs(share - (clients * given[index]!) / sum)).toBeLessThan(1 + 1e-6);
        }
        expect(countsOf(castClients(given, clients), given.length)).toEqual(shares);
      }),
      propertyParameters("shares", 200),
    );
  });
});

describe("cast", () => {
  const cast = [...castClients([3, 1], 4000)];

  it("is in proportion in every stretch, and in every worker's part", () => {
    for (let from = 0; from < 4000; from += 100) {
      expect(Math.abs(countsOf(cast.slice(from, from + 100), 2)[1]! - 25)).toBeLessThanOrEqual(4);
    }
    for (const workers of [2, 3, 4, 8]) {
      for (let worker = 0; worker < workers; worker++) {
        const part = cast.filter((_, number) => number % workers === worker);
        expect(countsOf(part, 2)[1]! / part.length).toBeCloseTo(0.25, 1);
      }
    }
  });

  it("is the same each time", () => {
    expect([...castClients([3, 1], 4000)]).toEqual(cast);
  });
});
