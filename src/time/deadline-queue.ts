// The deadlines of all clients of a thread on one timer: a binary heap, woken by a single setTimeout.
import { type Clock, monotonicClock, type Scheduler, type TimerEntry } from "./clock.js";

/** How the queue is woken; a test brings its own and no test sleeps. */
export interface Waker {
  /** Calls back after `delayMs` (>= 0); replaces an earlier wish. */
  wake(delayMs: number, callback: () => void): void;
  stop(): void;
}

/** Longest delay of one setTimeout. */
const MAX_DELAY_MS = 60_000;

const NOT_FIRING = Number.NEGATIVE_INFINITY;
/** What is scheduled for now or earlier while others fire waits this much longer, and so for the next wake. */
const NEXT_WAKE_MS = 0.001;

/** A waker on setTimeout, in Node and in browsers. */
export function timeoutWaker(): Waker {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    wake(delayMs, callback) {
      clearTimeout(timer);
      timer = setTimeout(callback, delayMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

export class DeadlineQueue implements Scheduler {
  readonly #clock: Clock;
  readonly #waker: Waker;
  readonly #heap: TimerEntry[] = [];
  readonly #onWake = (): void => this.run();
  /** When the waker will call; Infinity: not asked. */
  #wakeMs = Number.POSITIVE_INFINITY;
  /** While `run` fires: the moment up to which it does; before and after: -Infinity. */
  #firingUntilMs = NOT_FIRING;

  constructor(clock: Clock = monotonicClock, waker: Waker = timeoutWaker()) {
    this.#clock = clock;
    this.#waker = waker;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** The nearest deadline, Infinity when there is none. */
  get nextMs(): number {
    return this.#heap[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  schedule(entry: TimerEntry, atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY) return this.cancel(entry);
    const before = entry.dueMs;
    // An entry that always has something overdue must not keep `run` from ending.
    const dueMs = atMs > this.#firingUntilMs ? atMs : this.#firingUntilMs + NEXT_WAKE_MS;
    entry.dueMs = dueMs;
    if (entry.heapIndex < 0) {
      entry.heapIndex = this.#heap.length;
      this.#heap.push(entry);
      this.#siftUp(entry);
    } else if (dueMs < before) this.#siftUp(entry);
    else if (dueMs > before) this.#siftDown(entry);
    this.#arm();
  }

  cancel(entry: TimerEntry): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    const last = this.#heap.pop()!;
    if (last === entry) return;
    this.#heap[index] = last;
    last.heapIndex = index;
    this.#siftUp(last);
    this.#siftDown(last);
  }

  /**
   * Fires every entry whose moment has come, each at most once a call with the time of its own firing. An error of an entry
   * reaches the caller (a bug of ours); the queue goes on with the others at the next wake.
   */
  run(): void {
    this.#wakeMs = Number.POSITIVE_INFINITY;
    try {
      this.#fireDue();
    } finally {
      this.#firingUntilMs = NOT_FIRING;
      this.#arm();
    }
  }

  #fireDue(): void {
    let nowMs = this.#clock.nowMs();
    const untilMs = nowMs;
    this.#firingUntilMs = untilMs;
    for (let head = this.#heap[0]; head !== undefined && head.dueMs <= untilMs; head = this.#heap[0]) {
      this.cancel(head);
      head.fire(nowMs);
      nowMs = this.#clock.nowMs();
    }
  }

  /** Forgets all entries and stops the timer. */
  stop(): void {
    for (const entry of this.#heap) entry.heapIndex = -1;
    this.#heap.length = 0;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    this.#waker.stop();
  }

  #arm(): void {
    if (this.#firingUntilMs !== NOT_FIRING) return;
    const nextMs = this.nextMs;
    if (nextMs >= this.#wakeMs) return;
    this.#wakeMs = nextMs;
    // setTimeout counts whole milliseconds from a clock that lags: rounding up would be up to 1 ms late for everyone behind.
    const delayMs = Math.min(MAX_DELAY_MS, Math.max(0, nextMs - this.#clock.nowMs()));
    this.#waker.wake(delayMs, this.#onWake);
  }

  #siftUp(entry: TimerEntry): void {
    const heap = this.#heap;
    let index = entry.heapIndex;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above]!;
      if (parent.dueMs <= entry.dueMs) break;
      heap[index] = parent;
      parent.heapIndex = index;
      index = above;
    }
    heap[index] = entry;
    entry.heapIndex = index;
  }

  #siftDown(entry: TimerEntry): void {
    const heap = this.#heap;
    const length = heap.length;
    let index = entry.heapIndex;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= length) break;
      if (below + 1 < length && heap[below + 1]!.dueMs < heap[below]!.dueMs) below++;
      const child = heap[below]!;
      if (child.dueMs >= entry.dueMs) break;
      heap[index] = child;
      child.heapIndex = index;
      index = below;
    }
    heap[index] = entry;
    entry.heapIndex = index;
  }
}
