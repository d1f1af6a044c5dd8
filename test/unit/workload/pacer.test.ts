// The schedule of sends: each row is a sentence of behaviour.
import { describe, expect, it } from "vitest";
import { SendSchedule } from "../../../src/workload/pacer.js";

describe("SendSchedule", () => {
  it.each([
    ["sends at once where the client is connected on its grid point", 10, 0, 0, 0, [0, 100, 200]],
    ["waits for the next grid point after the connection is up", 10, 0, 1, 0, [100, 200, 300]],
    ["spreads clients over the interval by their share", 10, 0.25, 0, 0, [25, 125, 225]],
    ["keeps the grid of the plan's start, whenever the client comes", 20, 0.5, 1_010, 1000, [1025, 1075, 1125]],
    ["never intends a send before the plan's start plus the share", 1, 0.5, 0, 1000, [1500, 2500, 3500]],
  ])("%s", (_, rate, share, fromMs, originMs, expected) => {
    const schedule = new SendSchedule(1000 / rate, share, fromMs, originMs);
    expect([0, 1, 2].map((sequence) => schedule.intendedMs(sequence))).toEqual(expected);
  });

  it("does not drift: the millionth send of 30 Hz is exactly where it belongs", () => {
    expect(new SendSchedule(1000 / 30, 0, 0, 0).intendedMs(3_000_000)).toBeCloseTo(100_000_000, 3);
  });
});
