// Finds what `run [PROFILE | URL]` means: a file, a profile that comes with the package, or a URL. Reads files, checks no values.
import { basename, dirname, extname, join } from "node:path";
import { ProfileError, UsageError } from "../errors.js";
import { type ParsedProfile, parseProfile } from "../profile/parse-profile.js";
import type { Variables } from "../profile/variables.js";
import type { Machine } from "./this-machine.js";

/** The profiles in the package, by the name that stands for them on the command line. */
export const READY_PROFILES = [
  "smoke",
  "shooter-60hz",
  "turn-based",
  "mmo-zone",
  "join-storm",
  "reconnect-storm",
  "ngo-login",
  "soak",
  "bots",
] as const;

export interface RunSubject {
  readonly profile: ParsedProfile | undefined;
  /** What the run is called unless the profile says so. */
  readonly name: string;
  /** What paths in the profile are relative to. */
  readonly folder: string;
  /** The URL that stood in place of a profile. */
  readonly url: string | undefined;
}

const QUICK_LOAD = { profile: undefined, name: "quick", folder: "." } as const;

/**
 * @param argument The one positional argument of `run`.
 * @param hasTarget Whether a flag or the environment names a target: then no argument means a quick load, else the smoke profile.
 * @throws {ProfileError} If the file cannot be read or its content is wrong.
 */
export function findSubject(
  argument: string | undefined,
  hasTarget: boolean,
  variables: Variables,
  machine: Machine,
): RunSubject {
  if (argument === undefined) {
    return hasTarget ? { ...QUICK_LOAD, url: undefined } : readyProfile("smoke", variables, machine);
  }
  if (argument === "embedded" || /^[a-z][a-z0-9+.-]*:\/\//i.test(argument)) {
    if (!hasTarget) return { ...QUICK_LOAD, url: argument };
    throw new UsageError(
      `Cannot start: the target must be given once, got ${argument} and another by --target or UTP_LOAD_TARGET`,
      "Remove one of them",
    );
  }
  return fileProfile(argument, variables, machine);
}

function fileProfile(path: string, variables: Variables, machine: Machine): RunSubject {
  let text: string;
  try {
    text = machine.readFile(path).toString("utf8");
  } catch (error) {
    if (isMissing(error) && isReady(path)) return readyProfile(path, variables, machine);
    throw new ProfileError(
      `Cannot load profile: ${path} must be a readable file, got ${reasonOf(error)}`,
      hintFor(path),
    );
  }
  return { profile: parseProfile(text, path, variables), name: nameOf(path), folder: dirname(path), url: undefined };
}

/** The file's name as far as it may stand in the name of a results folder. */
function nameOf(path: string): string {
  const name = basename(path, extname(path)).replace(/[^A-Za-z0-9._-]/g, "-");
  return name.replace(/^[^A-Za-z0-9]+/, "").slice(0, 64) || "profile";
}

function readyProfile(name: string, variables: Variables, machine: Machine): RunSubject {
  const text = machine.readFile(join(machine.profilesFolder, `${name}.yaml`)).toString("utf8");
  const profile = parseProfile(text, `profiles/${name}.yaml`, variables);
  return { profile, name, folder: machine.profilesFolder, url: undefined };
}

function isReady(name: string): boolean {
  return (READY_PROFILES as readonly string[]).includes(name);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function reasonOf(error: unknown): string {
  if (isMissing(error)) return "no such file";
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

function hintFor(argument: string): string {
  if (/^[\w.-]+:\d+(?:\/|$)/.test(argument)) return `For a server write its URL: ws://${argument}`;
  return `Give a YAML or JSON file, a ws:// or wss:// URL, or one of ${READY_PROFILES.join(", ")}`;
}
