// The command line: finds the command, lets yargs read its flags, and turns every error into words and an exit code.
import yargs, { type Argv } from "yargs";
import { VERSION } from "../version.js";
import { COMMANDS, COMPLETION, type CommandEntry } from "./commands.js";
import { reportError, wantsJson } from "./exit.js";
import { checkWords, commandWord, usageError } from "./usage-check.js";

const HELP_COLUMNS = 80;
const COMPLETION_REQUEST = "--get-yargs-completions";

/**
 * Runs one command. Sets `process.exitCode`; never throws.
 *
 * @param args Behind the program's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  const fail = (error: unknown): void => {
    process.exitCode = reportError(error, wantsJson(args, process.env));
  };
  process.on("uncaughtException", (error) => {
    fail(error);
    process.exit();
  });
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    if (!args.includes(COMPLETION_REQUEST)) checkWords(args);
    await commandLine(args, await loadedCommands(args));
  } catch (error) {
    fail(error);
  }
}

/** Only the command that is called is loaded; completion asks all of them for their flags. */
async function loadedCommands(args: readonly string[]): Promise<Map<CommandEntry, object>> {
  const word = commandWord(args);
  const isWanted = ({ name }: CommandEntry) => word === name || args.includes(COMPLETION_REQUEST);
  const wanted = COMMANDS.filter(isWanted);
  return new Map(await Promise.all(wanted.map(async (entry) => [entry, await entry.load()] as const)));
}

async function commandLine(args: readonly string[], loaded: ReadonlyMap<CommandEntry, object>): Promise<void> {
  const parser = yargs(commandFirst(args))
    .scriptName("utp-load")
    .usage("utp-load <command> [flags]\n\nLoad testing for Unity Transport (UTP) servers over WebSocket")
    .locale("en")
    .version(VERSION)
    .help()
    .alias("help", "h")
    .wrap(HELP_COLUMNS)
    .strict()
    .exitProcess(false)
    .completion(COMPLETION, "Print the script for shell completion")
    .example("$0 run ws://127.0.0.1:7777/ -c 500", "500 clients, 10 messages a second each")
    .example("$0 run", "A smoke test on the embedded server")
    .example("$0 probe ws://127.0.0.1:7777/", "Why does nobody get in?")
    .epilogue(
      "Exit codes: 0 passed, 99 threshold crossed, 104 bad usage, 111 figures not the server's, 112 regression, 113 never reached",
    );
  for (const entry of COMMANDS) {
    // What is not loaded is not called either: its name and description are all that help needs.
    parser.command({
      command: entry.command,
      describe: entry.describe,
      handler: () => undefined,
      ...loaded.get(entry),
    });
  }
  parser.fail((message, error) => {
    throw error === undefined || error.name === "YError" ? usageError(message, args, flagsOf(parser)) : error;
  });
  if (args.length === 0) parser.showHelp("log");
  else await parser.parseAsync();
}

/** yargs prints the script all the same, and then does not know its own command. */
function isHelpOnCompletion(args: readonly string[]): boolean {
  return commandWord(args) === COMPLETION && args.some((arg) => arg === "--help" || arg === "-h");
}

/** yargs takes the word behind an unknown switch for its value: `--json run` would lose its command. */
function commandFirst(args: readonly string[]): string[] {
  const word = commandWord(args);
  if (word === undefined || args.includes(COMPLETION_REQUEST)) return [...args];
  if (isHelpOnCompletion(args)) return ["--help"];
  const at = args.indexOf(word);
  return [word, ...args.slice(0, at), ...args.slice(at + 1)];
}

/** yargs knows them once a command's builder has run, but its types do not say so. */
function flagsOf(parser: Argv): string[] {
  const { key } = (parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key).filter((name) => !/[A-Z]/.test(name));
}
