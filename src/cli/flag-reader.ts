// The flags of one command, from text to checked values: what every command does with them. Knows no flag, reads no file.
import type { z } from "zod";
import { UsageError } from "../errors.js";

/** As yargs gives them: a flag that was written twice is an array. */
export type GivenFlags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Each throws a `UsageError` that names the flag, its rule and the value; undefined: nobody gave the flag. */
export interface FlagReader {
  text(flags: GivenFlags, name: string): string | undefined;
  /** A value that profiles have too, by the same rule. */
  field<Value>(flags: GivenFlags, name: string, rule: z.ZodType<Value>): Value | undefined;
  whole(flags: GivenFlags, name: string, least: number, most: number): number | undefined;
  /** What is wrong with a flag. */
  wrong(name: string, rule: string, got: string, hint?: string): UsageError;
}

/** @param command Its word on the command line, which is also what cannot be done: `serve`. */
export function flagReader(command: string): FlagReader {
  const wrong: FlagReader["wrong"] = (name, rule, got, hint = `\`utp-load ${command} --help\` lists all flags`) =>
    new UsageError(`Cannot ${command}: --${name} must be ${rule}, got ${got}`, hint);
  const text: FlagReader["text"] = (flags, name) => {
    const value = flags[name];
    if (value === undefined || typeof value === "boolean") return undefined;
    if (typeof value !== "string") throw wrong(name, "given once", value.join(" and "), "Leave one of them out");
    if (value === "") throw wrong(name, "followed by a value", "nothing");
    return value;
  };
  return {
    text,
    wrong,
    field: (flags, name, rule) => {
      const given = text(flags, name);
      if (given === undefined) return undefined;
      const isNumber = rule.type === "number" && /^[+-]?\d+(?:\.\d+)?$/.test(given);
      const checked = rule.safeParse(isNumber ? Number(given) : given);
      if (checked.success) return checked.data;
      throw wrong(name, checked.error.issues[0]!.message, given);
    },
    whole: (flags, name, least, most) => {
      const given = text(flags, name);
      if (given === undefined) return undefined;
      const isRight = /^\d{1,9}$/.test(given) && Number(given) >= least && Number(given) <= most;
      if (!isRight) throw wrong(name, `a whole number from ${least} to ${most}`, given);
      return Number(given);
    },
  };
}
