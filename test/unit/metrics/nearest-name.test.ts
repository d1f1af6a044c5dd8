import { expect, it } from "vitest";
import { nearestName } from "../../../src/metrics/nearest-name.js";

it.each([
  ["rttt", "rtt"],
  ["RTT", "rtt"],
  ["conect_total", "connect_total"],
  ["connect-total", "connect_total"],
  ["something", undefined],
  ["", undefined],
])("nearestName(%s) is %s", (typed, expected) => {
  expect(nearestName(typed, ["rtt", "ping", "connect_total", "connect_tcp"])).toBe(expected);
});
