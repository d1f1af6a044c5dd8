// The worker's side of watching bots: says whose code it is in, and brings errors that nobody catches to the bot that they are of. Ends
// no bot itself.
import { AsyncLocalStorage } from "node:async_hooks";
import type { BotWatch } from "../virtual-user/bot-role.js";
import type { BotCell } from "./bot-cell.js";

/** A bot whose code runs, or ran. */
interface Owner {
  readonly scenario: number;
  readonly number: number;
  readonly fail: (error: unknown) => void;
}

export class WorkerBotWatch implements BotWatch {
  readonly #cell: BotCell;
  /** What code of a bot starts, promises and timers of its own, belongs to it for as long as it lasts. */
  readonly #owners = new AsyncLocalStorage<Owner>();
  #inside: Owner | undefined;
  /** The one whose code ran last. */
  #last: Owner | undefined;
  /** One that went on in microtasks, which may never end: it is at work until the thread gets to something else. */
  #async: Owner | undefined;

  constructor(cell: BotCell) {
    this.#cell = cell;
  }

  run<Result>(scenario: number, number: number, code: () => Result, fail: (error: unknown) => void): Result {
    const outer = this.#inside;
    const owner = { scenario, number, fail };
    this.#inside = owner;
    this.#last = owner;
    this.#cell.enter(scenario, number);
    try {
      const result = this.#owners.run(owner, code);
      if (result instanceof Promise) this.#goesOn(owner);
      return result;
    } finally {
      this.#inside = outer;
      this.#backTo(outer ?? this.#async);
    }
  }

  /**
   * An error that nobody caught. False: it is of no bot.
   *
   * @param isOfBots Whether it was thrown in a bot's file. Node forgets whose a microtask was: it is of the bot that ran last.
   */
  takeUncaught(error: unknown, isOfBots: boolean): boolean {
    const owner = this.#owners.getStore() ?? (isOfBots ? this.#last : undefined);
    owner?.fail(error);
    return owner !== undefined;
  }

  #goesOn(owner: Owner): void {
    const isAwaited = this.#async !== undefined;
    this.#async = owner;
    if (isAwaited) return;
    setImmediate(() => {
      this.#async = undefined;
      this.#backTo(this.#inside);
    });
  }

  #backTo(owner: Owner | undefined): void {
    if (owner === undefined) this.#cell.leave();
    else this.#cell.enter(owner.scenario, owner.number);
  }
}
