// Everything that a worker needs to play bots, made ready before the run starts: their files loaded, their errors caught. Plays none.
import { pathToFileURL } from "node:url";
import type { Profile } from "../profile/profile.js";
import { botErrorText } from "../virtual-user/bot-error.js";
import type { BotStage } from "../virtual-user/bot-role.js";
import { BotCell } from "./bot-cell.js";
import { loadBotModules } from "./bot-modules.js";
import { WorkerBotWatch } from "./bot-watch.js";

/**
 * From here on an error that nobody catches ends the bot that it is of. One that is of no bot ends the thread, as it did before.
 *
 * @param onLog Hears of errors in a script that no client can be told of.
 */
export async function openBotStage(
  profile: Profile,
  cellBuffer: SharedArrayBuffer,
  onLog: (line: string) => void,
): Promise<BotStage> {
  const cell = new BotCell(cellBuffer);
  const watch = new WorkerBotWatch(cell);
  const scripts = (profile.scenarios ?? []).flatMap(({ bot }) => bot ?? []);
  const onUncaught = (error: unknown): void => {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    const script = scripts.find(({ path }) => stack.includes(pathToFileURL(path).href));
    if (watch.takeUncaught(error, script !== undefined)) return;
    if (script === undefined) throw error;
    onLog(`ScriptError of no client in ${botErrorText(error, script)}`);
  };
  process.on("uncaughtException", onUncaught);
  process.on("unhandledRejection", onUncaught);
  return { modules: await loadBotModules(profile, cell), watch };
}
