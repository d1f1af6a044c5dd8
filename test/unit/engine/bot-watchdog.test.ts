// Watching bots from both ends: whose code a worker is in, whose an uncaught error is, and when a call has lasted too long.
import { describe, expect, it } from "vitest";
import { BotCell, LOADING } from "../../../src/engine/bot-cell.js";
import { WorkerBotWatch } from "../../../src/engine/bot-watch.js";
import { BotWatchdog, LOOK_INTERVAL_MS, STUCK_MS, stuckText } from "../../../src/engine/bot-watchdog.js";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ignore = (): void => undefined;

describe("BotWatchdog", () => {
  /** What it says, by the time at which it does, when looked at so often. */
  function looks(
    cell: BotCell,
    untilMs: number,
    stepMs: number,
    beforeLook: (nowMs: number) => void = ignore,
  ): string[] {
    const watchdog = new BotWatchdog([new BotCell(), cell]);
    const said: string[] = [];
    for (let nowMs = 0; nowMs <= untilMs; nowMs += stepMs) {
      beforeLook(nowMs);
      for (const { worker, bot } of watchdog.look(nowMs)) said.push(`${nowMs}: worker ${worker}, client ${bot.client}`);
    }
    return said;
  }

  it("names the worker and the client after 2 s in one call, once", () => {
    const cell = new BotCell();
    cell.enter(0, 7);
    expect(looks(cell, 10_000, LOOK_INTERVAL_MS)).toEqual([`${STUCK_MS}: worker 1, client 7`]);
  });

  it("says nothing of a worker that is in nobody's code, however busy, nor of one that has left a bot's", () => {
    const cell = new BotCell();
    expect(looks(cell, 10_000, LOOK_INTERVAL_MS)).toEqual([]);
    cell.enter(0, 7);
    expect(looks(cell, 10_000, LOOK_INTERVAL_MS, (nowMs) => nowMs > 1500 && cell.leave())).toEqual([]);
  });

  it("says nothing while calls come and go, even where each look sees the same client", () => {
    const cell = new BotCell();
    expect(looks(cell, 10_000, LOOK_INTERVAL_MS, () => cell.enter(0, 7))).toEqual([]);
  });

  it("wants to have looked eight times: a machine that stood still proves nothing", () => {
    const cell = new BotCell();
    cell.enter(0, 7);
    expect(looks(cell, 30_000, 5000)).toEqual([]);
    expect(looks(cell, 45_000, 5000)).toEqual(["40000: worker 1, client 7"]);
  });

  it("names the file, and tells loading from playing", () => {
    const bot = { entries: 1, client: 7, scenario: 0 };
    expect(stuckText("bot.mjs", bot)).toContain("bot.mjs does not yield: client 7 has been in its code for 2 s");
    expect(stuckText("bot.mjs", { ...bot, client: LOADING })).toContain("it has been loading for 2 s");
  });
});

describe("WorkerBotWatch", () => {
  function watched() {
    const cell = new BotCell();
    return { watch: new WorkerBotWatch(cell), seen: new BotCell(cell.buffer) };
  }

  it("says whose code it is in, also of a call within another, and that it is out", () => {
    const { watch, seen } = watched();
    const inside: (number | undefined)[] = [];
    const note = (): unknown => inside.push(seen.look()?.client);
    const outer = (): void => {
      note();
      watch.run(1, 5, note, ignore);
      note();
    };
    watch.run(0, 4, outer, ignore);
    note();
    expect(inside).toEqual([4, 5, 4, undefined]);
  });

  it("is out after an error, which comes through", () => {
    const { watch, seen } = watched();
    const code = (): never => {
      throw new Error("boom");
    };
    expect(() => watch.run(0, 4, code, ignore)).toThrow("boom");
    expect(seen.look()).toBeUndefined();
  });

  it("stays with an async call until the thread gets to something else", async () => {
    const { watch, seen } = watched();
    watch.run(0, 4, async () => undefined, ignore);
    watch.run(0, 5, ignore, ignore);
    expect(seen.look()).toMatchObject({ client: 4, scenario: 0 });
    await nextTurn();
    expect(seen.look()).toBeUndefined();
  });

  it("brings an error that nobody caught to the bot that started it", async () => {
    const { watch } = watched();
    const failed: string[] = [];
    const takeLater = async (): Promise<void> => {
      await nextTurn();
      watch.takeUncaught(new Error("late"), true);
    };
    for (const number of [4, 5]) watch.run(0, number, takeLater, (error) => failed.push(`${number}: ${error}`));
    await nextTurn();
    await nextTurn();
    expect(failed).toEqual(["4: Error: late", "5: Error: late"]);
    expect(watch.takeUncaught(new Error("of the bots, but whose"), true)).toBe(true);
    expect(failed.at(-1)).toBe("5: Error: of the bots, but whose");
    expect(watch.takeUncaught(new Error("ours"), false)).toBe(false);
  });
});
