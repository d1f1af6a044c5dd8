// The tests' own clock, since every other test stands on it; and the real one, as far as it can be told without sleeping.
import { expect, it } from "vitest";
import { monotonicClock } from "../../../src/time/clock.js";
import { VirtualClock, virtualScheduler } from "../../support/virtual-clock.js";

it("fires by moment, then by the order of asking, with the clock at each moment", () => {
  const clock = new VirtualClock(1000);
  const seen: string[] = [];
  clock.at(1020, () => seen.push(`b@${clock.nowMs()}`));
  clock.at(1010, () => seen.push(`a@${clock.nowMs()}`));
  clock.at(1020, () => seen.push(`c@${clock.nowMs()}`));
  clock.advanceTo(1030);
  expect(seen).toEqual(["a@1010", "b@1020", "c@1020"]);
  expect([clock.nowMs(), clock.pending]).toEqual([1030, 0]);
});

it("fires what a callback asks for on the way", () => {
  const clock = new VirtualClock();
  const seen: number[] = [];
  const again = (): void => {
    seen.push(clock.nowMs());
    clock.at(clock.nowMs() + 10, again);
  };
  clock.at(10, again);
  clock.advanceTo(35);
  expect([seen, clock.nextMs]).toEqual([[10, 20, 30], 40]);
});

it("cancels, refuses to go back, and stops a loop that costs no time", () => {
  const { clock } = virtualScheduler();
  clock.at(5, () => expect.unreachable())();
  clock.advanceTo(10);
  expect(() => clock.advanceTo(9)).toThrow(RangeError);
  const loop = (): void => void clock.at(clock.nowMs(), loop);
  loop();
  expect(() => clock.advanceBy(1)).toThrow("without end");
});

it("the process' clock does not go back", () => {
  const first = monotonicClock.nowMs();
  expect(monotonicClock.nowMs()).toBeGreaterThanOrEqual(first);
});
