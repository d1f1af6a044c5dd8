import { describe, expect, it } from "vitest";
import { SilenceWatch } from "../../../src/engine/silence-watch.js";
import { commonSilence } from "../../../src/metrics/silence.js";

const ORIGIN_MS = 1000;
const LOOK_MS = 20;

/** Looks every 20 ms up to `toMs`; bytes arrive at the looks that `hears` says. */
function watched(toMs: number, hears: (planMs: number) => boolean, lateAtMs?: number): SilenceWatch {
  const watch = new SilenceWatch(ORIGIN_MS);
  let heardBytes = 0;
  for (let planMs = 0; planMs <= toMs; planMs += LOOK_MS) {
    if (hears(planMs)) heardBytes += 10;
    watch.look(5, heardBytes, planMs === lateAtMs ? 400 : 1, ORIGIN_MS + planMs);
  }
  return watch;
}

describe("SilenceWatch", () => {
  it("keeps the longest time in which nothing arrived, from its beginning to its end", () => {
    const watch = watched(2000, (planMs) => planMs < 500 || planMs > 1200);
    expect(watch.take()).toEqual({ fromMs: 480, toMs: 1220 });
  });

  it("tells of a silence that goes on, from its own beginning, in every interval", () => {
    const watch = watched(1000, (planMs) => planMs < 500);
    expect(watch.take()).toEqual({ fromMs: 480, toMs: 1000 });
    watch.look(5, 0, 1, ORIGIN_MS + 1500);
    expect(watch.take()).toEqual({ fromMs: 480, toMs: 1500 });
  });

  it("does not take its own thread's lateness for the server's silence", () => {
    const silence = watched(1000, (planMs) => planMs < 500, 800).take()!;
    expect(silence).toEqual({ fromMs: 480, toMs: 780 });
  });

  it("says nothing while no client is connected", () => {
    const watch = new SilenceWatch(ORIGIN_MS);
    for (let planMs = 0; planMs < 500; planMs += LOOK_MS) watch.look(0, 0, 1, ORIGIN_MS + planMs);
    expect(watch.take()).toBeUndefined();
  });
});

describe("commonSilence() of two threads", () => {
  it.each([
    ["is what both have", { fromMs: 100, toMs: 900 }, { fromMs: 200, toMs: 1000 }, { fromMs: 200, toMs: 900 }],
    [
      "is empty where one heard something",
      { fromMs: 100, toMs: 200 },
      { fromMs: 300, toMs: 400 },
      { fromMs: 300, toMs: 300 },
    ],
    ["is the one's where the other had no client", { fromMs: 100, toMs: 200 }, undefined, { fromMs: 100, toMs: 200 }],
  ])("%s", (_what, a, b, both) => {
    expect([commonSilence(a, b), commonSilence(b, a)]).toEqual([both, both]);
  });
});
