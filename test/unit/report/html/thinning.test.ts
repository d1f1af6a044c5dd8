import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupsOf, thinnedValues, thinnedXs } from "../../../../src/report/html/thinning.js";
import { propertyParameters } from "../../../support/property.js";

const NONE = Number.NaN;

function thinned(values: readonly number[], maxPoints: number): [number[], (number | null)[]] {
  const groups = groupsOf(values.length, maxPoints);
  return [
    thinnedXs(
      values.map((_, index) => index),
      groups,
    ),
    thinnedValues(values, groups),
  ];
}

describe("thinning", () => {
  it.each<[string, number[], number, [number[], (number | null)[]]]>([
    [
      "keeps all of a short run",
      [3, NONE, 5],
      3,
      [
        [0, 1, 2],
        [3, null, 5],
      ],
    ],
    [
      "keeps lowest and highest in their order",
      [5, 9, 1, 4, 2, 3],
      4,
      [
        [0, 2, 3, 5],
        [9, 1, 4, 2],
      ],
    ],
    [
      "leaves a gap where nothing was measured",
      [NONE, NONE, 7, 8],
      2,
      [
        [0, 3],
        [7, 8],
      ],
    ],
    [
      "keeps a gap that is as long as a group",
      [NONE, NONE, NONE, 1, 2, 3],
      4,
      [
        [0, 2, 3, 5],
        [null, null, 1, 3],
      ],
    ],
    [
      "ends with a group of one",
      [1, 2, 3, 4, 9],
      4,
      [
        [0, 2, 3, 4],
        [1, 3, 4, 9],
      ],
    ],
    ["has nothing of nothing", [], 4, [[], []]],
  ])("%s", (_what, values, maxPoints, expected) => {
    expect(thinned(values, maxPoints)).toEqual(expected);
  });

  it("keeps to the limit, the ends, the lowest and the highest, for any run", () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constant(NONE));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), fc.integer({ min: 4, max: 60 }), (values, max) => {
        const [xs, kept] = thinned(values, max);
        expect(kept).toHaveLength(xs.length);
        expect(xs.length).toBeLessThanOrEqual(max);
        expect([xs[0], xs.at(-1)]).toEqual([0, values.length - 1]);
        expect(xs).toEqual([...new Set(xs)].sort((a, b) => a - b));
        const measured = values.filter((each) => !Number.isNaN(each));
        const numbers = kept.filter((each) => each !== null);
        expect([Math.min(...numbers), Math.max(...numbers)]).toEqual([Math.min(...measured), Math.max(...measured)]);
      }),
      propertyParameters("thinning", 200),
    );
  });
});
