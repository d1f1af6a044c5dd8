// Shards that meet in a folder: they start at one instant, or say who is missing. Time is made up; the folder is real.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Barrier, type BarrierOptions } from "../../../src/shard/barrier.js";
import type { WallClock } from "../../../src/shard/clock-offset.js";

/** Sleeping takes no time; the clock goes on by what was slept. It may be wrong. */
class MadeUpClock implements WallClock {
  #aheadMs: number;
  constructor(wrongByMs = 0) {
    this.#aheadMs = wrongByMs;
  }
  readonly nowMs = (): number => performance.timeOrigin + performance.now() + this.#aheadMs;
  readonly sleep = async (forMs: number): Promise<void> => {
    this.#aheadMs += forMs;
    await new Promise((resolve) => setImmediate(resolve));
  };
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "barrier-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(index: number, count: number, more: Partial<BarrierOptions> = {}): Barrier {
  const shard = { index, count };
  return Barrier.open({ folder, shard, fingerprint: "same", timeoutMs: 10_000, clock: new MadeUpClock(), ...more });
}

describe("Barrier", () => {
  it("gives all shards one instant, ahead of the moment that the last was ready", async () => {
    const clock = new MadeUpClock();
    const beganMs = clock.nowMs();
    const barriers = [0, 1, 2].map((index) => opened(index, 3, { clock }));
    const instants = await Promise.all(barriers.map((barrier) => barrier.agree()));
    for (const instantMs of instants) expect(instantMs).toBeCloseTo(instants[0]!, 6);
    expect(instants[0]!).toBeGreaterThanOrEqual(beganMs + 2000);
  });

  it("means the same instant where a clock is wrong", async () => {
    const clocks = [new MadeUpClock(), new MadeUpClock(3_600_000)];
    const barriers = clocks.map((clock, index) => opened(index, 2, { clock }));
    const [right, wrong] = await Promise.all(barriers.map((barrier) => barrier.agree()));
    const { uncertaintyMs } = barriers[1]!.offset;
    expect(Math.abs(wrong! - 3_600_000 - right!)).toBeLessThanOrEqual(uncertaintyMs + 1);
  });

  it("waits for an instant that was asked for", async () => {
    const notBeforeMs = Date.now() + 60_000;
    const barriers = [0, 1].map((index) => opened(index, 2, { notBeforeMs }));
    const [first] = await Promise.all(barriers.map((barrier) => barrier.agree()));
    expect(first).toBeCloseTo(notBeforeMs, 6);
  });

  it("names those that are missing after its time, to all that wait, and then is over", async () => {
    const barriers = [0, 2].map((index) => opened(index, 4, { timeoutMs: 10_000 + 5000 * index }));
    for (const late of await Promise.allSettled(barriers.map((barrier) => barrier.agree()))) {
      expect(String((late as PromiseRejectedResult).reason)).toMatch(
        /all 4 shards must be ready within [12]0 s, but shard 1, shard 3 were not/,
      );
    }
    expect(() => opened(1, 4)).toThrow("must be of a run that has not begun, but it was given up");
  });

  it.each([
    [{ fingerprint: "other" }, 2, "got shard 1 of another plan"],
    [{}, 3, "got shard 1 of 3 shards"],
  ])("refuses a shard of another run: %j", async (more, count, problem) => {
    const [one] = await Promise.allSettled([opened(0, 2).agree(), opened(1, count, more).agree()]);
    expect(String((one as PromiseRejectedResult).reason)).toContain(problem);
  });

  it("is for one run: who comes later is told when it began", async () => {
    await Promise.all([0, 1].map((index) => opened(index, 2).agree()));
    expect(() => opened(1, 2)).toThrow(
      /Cannot start shard 1 of 2: .* must be of a run that has not begun, but it began at 2/,
    );
  });

  it("waits no longer when the run is over before it began", async () => {
    const controller = new AbortController();
    controller.abort();
    await opened(0, 2).agree(controller.signal);
    expect(readdirSync(join(folder, "barrier"))).toEqual([]);
  });

  it("tells the other shards to stop, and why; the first reason stays", () => {
    const [first, second] = [opened(0, 2), opened(1, 2)];
    expect(second!.stopReason()).toBeUndefined();
    first!.stopAll("rtt: p(95)<80");
    second!.stopAll("another");
    expect(second!.stopReason()).toBe("shard 0 stopped the run: rtt: p(95)<80");
    expect(first!.stopReason()).toBeUndefined();
  });

  it("takes a file that is half written for none", () => {
    const barrier = opened(0, 2);
    writeFileSync(join(folder, "barrier", "stop.json"), '{"shard":1,"wh');
    expect(barrier.stopReason()).toBeUndefined();
  });

  it("says so where the folder cannot be made", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => opened(0, 2, { folder: join(folder, "file") })).toThrow("must be a folder that can be written");
  });
});
