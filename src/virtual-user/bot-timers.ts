// The timers that one bot has set over one connection: which is next, and for when. Calls nothing and has no clock.
import type { BotTimer } from "../bot/index.js";
import type { SendSchedule } from "../workload/pacer.js";

export type BotAction = () => unknown;

/** One call that has come due. */
export interface DueCall {
  readonly action: BotAction;
  readonly dueMs: number;
  /** It is one of a schedule, which goes on. */
  readonly isTick: boolean;
}

export class BotTimers {
  #timers: Timer[] = [];

  /** Infinity: there is none. */
  get nextMs(): number {
    return this.#earliest?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** One call. */
  addOnce(atMs: number, action: BotAction): BotTimer {
    return this.#add(new Timer(action, atMs, undefined));
  }

  /** Calls on a schedule, from its first moment on. */
  addSchedule(schedule: SendSchedule, action: BotAction): BotTimer {
    return this.#add(new Timer(action, schedule.intendedMs(0), schedule));
  }

  /** Takes the call that is due first, of those at one moment the one that was set first; undefined: there is none. */
  take(): DueCall | undefined {
    const timer = this.#earliest;
    if (timer === undefined) return undefined;
    const call = { action: timer.action, dueMs: timer.dueMs, isTick: timer.isSchedule };
    if (timer.isSchedule) timer.goOn();
    else timer.stop();
    return call;
  }

  /** A pause is over: single calls come later by its length, and schedules go on with the first call for `nowMs` or later. */
  shift(pausedMs: number, nowMs: number): void {
    for (const timer of this.#timers) {
      if (!timer.isSchedule) timer.dueMs += pausedMs;
      while (timer.isSchedule && timer.dueMs < nowMs) timer.goOn();
    }
  }

  /** Drops all timers; how many calls of schedules were due before `untilMs`. */
  clear(untilMs: number): number {
    let ticks = 0;
    for (const timer of this.#timers) {
      for (; timer.isSchedule && !timer.isStopped && timer.dueMs < untilMs; timer.goOn()) ticks++;
      timer.stop();
    }
    this.#timers = [];
    return ticks;
  }

  #add(timer: Timer): BotTimer {
    this.#timers.push(timer);
    return timer;
  }

  get #earliest(): Timer | undefined {
    if (this.#timers.some(({ isStopped }) => isStopped)) this.#timers = this.#timers.filter((each) => !each.isStopped);
    let earliest = this.#timers[0];
    for (const timer of this.#timers) if (timer.dueMs < earliest!.dueMs) earliest = timer;
    return earliest;
  }
}

class Timer implements BotTimer {
  readonly action: BotAction;
  readonly #schedule: SendSchedule | undefined;
  #round = 0;
  dueMs: number;
  isStopped = false;

  constructor(action: BotAction, dueMs: number, schedule: SendSchedule | undefined) {
    this.action = action;
    this.dueMs = dueMs;
    this.#schedule = schedule;
  }

  get isSchedule(): boolean {
    return this.#schedule !== undefined;
  }

  goOn(): void {
    if (this.#schedule !== undefined) this.dueMs = this.#schedule.intendedMs(++this.#round);
  }

  stop(): void {
    this.isStopped = true;
  }
}
