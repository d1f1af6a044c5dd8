// The server's updates on a virtual clock: no drift, and late ones counted instead of made up for.
import { describe, expect, it } from "vitest";
import { UpdateTimer } from "../../../src/server/update-timer.js";
import { VirtualClock, VirtualWaker } from "../../support/virtual-clock.js";

/** Updates of `hz` on a virtual clock; `during` runs in each. */
function updates(
  hz: number,
  during: (count: number, clock: VirtualClock, timer: UpdateTimer) => void = () => undefined,
) {
  const clock = new VirtualClock();
  const times: number[] = [];
  const timer: UpdateTimer = new UpdateTimer(
    hz,
    (nowMs) => {
      times.push(nowMs);
      during(times.length, clock, timer);
    },
    clock,
    new VirtualWaker(clock),
  );
  return { clock, times, timer };
}

describe("updates", () => {
  it("come 60 times a second, without drift", () => {
    const { clock, times, timer } = updates(60);
    clock.advanceTo(10_001);
    expect(times).toHaveLength(600);
    for (const [i, atMs] of times.entries()) expect(atMs).toBeCloseTo(((i + 1) * 1000) / 60, 6);
    expect(timer.skipped).toBe(0);
  });

  it("are counted where one takes longer than its period, not made up for", () => {
    const { clock, times, timer } = updates(100, (count) => {
      if (count === 10) clock.blockFor(95);
    });
    clock.advanceTo(1000);
    // The tenth begins at 100 and ends at 195: the next is late, those planned for 120 to 190 are not run.
    expect(times.slice(9, 12)).toEqual([100, 195, 205]);
    expect(timer.skipped).toBe(8);
  });

  it("wait out a timer that fires early", () => {
    const clock = new VirtualClock();
    const waker = new VirtualWaker(clock);
    const times: number[] = [];
    const early = {
      wake: (delayMs: number, callback: () => void) => waker.wake(delayMs * 0.8, callback),
      stop: () => {},
    };
    new UpdateTimer(10, (nowMs) => times.push(nowMs), clock, early);
    clock.advanceTo(1000.5);
    expect(times).toHaveLength(10);
    for (const [i, atMs] of times.entries()) expect(Math.abs(atMs - 100 * (i + 1))).toBeLessThanOrEqual(0.5);
  });

  it("end with stop, also from inside an update", () => {
    const { clock, times } = updates(100, (count, _clock, timer) => {
      if (count === 3) timer.stop();
    });
    clock.advanceTo(1000);
    expect(times).toHaveLength(3);
  });
});
