import { describe, expect, it } from "vitest";
import { bytesText, countsText, countText, msText, percentText, rateText } from "../../../src/report/numbers.js";

it.each([
  [null, "-"],
  [undefined, "-"],
  [0, "0.00"],
  [0.004, "0.00"],
  [4.5678, "4.57"],
  [12.34, "12.3"],
  [100.4, "100"],
  [1664.2, "1,664"],
  [3_600_000, "3,600,000"],
])("msText(%s) is %s", (valueMs, text) => {
  expect(msText(valueMs)).toBe(text);
});

it.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1234567, "1,234,567"],
])("countText(%d) is %s", (count, text) => {
  expect(countText(count)).toBe(text);
});

it.each([
  [0, "0"],
  [0.5, "0.5"],
  [20, "20"],
  [99.96, "100"],
  [9999, "9,999"],
  [20_000, "20.0k"],
  [999_949, "999.9k"],
  [1_250_000, "1.25M"],
])("rateText(%d) is %s", (rate, text) => {
  expect(rateText(rate)).toBe(text);
});

describe("percentText() is never 0% or 100% where something is left", () => {
  it.each([
    [0, 0, "-"],
    [0, 10, "0%"],
    [10, 10, "100%"],
    [99_999, 100_000, "99.9%"],
    [1, 100_000, "0.1%"],
    [1, 3, "33.3%"],
  ])("%d of %d: %s", (part, whole, text) => {
    expect(percentText(part, whole)).toBe(text);
  });
});

it("bytesText() and countsText()", () => {
  expect([bytesText(2048), bytesText(150e6), bytesText(1.9 * 2 ** 30)]).toEqual(["2 KiB", "143 MiB", "1.90 GiB"]);
  expect(countsText({ a: 0, b: 2, c: 1000 })).toBe("c 1,000, b 2");
  expect(countsText({})).toBe("");
});
