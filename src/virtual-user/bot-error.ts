// An error of a bot in words: file, line, column and what it says. Throws nothing, whatever was thrown.
import type { BotScript } from "../profile/scenario.js";

const LONGEST_TEXT = 200;
const UNREADABLE = "something that cannot be read";

/** `bot.mjs:12:7: TypeError: x is not a function`; without the line where nobody knows it. */
export function botErrorText(error: unknown, { file, path }: BotScript): string {
  try {
    const place = error instanceof Error ? placeIn(error.stack ?? "", path) : "";
    return `${file}${place}: ${firstLine(String(error))}`;
  } catch {
    return `${file}: ${UNREADABLE}`;
  }
}

/** `:12:7`, of the innermost call in that file; a file that cannot be parsed is told as `file:12`. */
function placeIn(stack: string, path: string): string {
  const name = path.replaceAll("\\", "/").split("/").at(-1)!;
  const names = [name, encodeURIComponent(name)].map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const match = new RegExp(`[/\\\\](?:${names.join("|")})(?:\\?[^:]*)?(:\\d+(?::\\d+)?)`).exec(stack);
  return match?.[1] ?? "";
}

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0]!;
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT)}...`;
}
