// One setting at a time: flag over environment over profile over default, checked by the profile's own rules, its origin kept.
import { z } from "zod";
import { ProfileError, UsageError, type UtpLoadError } from "../errors.js";
import { type Problem, pathText, valueAt, valueText } from "../profile/describe-issues.js";
import { FIELDS } from "../profile/fields.js";
import type { KeyPath, ParsedProfile } from "../profile/parse-profile.js";
import type { ResolvedSetting } from "./resolved-run.js";
import { environmentName, type FlagValues, type RunFlagName } from "./run-flags.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a value came from; `label` names it to a person, the key's name included. */
export interface Source {
  readonly kind: "flag" | "environment" | "profile" | "default";
  /** `--clients`, `UTP_LOAD_CLIENTS`, `load.yaml:3:10: clients`, `clients (the default)`. */
  readonly label: string;
  /** The same without the key's name. */
  readonly place: string;
}

export interface Sourced<Value> {
  readonly value: Value;
  /** As written. */
  readonly text: string;
  readonly source: Source;
}

/** What a setting is called, where, and which rule it obeys. A setting without a flag or without a key has only the other. */
export interface SettingSpec<Value> {
  readonly flag?: RunFlagName;
  /** Its key in a profile, such as `transport.heartbeat`. */
  readonly key?: string;
  readonly field: z.ZodType<Value>;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

export class SettingReader {
  readonly #flags: FlagValues;
  readonly #environment: Environment;
  readonly #profile: ParsedProfile | undefined;
  readonly #settings: ResolvedSetting[] = [];

  constructor(flags: FlagValues, environment: Environment, profile: ParsedProfile | undefined) {
    this.#flags = flags;
    this.#environment = environment;
    this.#profile = profile;
  }

  /** All settings told so far, in the order of telling. */
  get settings(): readonly ResolvedSetting[] {
    return this.#settings;
  }

  /** The same sources, for another look at them: nothing of it is told. */
  again(): SettingReader {
    return new SettingReader(this.#flags, this.#environment, this.#profile);
  }

  /** The value of a setting, its default where nobody gave one; notes it for `--print-config`. */
  read<Value>(spec: SettingSpec<Value>, fallback: Value, fallbackText: string): Sourced<Value> {
    const name = spec.key ?? spec.flag ?? "";
    const found = this.find(spec) ?? {
      value: fallback,
      text: fallbackText,
      source: { kind: "default", label: `${name} (the default)`, place: "default" },
    };
    this.note(name, found.text, found.source);
    return found;
  }

  /** The same without a default and without a note. */
  find<Value>(spec: SettingSpec<Value>): Sourced<Value> | undefined {
    return this.typed(spec) ?? this.fromProfile<Value>(spec.key);
  }

  /** A value from flag or environment only. */
  typed<Value>(spec: SettingSpec<Value>): Sourced<Value> | undefined {
    const raw = spec.flag === undefined ? undefined : this.raw(spec.flag);
    if (raw === undefined) return undefined;
    const last = raw.values.at(-1)!;
    const checked = spec.field.safeParse(inputOf(last, spec.field));
    if (checked.success) return { value: checked.data, text: last, source: raw.source };
    throw this.error(raw.source, checked.error.issues[0]!.message, inputOf(last, spec.field));
  }

  /** Whether a switch is on; its variable may say no as well. */
  isOn(flag: RunFlagName, key?: string): boolean {
    const { value } = this.read({ flag, ...(key !== undefined && { key }), field: FIELDS.yesNo }, false, "false");
    return value;
  }

  /** Every text given for a flag, or in its environment variable (one a line). */
  raw(flag: RunFlagName): { values: readonly string[]; source: Source } | undefined {
    const typed = this.#flags[flag];
    if (typed !== undefined) {
      const values = (Array.isArray(typed) ? typed : [typed]).map(String);
      return { values, source: { kind: "flag", label: `--${flag}`, place: `--${flag}` } };
    }
    const name = environmentName(flag);
    const text = this.#environment[name];
    if (text === undefined || text === "") return undefined;
    return { values: text.split("\n"), source: { kind: "environment", label: name, place: name } };
  }

  /** @param key With dots between its parts, or in parts where a name that somebody chose may hold a dot. */
  fromProfile<Value>(key: string | KeyPath | undefined): Sourced<Value> | undefined {
    if (key === undefined || this.#profile === undefined) return undefined;
    const path = typeof key === "string" ? key.split(".") : key;
    const value = valueAt(this.#profile.input, path);
    if (value === undefined) return undefined;
    const written = this.#profile.written(path);
    const text = typeof written === "string" ? written : valueText(written);
    return { value: value as Value, text, source: this.profileSource(path) };
  }

  profileSource(path: KeyPath): Source {
    const place = this.#profile!.locate(path);
    return { kind: "profile", label: `${place}: ${pathText(path)}`, place };
  }

  /** @throws {ProfileError} With all problems and their places; nothing happens where there is none. */
  refuse(problems: readonly Problem[]): void {
    this.#profile?.refuse(problems);
  }

  note(name: string, value: string, source: Source): void {
    this.#settings.push({ name, value, source: source.place });
  }

  /** "Cannot start: --clients must be RULE, got VALUE", of the kind that fits the source. */
  error(source: Source, rule: string, got: unknown, hint?: string): UtpLoadError {
    const isProfile = source.kind === "profile";
    const message = `Cannot ${isProfile ? "load profile" : "start"}: ${source.label} must be ${rule}, got ${valueText(got)}`;
    if (isProfile) return new ProfileError(message, hint ?? "`utp-load profile schema` prints every key and its rule");
    return new UsageError(message, hint ?? "`utp-load run --help` lists all flags");
  }
}

/** A number, or a number or a name. */
function takesNumber(field: z.ZodType): boolean {
  if (field instanceof z.ZodUnion) return field.options.some((option) => option instanceof z.ZodNumber);
  return field.type === "number";
}

/** Typed text as the rule expects it: numbers and yes or no are made from their text, everything else stays a text. */
function inputOf(text: string, field: z.ZodType): unknown {
  if (takesNumber(field) && NUMBER.test(text)) return Number(text);
  if (field.type !== "boolean") return text;
  const isYes = ["1", "true", "yes", "on"].includes(text.toLowerCase());
  const isNo = ["0", "false", "no", "off"].includes(text.toLowerCase());
  return isYes || isNo ? isYes : text;
}
