// One timer for all deadlines: order, moving, cancelling from inside, early and late wakes, and a model over 100,000 operations.
import { describe, expect, it } from "vitest";
import type { TimerEntry } from "../../../src/time/clock.js";
import { DeadlineQueue } from "../../../src/time/deadline-queue.js";
import { seededRandom } from "../../support/random.js";
import { VirtualClock, VirtualWaker, virtualScheduler } from "../../support/virtual-clock.js";

function entry(fire: (nowMs: number) => void): TimerEntry {
  return { heapIndex: -1, dueMs: 0, fire };
}

/** A queue and entries `a`, `b`, ... that write down `name@time`. */
function recorded() {
  const made = virtualScheduler();
  const fired: string[] = [];
  const named = (name: string): TimerEntry => entry((nowMs) => void fired.push(`${name}@${nowMs}`));
  return { ...made, fired, named };
}

describe("firing", () => {
  it("follows the deadlines, not the order of asking", () => {
    const { clock, queue, fired, named } = recorded();
    for (const [name, atMs] of [
      ["c", 30],
      ["a", 10],
      ["d", 40],
      ["b", 20],
    ] as const) {
      queue.schedule(named(name), atMs);
    }
    clock.advanceTo(35);
    expect(fired).toEqual(["a@10", "b@20", "c@30"]);
    expect([queue.size, queue.nextMs]).toEqual([1, 40]);
  });

  it("of an entry without a next moment happens once", () => {
    const { clock, queue, fired, named } = recorded();
    queue.schedule(named("a"), 10);
    clock.advanceTo(1000);
    expect(fired).toEqual(["a@10"]);
    expect([queue.size, queue.nextMs]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it("of a past moment comes at once, but never from inside `schedule`", () => {
    const { clock, queue, fired, named } = recorded();
    clock.advanceTo(100);
    queue.schedule(named("a"), 5);
    expect(fired).toEqual([]);
    clock.advanceTo(100);
    expect(fired).toEqual(["a@100"]);
  });

  it("after a blocked thread catches up in order, each with the time it is", () => {
    const { clock, queue, fired, named } = recorded();
    queue.schedule(named("b"), 20);
    queue.schedule(named("a"), 10);
    clock.blockFor(500);
    clock.advanceBy(0);
    expect(fired).toEqual(["a@500", "b@500"]);
  });
});

describe("moving", () => {
  it.each([
    { to: 5, order: ["b@5", "a@10"] },
    { to: 10, order: ["a@10", "b@10"] },
    { to: 50, order: ["a@10", "b@50"] },
  ])("an entry to $to", ({ to, order }) => {
    const { clock, queue, fired, named } = recorded();
    const b = named("b");
    queue.schedule(named("a"), 10);
    queue.schedule(b, 20);
    queue.schedule(b, to);
    clock.advanceTo(100);
    expect(fired.sort()).toEqual(order.sort());
    expect(fired.length).toBe(2);
  });

  it("to Infinity cancels, cancelling twice is harmless", () => {
    const { clock, queue, fired, named } = recorded();
    const a = named("a");
    queue.schedule(a, 10);
    queue.schedule(a, Number.POSITIVE_INFINITY);
    queue.cancel(a);
    clock.advanceTo(100);
    expect([fired, a.heapIndex, queue.size]).toEqual([[], -1, 0]);
    queue.schedule(a, 110);
    clock.advanceTo(200);
    expect(fired).toEqual(["a@110"]);
  });
});

describe("from inside `fire`", () => {
  it("an entry may schedule itself again: a steady beat", () => {
    const { clock, queue } = virtualScheduler();
    const beats: number[] = [];
    const beat = entry((nowMs) => {
      beats.push(nowMs);
      queue.schedule(beat, nowMs + 250);
    });
    queue.schedule(beat, 250);
    clock.advanceTo(1000);
    expect(beats).toEqual([250, 500, 750, 1000]);
  });

  it.each([0, 100])("scheduling for %i ms ago fires in the next wake: `run` always ends", (agoMs) => {
    const { clock, queue } = virtualScheduler();
    let calls = 0;
    const eager = entry((nowMs) => {
      if (++calls > 1000) throw new Error("run does not end");
      queue.schedule(eager, nowMs - agoMs);
    });
    queue.schedule(eager, 10);
    clock.blockFor(500);
    queue.run();
    expect(calls).toBe(1);
    queue.run();
    expect(calls).toBe(1);
    clock.advanceBy(0.01);
    expect(calls).toBeGreaterThan(1);
  });

  it("cancelling another one that is due keeps it from firing", () => {
    const { clock, queue, fired, named } = recorded();
    const victim = named("victim");
    queue.schedule(
      entry(() => queue.cancel(victim)),
      10,
    );
    queue.schedule(victim, 10.5);
    clock.blockFor(20);
    clock.advanceBy(0);
    expect(fired).toEqual([]);
    expect(queue.size).toBe(0);
  });

  it("a new nearer deadline is kept", () => {
    const { clock, queue, fired, named } = recorded();
    queue.schedule(
      entry((nowMs) => queue.schedule(named("b"), nowMs + 1)),
      10,
    );
    queue.schedule(named("c"), 100);
    clock.advanceTo(50);
    expect(fired).toEqual(["b@11"]);
  });

  it("an error reaches the caller and leaves the queue usable", () => {
    const { clock, queue, fired, named } = recorded();
    queue.schedule(
      entry(() => {
        throw new Error("on purpose");
      }),
      10,
    );
    queue.schedule(named("b"), 20);
    expect(() => clock.advanceTo(15)).toThrow("on purpose");
    clock.advanceTo(30);
    expect(fired).toEqual(["b@20"]);
  });
});

describe("waking", () => {
  it("uses one timer, asked again only when the nearest deadline comes nearer", () => {
    const { clock, waker, queue, named } = recorded();
    for (let ms = 100; ms < 200; ms++) queue.schedule(named("x"), ms);
    expect([waker.wishes, clock.pending]).toEqual([1, 1]);
    queue.schedule(named("y"), 50);
    expect([waker.wishes, clock.pending, waker.lastDelayMs]).toEqual([2, 1, 50]);
  });

  it("too early is harmless: nothing fires, the rest is waited for", () => {
    const { clock, queue, fired, named } = recorded();
    queue.schedule(named("a"), 10);
    clock.advanceTo(4);
    queue.run();
    expect(fired).toEqual([]);
    clock.advanceTo(10);
    expect(fired).toEqual(["a@10"]);
  });

  it("waits at most a minute at a time, as one setTimeout cannot wait for ever", () => {
    const { clock, waker, queue, fired, named } = recorded();
    queue.schedule(named("a"), 150_000);
    expect(waker.lastDelayMs).toBe(60_000);
    clock.advanceTo(149_999);
    expect(fired).toEqual([]);
    clock.advanceTo(150_000);
    expect(fired).toEqual(["a@150000"]);
  });

  it("ends with `stop`, which frees the entries", () => {
    const { clock, queue, fired, named } = recorded();
    const a = named("a");
    queue.schedule(a, 10);
    queue.stop();
    expect([queue.size, a.heapIndex, clock.pending]).toEqual([0, -1, 0]);
    clock.advanceTo(100);
    expect(fired).toEqual([]);
    queue.schedule(a, 110);
    clock.advanceTo(110);
    expect(fired).toEqual(["a@110"]);
  });
});

it("agrees with a plain list over 100,000 random operations", () => {
  const random = seededRandom(20_240_601);
  const clock = new VirtualClock();
  const queue = new DeadlineQueue(clock, new VirtualWaker(clock));
  const model = new Map<number, number>();
  const fired: [number, number][] = [];
  const entries = Array.from({ length: 200 }, (_, id) => entry((nowMs) => void fired.push([id, nowMs])));

  for (let operation = 0; operation < 100_000; operation++) {
    const id = Math.floor(random() * entries.length);
    const choice = random();
    if (choice < 0.6) {
      const atMs = clock.nowMs() + Math.floor(random() * 1000) + 1;
      queue.schedule(entries[id]!, atMs);
      model.set(id, atMs);
    } else if (choice < 0.75) {
      queue.cancel(entries[id]!);
      model.delete(id);
    } else {
      clock.advanceBy(Math.floor(random() * 20));
      const due = [...model].filter(([, atMs]) => atMs <= clock.nowMs());
      for (const [dueId] of due) model.delete(dueId);
      // Equal moments may fire in any order: sort both the same way.
      const sorted = (list: [number, number][]) => list.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
      const times = fired.map(([, atMs]) => atMs);
      if (times.some((atMs, index) => index > 0 && atMs < times[index - 1]!)) expect(times).toEqual([...times].sort());
      if (JSON.stringify(sorted(fired)) !== JSON.stringify(sorted(due))) expect(fired).toEqual(due);
      fired.length = 0;
    }
    if (queue.size !== model.size) expect(queue.size).toBe(model.size);
  }
  expect(queue.size).toBe(model.size);
  expect(queue.nextMs).toBe(Math.min(...model.values()));
});
