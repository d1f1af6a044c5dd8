import { expect, it } from "vitest";
import { KeptSeries } from "../../../src/analysis/kept-series.js";
import type { SeriesPoint } from "../../../src/analysis/observations.js";

it.each([
  [10, 0, 10],
  [4 * 3600, 0, 4 * 3600],
  [24 * 3600, 3600, 4 * 3600],
])("KeptSeries of %i s keeps the first hour and the last three", (seconds, gapAt, kept) => {
  const series = new KeptSeries();
  for (let second = 0; second < seconds; second++) series.add({ elapsedMs: second } as SeriesPoint);
  const found = series.points.map(({ elapsedMs }) => elapsedMs);
  expect([found.length, found[0], found.at(-1)]).toEqual([kept, 0, seconds - 1]);
  const gaps = found.flatMap((second, index) => (index > 0 && second !== found[index - 1]! + 1 ? [index] : []));
  expect(gaps).toEqual(gapAt === 0 ? [] : [gapAt]);
});
