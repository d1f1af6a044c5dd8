// The main thread's side of watching bots: notices a worker that does not come out of a bot's code. It ends no worker and has no timer.
import { type BotAtWork, type BotCell, LOADING } from "./bot-cell.js";

/** How often to look, and how many looks in a row must see one call: a main thread that is late itself looks less often, not sooner. */
export const LOOK_INTERVAL_MS = 250;
const LOOKS = 8;
export const STUCK_MS = LOOKS * LOOK_INTERVAL_MS;

export class BotWatchdog {
  readonly #cells: readonly BotCell[];
  /** By worker: the call seen last, since when, and how often again. */
  readonly #seen: ({ entries: number; sinceMs: number; looks: number } | undefined)[] = [];

  /** @param cells One a worker. */
  constructor(cells: readonly BotCell[]) {
    this.#cells = cells;
  }

  /** Workers that have been in one call of a bot for `STUCK_MS`, each told once, and whose call it is. */
  look(nowMs: number): { readonly worker: number; readonly bot: BotAtWork }[] {
    return this.#cells.flatMap((cell, worker) => {
      const bot = cell.look();
      const seen = this.#seen[worker];
      if (bot === undefined) this.#seen[worker] = undefined;
      else if (bot.entries !== seen?.entries) {
        this.#seen[worker] = { entries: bot.entries, sinceMs: nowMs, looks: 0 };
      } else if (++seen.looks >= LOOKS && nowMs - seen.sinceMs >= STUCK_MS) {
        seen.looks = Number.NEGATIVE_INFINITY;
        return [{ worker, bot }];
      }
      return [];
    });
  }
}

/** What happened, for a person. */
export function stuckText(file: string, { client }: BotAtWork): string {
  const seconds = STUCK_MS / 1000;
  if (client === LOADING) return `${file} does not yield: it has been loading for ${seconds} s without an end`;
  return `${file} does not yield: client ${client} has been in its code for ${seconds} s without an end`;
}
