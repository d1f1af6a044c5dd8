// Loads the script files of a profile in a worker, each once. Calls no bot, and never throws: what goes wrong is what the file became.
import { pathToFileURL } from "node:url";
import type { BotFactory } from "../bot/index.js";
import type { Profile } from "../profile/profile.js";
import type { BotModule } from "../virtual-user/bot-role.js";
import { type BotCell, LOADING } from "./bot-cell.js";

/** A file that waits for something at its top must be done by then. */
const LOAD_TIMEOUT_MS = 10_000;
/** Who waits is alive, and says so. */
const LIFE_SIGN_MS = 500;

/** The scripts by their paths. */
export async function loadBotModules(profile: Profile, cell: BotCell): Promise<Map<string, BotModule>> {
  const modules = new Map<string, BotModule>();
  for (const [scenario, { bot }] of (profile.scenarios ?? []).entries()) {
    if (bot === undefined || modules.has(bot.path)) continue;
    const sign = (): void => cell.enter(scenario, LOADING);
    sign();
    const signs = setInterval(sign, LIFE_SIGN_MS);
    modules.set(bot.path, await loaded(bot.path));
    clearInterval(signs);
    cell.leave();
  }
  return modules;
}

async function loaded(path: string): Promise<BotModule> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const error = new Error(`Cannot load a script: it must be loaded within ${LOAD_TIMEOUT_MS / 1000} s, got no end`);
    timer = setTimeout(() => reject(error), LOAD_TIMEOUT_MS);
  });
  try {
    const exported: { readonly bot?: unknown } = await Promise.race([import(pathToFileURL(path).href), timeout]);
    if (typeof exported.bot === "function") return { factory: exported.bot as BotFactory };
    throw new TypeError(`Cannot load a script: its export bot must be a function, got ${typeof exported.bot}`);
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}
