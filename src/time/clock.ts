// Time as an argument: everything that acts on time gets it from here, so that tests can bring their own.

/** Monotonic milliseconds with a fraction. */
export interface Clock {
  nowMs(): number;
}

/** The process' own monotonic clock (performance.now). */
export const monotonicClock: Clock = { nowMs: () => performance.now() };

/** Anything that has at most one next moment. The queue calls `fire` once it has come; the entry may schedule itself again. */
export interface TimerEntry {
  /** Owned by the queue: position in its heap, -1 when not scheduled. */
  heapIndex: number;
  /** Owned by the queue: the moment asked for, in ms of its clock. */
  dueMs: number;
  fire(nowMs: number): void;
}

/** One timer for any number of entries. */
export interface Scheduler extends Clock {
  /** Moves the entry's moment to `atMs`; Infinity cancels. Cheap when the moment does not come nearer. */
  schedule(entry: TimerEntry, atMs: number): void;
  cancel(entry: TimerEntry): void;
}
