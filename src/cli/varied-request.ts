// One variant of a matrix as a request to `run`: its settings become flags, variables, or keys of the profile. Starts nothing.
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { UsageError } from "../errors.js";
import type { Variant } from "../matrix/vary.js";
import { nearestName } from "../metrics/nearest-name.js";
import { profileSchema } from "../profile/schema.js";
import type { RunRequest } from "./resolve-run.js";
import { type FlagValues, RUN_FLAGS, type RunFlag } from "./run-flags.js";
import type { Machine } from "./this-machine.js";

/** What a key of `--vary` changes. `server`: nothing of the run, it only fills a placeholder of `--server`. */
export type KeyKind = "flag" | "variable" | "profile" | "server";

const VARIABLE_PREFIX = "env.";
/** Flags that change the load or the client; those that name files, judge or print do not make a variant. */
const FLAGS = (RUN_FLAGS as readonly RunFlag[])
  .filter(({ kind, group, name }) => kind === "value" && (group === "Load" || group === "UTP" || name === "workers"))
  .map(({ name }) => name);
const PROFILE_KEYS = Object.keys(profileSchema.shape);

/**
 * @param hasProfile Whether a profile is varied, and not a quick load on a URL.
 * @param placeholders Of `--server`.
 * @throws {UsageError} If the key is none of them; names the nearest one.
 */
export function keyKind(key: string, hasProfile: boolean, placeholders: readonly string[]): KeyKind {
  if (FLAGS.includes(key)) return "flag";
  if (hasProfile && key.startsWith(VARIABLE_PREFIX)) return "variable";
  if (hasProfile && PROFILE_KEYS.includes(key.split(".")[0]!)) return "profile";
  if (placeholders.includes(key)) return "server";
  const known = [...FLAGS, ...(hasProfile ? PROFILE_KEYS : []), ...placeholders];
  const meant = nearestName(key, known);
  throw new UsageError(
    `Cannot start: the key of --vary must be a setting of run, a key of the profile or a placeholder of --server, got ${key}`,
    meant === undefined
      ? `Settings are ${FLAGS.join(", ")}; keys are written like transport.heartbeat`
      : `Did you mean ${meant}?`,
  );
}

/** What all variants have in common. */
export interface CommonRequest {
  /** PROFILE or URL. */
  readonly argument: string;
  readonly flags: FlagValues;
  readonly environment: RunRequest["environment"];
  readonly kinds: Readonly<Record<string, KeyKind>>;
}

/** The request of one variant, and the machine that reads its profile with the variant's keys set. */
export function variedRequest(
  { argument, flags, environment, kinds }: CommonRequest,
  { settings }: Variant,
  machine: Machine,
): { request: RunRequest; machine: Machine } {
  const of = (kind: KeyKind) => Object.entries(settings).filter(([key]) => kinds[key] === kind);
  const variables = of("variable").map(([key, value]) => `${key.slice(VARIABLE_PREFIX.length)}=${value}`);
  const env = [...((flags.env as string[] | undefined) ?? []), ...variables];
  const varied = { ...flags, ...Object.fromEntries(of("flag")), ...(env.length > 0 && { env }) };
  const readFile = (path: string): Buffer => {
    const bytes = machine.readFile(path);
    const isProfile = path === argument || path === join(machine.profilesFolder, `${argument}.yaml`);
    return isProfile ? withKeys(bytes, of("profile")) : bytes;
  };
  return { request: { argument, flags: varied, environment }, machine: { ...machine, readFile } };
}

function withKeys(bytes: Buffer, settings: readonly [string, string][]): Buffer {
  if (settings.length === 0) return bytes;
  const document = parseDocument(bytes.toString("utf8"));
  for (const [key, value] of settings) document.setIn(key.split(".").map(partOf), parse(value));
  return Buffer.from(document.toString());
}

/** A number is an index of a list. */
function partOf(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}
