// How far this machine's clock is from that of a shared folder, seen by the time that the folder gives a new file. Sets no clock.
import { rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What was measured. */
export interface ClockOffset {
  /** The folder's clock less this machine's, ms. */
  readonly offsetMs: number;
  /** Half the time that the file took to be written, and what its time is rounded to: the truth is that near, ms. */
  readonly uncertaintyMs: number;
}

/** Kernels stamp files with the time of their last tick, a hundredth of a second apart at most. */
const STAMP_MS = 10;
const ROUNDS = 5;

/**
 * Writes a small file a few times, keeps the quickest round, takes the file away.
 *
 * @param path A file that does not exist, in the folder.
 * @param nowMs This machine's clock, ms since the epoch.
 */
export function measureClockOffset(path: string, nowMs: () => number = wallClockMs): ClockOffset {
  let best: ClockOffset | undefined;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const beforeMs = nowMs();
      writeFileSync(path, String(round));
      const afterMs = nowMs();
      const uncertaintyMs = (afterMs - beforeMs) / 2 + STAMP_MS;
      const offsetMs = statSync(path).mtimeMs - (beforeMs + afterMs) / 2;
      if (best === undefined || uncertaintyMs < best.uncertaintyMs) best = { offsetMs, uncertaintyMs };
    }
  } finally {
    rmSync(path, { force: true });
  }
  return best!;
}

/** A clock, and waiting by it, as an argument, so that tests need not wait. */
export interface WallClock {
  /** Ms since the epoch. */
  nowMs(): number;
  /** Comes back early when the signal says so. */
  sleep(forMs: number, signal: AbortSignal | undefined): Promise<void>;
}

export const SYSTEM_CLOCK: WallClock = {
  nowMs: wallClockMs,
  sleep: async (forMs, signal) => {
    await sleep(Math.min(forMs, LONGEST_SLEEP_MS), undefined, { ...(signal !== undefined && { signal }) }).catch(
      () => undefined,
    );
  },
};

/** Timers cannot be longer. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** With fractions of a millisecond, which Date.now has not. */
function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}
