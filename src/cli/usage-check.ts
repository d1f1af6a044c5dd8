// Words and flags that nobody knows, told with the nearest that somebody does. Pure.
import { UsageError } from "../errors.js";
import { nearestName } from "../metrics/nearest-name.js";
import { COMMANDS, COMPLETION } from "./commands.js";

/** The command's name: the first word that is no flag. */
export function commandWord(args: readonly string[]): string | undefined {
  return args.find((arg) => !arg.startsWith("-"));
}

/** @throws {UsageError} If the first word is no command, or the second none of its own. */
export function checkWords(args: readonly string[]): void {
  const word = commandWord(args);
  if (word === undefined) return;
  const names = [...COMMANDS.map(({ name }) => name), COMPLETION];
  if (!names.includes(word)) throw unknownCommand(word, names);
  const subcommands = COMMANDS.find(({ name }) => name === word)?.subcommands;
  const second = args[args.indexOf(word) + 1];
  if (subcommands === undefined || second?.startsWith("-") || subcommands.includes(second ?? "")) return;
  const meant = second === undefined ? undefined : nearestName(second, subcommands);
  throw new UsageError(
    `Cannot start: the word after ${word} must be ${listOf(subcommands)}, got ${second ?? "nothing"}`,
    meant === undefined ? `As in: utp-load ${word} ${subcommands[0]}` : `Did you mean ${word} ${meant}?`,
  );
}

function unknownCommand(word: string, names: readonly string[]): UsageError {
  const meant = nearestName(word, names);
  const isSubject = /:\/\/|\.(?:ya?ml|json)$/i.test(word);
  const suggestion = isSubject ? `Did you mean utp-load run ${word}?` : `Did you mean ${meant}?`;
  return new UsageError(
    `Cannot start: the command must be ${listOf(names)}, got ${word}`,
    isSubject || meant !== undefined ? suggestion : "`utp-load --help` says what each command does",
  );
}

function listOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** What yargs said about `args`, in our words. `known`: all flags of the command. */
export function usageError(message: string, args: readonly string[], known: readonly string[]): UsageError {
  const help = `\`utp-load ${commandWord(args) ?? ""} --help\` lists all flags`.replace("  ", " ");
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/s.exec(message)?.[1]?.split(", ");
  if (unknown !== undefined) return unknownArguments(withoutCamelCase(unknown), args, known, help);
  const lacking = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (lacking !== undefined) {
    return new UsageError(`Cannot start: ${flagText(lacking)} must be followed by a value, got none`, help);
  }
  if (message.startsWith("Not enough non-option arguments")) {
    // yargs took the argument for the value of a flag that nobody knows: the flag is what is wrong.
    const strange = unknownFlags(args, known);
    if (strange.length > 0) return unknownArguments(strange, args, known, help);
    const words = args.filter((arg) => !arg.startsWith("-")).join(" ");
    return new UsageError(`Cannot start: ${words} must be followed by its argument, got none`, help);
  }
  return new UsageError(`Cannot start: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, "")}`, help);
}

function unknownFlags(args: readonly string[], known: readonly string[]): string[] {
  const names = args.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []);
  return names.filter((name) => !known.includes(name) && !known.includes(name.replace(/^no-/, "")));
}

function unknownArguments(
  names: readonly string[],
  args: readonly string[],
  known: readonly string[],
  help: string,
): UsageError {
  const longFlags = known.filter((flag) => flag.length > 1);
  // `-clients` reads as seven short flags: the user meant a long one.
  const singleDash = args.find((arg) => /^-[a-z][a-z-]+/i.test(arg) && names.some((name) => arg.includes(name)));
  if (singleDash !== undefined) {
    const meant = nearestName(singleDash.replace(/^-|=.*$/g, ""), longFlags);
    const hint = meant === undefined ? help : `Did you mean --${meant}? ${help}`;
    return new UsageError(`Cannot start: unknown flag ${singleDash}`, hint);
  }
  const words = names.filter((name) => args.includes(name));
  const flags = names.filter((name) => !words.includes(name));
  // A single letter is near to too many names.
  const meant = flags.filter(({ length }) => length > 1).flatMap((name) => nearestName(name, longFlags) ?? []);
  const parts = [...named("flag", flags.map(flagText)), ...named("argument", words)];
  return new UsageError(
    `Cannot start: ${parts.join(" and ")}`,
    meant.length === 0 ? help : `Did you mean ${meant.map(flagText).join(", ")}? ${help}`,
  );
}

function named(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`unknown ${what}${names.length > 1 ? "s" : ""} ${names.join(", ")}`];
}

/** yargs names a flag twice: as typed, and in camel case. */
function withoutCamelCase(names: readonly string[]): string[] {
  const camel = (name: string): string => name.replace(/-+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
  const twins = new Set(names.filter((name) => name.includes("-")).map(camel));
  return names.filter((name) => !twins.has(name));
}

function flagText(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
