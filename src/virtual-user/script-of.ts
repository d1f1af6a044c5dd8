// Gives a player what its scenario has it play: steps, or a bot. Starts neither.
import { BotRunner } from "./bot-runner.js";
import type { Role } from "./role.js";
import type { Script, ScriptHost } from "./script.js";
import { ScriptRunner } from "./script-runner.js";
import type { UserContext } from "./user-context.js";

export function scriptOf(context: UserContext, role: Role, number: number, host: ScriptHost): Script {
  if (role.bot === undefined) return new ScriptRunner(context, role, number, host);
  return new BotRunner(context, role, role.bot, number, host);
}
