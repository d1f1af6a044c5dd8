// Values: what a text says as a number, and how two compare.
import { describe, expect, it } from "vitest";
import {
  compareValues,
  numericOf,
  type Operator,
  textOf,
  type Value,
  valueOfLong,
} from "../../../src/workload/value.js";

const LONG = 2n ** 63n - 1n;

describe("numericOf()", () => {
  it.each<[string, Value, number | bigint | undefined]>([
    ["a number is one", 1.5, 1.5],
    ["a truth value is 1 or 0", true, 1],
    ["a text that spells a number", " -12.5 ", -12.5],
    ["hex", "0x1F", 31],
    ["an exact whole number stays a number", "9007199254740991", 2 ** 53 - 1],
    ["a longer one becomes a bigint", "9007199254740993", 9007199254740993n],
    ["a longer one in hex as well", "0x7fffffffffffffff", LONG],
    ["a negative one", "-9223372036854775808", -(2n ** 63n)],
    ["a large one with an exponent is a number", "1e300", 1e300],
    ["a word is none", "seven", undefined],
    ["an empty text is none", "", undefined],
    ["blanks are none", " \t", undefined],
    ["NaN is none", "NaN", undefined],
  ])("%s", (_, value, expected) => {
    expect(numericOf(value)).toBe(expected);
  });
});

describe("compareValues()", () => {
  it.each<[Value, Operator, Value, boolean]>([
    [1, "==", 1, true],
    [1, "!=", 1, false],
    [1, "<", 2, true],
    [2, "<=", 2, true],
    [2, ">", 10, false],
    [2, ">=", 2, true],
    ["2", "<", "10", true],
    ["2", "==", 2, true],
    ["1.0", "==", 1, true],
    [true, "==", 1, true],
    ["true", "==", true, true],
    ["bob", "<", "carl", true],
    ["bob", "==", "bob", true],
    ["bob", "!=", 3, true],
    ["b10", "<", "b2", true],
    [LONG, "==", "9223372036854775807", true],
    [LONG, "==", LONG - 1n, false],
    [LONG, ">", 5, true],
    [2n ** 60n, "==", 2 ** 60, true],
    [Number.NaN, "==", Number.NaN, false],
    [Number.NaN, "!=", Number.NaN, true],
    [Number.NaN, "<", 1, false],
    [Number.NaN, ">=", LONG, false],
  ])("%s %s %s is %s", (left, operator, right, expected) => {
    expect(compareValues(left, operator, right)).toBe(expected);
  });
});

it("a bigint is a number where one is exact, and a text tells what it is", () => {
  expect([valueOfLong(7n), valueOfLong(LONG)]).toEqual([7, LONG]);
  expect([textOf(1.5), textOf(LONG), textOf(true), textOf("a")]).toEqual(["1.5", String(LONG), "true", "a"]);
});
