// What a matrix varies: `rate=10,20,30` as a key and its values, and all their combinations. Pure; it knows no keys.
import { UsageError } from "../errors.js";

export interface Varied {
  readonly key: string;
  /** As typed, two at least, none twice. */
  readonly values: readonly string[];
}

/** One combination: a value for each key. */
export interface Variant {
  /** `rate=10, target=ws://a/`. */
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

const HINT = "As in --vary 'rate=10,20,30'";

/** @throws {UsageError} If the text is no key with two values or more, all of them different. */
export function readVaried(text: string): Varied {
  const [, key, list] = /^\s*([A-Za-z][\w.-]*)\s*=(.*)$/s.exec(text) ?? [];
  if (key === undefined || list === undefined) throw wrong("'KEY=A,B'", text);
  const values = listed(list);
  if (values.includes("")) throw wrong(`a list of values for ${key} without gaps`, text);
  if (values.length < 2) throw wrong(`two values or more for ${key}`, text);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw wrong(`different values for ${key}`, `${twice} twice`);
  return { key, values };
}

/** @throws {UsageError} If nothing is varied, or one key twice. */
export function readAllVaried(texts: readonly string[]): Varied[] {
  if (texts.length === 0) throw wrong("given at least once", "none");
  const all = texts.map(readVaried);
  const keys = all.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw wrong("given once for each key", `${twice} twice`);
  return all;
}

/** Every combination, the last key changing fastest. */
export function variantsOf(varied: readonly Varied[]): Variant[] {
  let all: Record<string, string>[] = [{}];
  for (const { key, values } of varied) {
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [key]: value })));
  }
  return all.map((settings) => ({ name: nameOf(settings), settings }));
}

function nameOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

/** Split at commas, but for those within brackets or quotes. */
function listed(text: string): string[] {
  const values: string[] = [""];
  let depth = 0;
  let quote = "";
  for (const character of text) {
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ("[{".includes(character)) depth++;
    else if ("]}".includes(character)) depth--;
    if (character === "," && depth === 0 && quote === "") values.push("");
    else values[values.length - 1] += character;
  }
  return values.map((value) => value.trim());
}

function wrong(rule: string, got: string): UsageError {
  return new UsageError(`Cannot start: --vary must be ${rule}, got ${got}`, HINT);
}
