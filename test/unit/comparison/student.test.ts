// Student's t against the printed tables.
import { describe, expect, it } from "vitest";
import { studentQuantile } from "../../../src/comparison/student.js";

describe("studentQuantile", () => {
  it.each([
    [0.975, 1, 12.706],
    [0.975, 4, 2.776],
    [0.95, 10, 1.812],
    [0.995, 30, 2.75],
    [0.9995, 5, 6.869],
    [0.9, 2.5, 1.731],
    [0.5, 7, 0],
  ])("P %f with %f degrees of freedom is %f", (probability, degrees, t) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(t, 2);
  });

  it("is the normal distribution's for ever more degrees of freedom", () => {
    expect(studentQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.96, 2);
    expect(studentQuantile(0.9983, Number.POSITIVE_INFINITY)).toBeCloseTo(2.93, 1);
  });

  it.each([
    [0.4, 5],
    [1, 5],
    [Number.NaN, 5],
    [0.9, 0],
    [0.9, Number.NaN],
  ])("refuses P %f with %f degrees of freedom", (probability, degrees) => {
    expect(() => studentQuantile(probability, degrees)).toThrow(RangeError);
  });
});
