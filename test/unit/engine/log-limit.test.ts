// So many lines a second, and a count of the rest.
import { expect, it } from "vitest";
import { LogLimit } from "../../../src/engine/log-limit.js";
import { VirtualClock } from "../../support/virtual-clock.js";

it("LogLimit lets a few lines a second through and counts what it holds back", () => {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const limit = new LogLimit(clock, 2, (line) => lines.push(line));
  for (const line of ["a", "b", "c", "d"]) limit.log(line);
  clock.advanceTo(999);
  limit.log("e");
  clock.advanceTo(1000);
  limit.log("f");
  expect(lines).toEqual(["a", "b", "f"]);
  expect([limit.takeHeld(), limit.takeHeld()]).toEqual([3, 0]);
});
