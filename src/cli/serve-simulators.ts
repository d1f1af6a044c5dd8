// The flags of `serve` that take a list of settings: Unity's two simulators and mistakes on purpose. Text in, options out; reads no file.
import type { z } from "zod";
import { UsageError } from "../errors.js";
import { nearestName } from "../metrics/nearest-name.js";
import { FIELDS } from "../profile/fields.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import { MALFORMATIONS, type Malformation } from "../server/malformed-output.js";
import {
  type GlobalSimulatorOptions,
  SIMULATOR_MODES,
  type SimulatorMode,
  type StageSimulatorOptions,
} from "../server/simulator-options.js";
import type { UtpServerOptions } from "../server/utp-server.js";

/** What one key of a list becomes. */
interface Key {
  readonly option: string;
  /** @throws {UsageError} That says what the value must be. */
  read(flag: string, key: string, text: string): number | string;
}

const GLOBAL_KEYS: Readonly<Record<string, Key>> = {
  "receive-loss": ratio("receiveLossRatio"),
  "receive-mtu": whole("receiveMtuBytes", 0, 1_000_000),
  "send-loss": ratio("sendLossRatio"),
  "send-delay": time("sendDelayMs"),
  "send-jitter": time("sendJitterMs"),
  "send-duplicate": ratio("sendDuplicateRatio"),
};

const STAGE_KEYS: Readonly<Record<string, Key>> = {
  "max-packets": whole("maxPackets", 1, 1_000_000),
  "max-size": whole("maxPacketBytes", 0, 1_000_000),
  mode: { option: "mode", read: modeOf },
  delay: time("delayMs"),
  jitter: time("jitterMs"),
  "drop-interval": whole("dropInterval", 0, 1_000_000),
  drop: percent("dropPercent"),
  duplicate: percent("duplicatePercent"),
  fuzz: percent("fuzzPercent"),
  "fuzz-offset": whole("fuzzOffsetBytes", 0, 1_000_000),
};

/** `send-delay=40ms,send-loss=1%`. @throws {UsageError} That names the flag, the key, its rule and the value. */
export function globalSimulatorOf(given: string): GlobalSimulatorOptions {
  return settingsOf("global-simulator", given, GLOBAL_KEYS, "send-delay=40ms,send-loss=1%");
}

/** `max-packets=64,drop-interval=10`. @throws {UsageError} That names the flag, the key, its rule and the value. */
export function stageSimulatorOf(given: string): StageSimulatorOptions {
  const example = "max-packets=64,delay=20ms,jitter=10ms";
  const settings = settingsOf("stage-simulator", given, STAGE_KEYS, example);
  if (settings.maxPackets !== undefined) return { ...settings, maxPackets: Number(settings.maxPackets) };
  throw wrong("stage-simulator", "a list with max-packets, how many packets can be held", given, `As in ${example}`);
}

/** `future-ack,glued`. @throws {UsageError} That names the modes. */
export function malformationsOf(given: string): Malformation[] {
  const names = given.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !MALFORMATIONS.some((known) => known === name));
  if (unknown === undefined) return MALFORMATIONS.filter((known) => names.includes(known));
  throw wrong("malform", `some of ${MALFORMATIONS.join(",")}`, unknown, didYouMean(unknown, MALFORMATIONS));
}

/** What the flags ask of each other. @throws {UsageError} That names the flag that cannot stand there. */
export function checkTogether(options: UtpServerOptions): void {
  const { faults, globalSimulator, stageSimulator, malform = [], pipelines = "none" } = options;
  const { slow, stall: _, ...plain } = faults ?? {};
  const isPlainOn = slow !== undefined || Object.values(plain).some((value) => value > 0);
  if (globalSimulator && isPlainOn) {
    const rule = "left out where --latency, --jitter, --drop or --duplicate is given";
    throw wrong("global-simulator", rule, "both", "Its keys send-delay, send-jitter, send-loss do the same");
  }
  const set = new PipelineSet(pipelines);
  const hint = "Give --pipelines ngo, or those of your game";
  if (stageSimulator && set.size === 0) throw wrong("stage-simulator", "used with --pipelines", "none of them", hint);
  const needy = malform.find((mode) => mode === "future-ack" || mode === "window-mismatch");
  const hasReliable = Array.from({ length: set.size }, (_, index) => set.isReliable(index + 1)).includes(true);
  if (needy && !hasReliable) throw wrong("malform", "used with a reliable pipeline", `${needy} and none of them`, hint);
}

function settingsOf(
  flag: string,
  given: string,
  keys: Readonly<Record<string, Key>>,
  example: string,
): Record<string, number | string> {
  const settings: Record<string, number | string> = {};
  for (const part of given.split(",")) {
    const [name = "", value, more] = part.split("=").map((text) => text.trim());
    if (value === undefined || more !== undefined) {
      throw wrong(flag, "a list of KEY=VALUE", part.trim(), `As in --${flag} ${example}`);
    }
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined) {
      const known = Object.keys(keys);
      throw wrong(flag, `made of ${known.join(", ")}`, name, didYouMean(name, known));
    }
    if (Object.hasOwn(settings, key.option)) throw wrong(flag, `a list with ${name} once`, given);
    settings[key.option] = key.read(flag, name, value);
  }
  return settings;
}

function ratio(option: string): Key {
  return { option, read: (flag, key, text) => parsed(flag, key, text, FIELDS.share) };
}

function time(option: string): Key {
  const read = (flag: string, key: string, text: string): number => {
    const ms = parsed(flag, key, text, FIELDS.latency);
    if (Number.isInteger(ms)) return ms;
    throw wrong(`${flag} ${key}`, "whole milliseconds, as in Unity", text);
  };
  return { option, read };
}

/** Unity's percentages of a stage are whole numbers. */
function percent(option: string): Key {
  const read = (flag: string, key: string, text: string): number => {
    const given = Number(/^(\d{1,3})%$/.exec(text)?.[1] ?? Number.NaN);
    if (given <= 100) return given;
    throw wrong(`${flag} ${key}`, "a whole percentage from 0% to 100%, as in Unity", text);
  };
  return { option, read };
}

function whole(option: string, least: number, most: number): Key {
  const read = (flag: string, key: string, text: string): number => {
    if (/^\d{1,7}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw wrong(`${flag} ${key}`, `a whole number from ${least} to ${most}`, text);
  };
  return { option, read };
}

function modeOf(flag: string, key: string, text: string): SimulatorMode {
  const mode = SIMULATOR_MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw wrong(`${flag} ${key}`, `one of ${SIMULATOR_MODES.join(", ")}`, text);
}

function parsed(flag: string, key: string, text: string, rule: z.ZodType<number>): number {
  const checked = rule.safeParse(text);
  if (checked.success) return checked.data;
  throw wrong(`${flag} ${key}`, checked.error.issues[0]!.message, text);
}

function didYouMean(name: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
}

function wrong(flag: string, rule: string, got: string, hint = "docs/serve.md describes each key"): UsageError {
  return new UsageError(`Cannot serve: --${flag} must be ${rule}, got ${got}`, hint);
}
