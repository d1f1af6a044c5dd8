// Time for tests: it stands still until a test moves it, and wake-ups fire in order on the way. Never sleeps, never looks at the system's clock.
import type { Clock } from "../../src/time/clock.js";
import { DeadlineQueue, type Waker } from "../../src/time/deadline-queue.js";

/** Wake-ups at one and the same instant after which a loop is assumed: something asks to be woken for ever without time passing. */
const MAX_WAKES_PER_INSTANT = 100_000;

interface Wake {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that only a test moves. Wake-ups and `at` callbacks fire in the order of their moments, equal ones in the order asked. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #wakes = new Set<Wake>();

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Calls back once the clock gets to `atMs` (a past moment: at the next move); returns a function that cancels. */
  at(atMs: number, callback: () => void): () => void {
    const wake: Wake = { atMs, order: this.#order++, callback };
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  /** Moves to `toMs` and fires everything due on the way, each with the clock at its own moment. */
  advanceTo(toMs: number): void {
    if (toMs < this.#nowMs)
      throw new RangeError(`Cannot advance: time must not go back from ${this.#nowMs}, got ${toMs}`);
    let wakesAtInstant = 0;
    for (let next = this.#next(toMs); next !== undefined; next = this.#next(toMs)) {
      wakesAtInstant = next.atMs > this.#nowMs ? 1 : wakesAtInstant + 1;
      if (wakesAtInstant > MAX_WAKES_PER_INSTANT)
        throw new Error(`Cannot advance: wake-ups without end at ${this.#nowMs} ms`);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#wakes.delete(next);
      next.callback();
    }
    this.#nowMs = toMs;
  }

  /** `advanceTo` by a span. */
  advanceBy(spanMs: number): void {
    this.advanceTo(this.#nowMs + spanMs);
  }

  /** Moves the time without firing anything: a thread that was blocked. The next `advanceTo` fires what is overdue, late. */
  blockFor(spanMs: number): void {
    this.#nowMs += spanMs;
  }

  /** Callbacks that still wait. */
  get pending(): number {
    return this.#wakes.size;
  }

  /** The nearest moment asked for; Infinity: none. */
  get nextMs(): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (const { atMs } of this.#wakes) nearest = Math.min(nearest, atMs);
    return nearest;
  }

  #next(toMs: number): Wake | undefined {
    let found: Wake | undefined;
    for (const wake of this.#wakes) {
      if (wake.atMs > toMs) continue;
      if (found === undefined || wake.atMs < found.atMs || (wake.atMs === found.atMs && wake.order < found.order)) {
        found = wake;
      }
    }
    return found;
  }
}

/** The queue's `Waker` on a virtual clock: one wish at a time, as with one setTimeout. */
export class VirtualWaker implements Waker {
  readonly #clock: VirtualClock;
  #cancel: (() => void) | undefined;
  /** How often the queue asked to be woken. */
  wishes = 0;
  /** The delay of the last wish, ms. */
  lastDelayMs: number | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  wake(delayMs: number, callback: () => void): void {
    this.wishes++;
    this.lastDelayMs = delayMs;
    this.#cancel?.();
    this.#cancel = this.#clock.at(this.#clock.nowMs() + delayMs, callback);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

/** A deadline queue whose time a test moves: `const { clock, queue } = virtualScheduler(); clock.advanceTo(1000)`. */
export function virtualScheduler(startMs = 0): { clock: VirtualClock; waker: VirtualWaker; queue: DeadlineQueue } {
  const clock = new VirtualClock(startMs);
  const waker = new VirtualWaker(clock);
  return { clock, waker, queue: new DeadlineQueue(clock, waker) };
}
