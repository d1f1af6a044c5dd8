// Flags of `deploy` and a profile become the facts that an engine's files are made of; the plan is checked as `run` would. Starts nothing.
import { dirname, relative, resolve, sep } from "node:path";
import { type Deployment, type DeploymentFile, jobName, resourcesFor } from "../deploy/deployment.js";
import { UsageError } from "../errors.js";
import { parseDuration } from "../profile/duration.js";
import { runPlan } from "../virtual-user/run-plan.js";
import { resolveRun } from "./resolve-run.js";
import type { FlagValues, RunFlag } from "./run-flags.js";
import type { Environment } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

const MAX_SHARDS = 10_000;
const MAX_CPUS = 256;
const DEFAULT_CPUS = 2;
const DEFAULT_BARRIER = "5m";
/** To be started, to load, to write and be seen to have ended, seconds. */
const MARGIN_SECONDS = 60;

export interface ResolvedDeployment {
  readonly deployment: Deployment;
  readonly notes: readonly string[];
}

/**
 * @param passed The flags of `run` that go on to the shards as they were typed.
 * @throws {UsageError | ProfileError} As `run` would, and for what no engine can run.
 */
export function resolveDeployment(
  flags: FlagValues,
  passed: readonly RunFlag[],
  environment: Environment,
  machine: Machine,
): ResolvedDeployment {
  const shards = wholeNumber(flags, "shards", 1, MAX_SHARDS);
  const cpus = wholeNumber(flags, "cpus", 1, MAX_CPUS, DEFAULT_CPUS);
  const barrierSeconds = seconds(flags, "barrier-timeout", DEFAULT_BARRIER);
  const argument = String(flags.profile);
  const files = new Map<string, Uint8Array>();
  const runFlags = Object.fromEntries(passed.map(({ name }) => [name, flags[name]]));
  // What the shards will find in their environment is not what is here.
  const withoutShard = Object.fromEntries(Object.entries(environment).filter(([name]) => !ARRAY_VARIABLE.test(name)));
  const request = { argument, flags: runFlags, environment: withoutShard };
  const { run, notes } = resolveRun(request, noting(machine, files));
  const { profile } = run;
  if (profile.target === "embedded") {
    throw new UsageError(
      "Cannot deploy: the target must be a ws:// or wss:// URL that all shards reach, got embedded",
      "Name the server in the profile, or with --target",
    );
  }
  const peakClients = runPlan(profile, { index: 0, count: shards }).peakClients;
  const planSeconds = profile.stages.reduce((sum, { durationMs }) => sum + durationMs, profile.gracefulStopMs) / 1000;
  return {
    notes,
    deployment: {
      name: jobName(profile.name),
      profilePath: argument,
      files: filesBeside(files),
      shards,
      clients: runPlan(profile).clients.length,
      runFlags: typedFlags(flags, passed),
      resources: resourcesFor(peakClients, cpus),
      limitSeconds: Math.ceil(planSeconds + barrierSeconds + MARGIN_SECONDS),
      barrierSeconds,
    },
  };
}

const ARRAY_VARIABLE = /^(?:SLURM_ARRAY_|JOB_COMPLETION_INDEX$|UTP_SHARDS$|AWS_BATCH_JOB_ARRAY_|CLOUD_RUN_TASK_)/;

/** The machine, with every file that is read of it kept. */
function noting(machine: Machine, files: Map<string, Uint8Array>): Machine {
  return {
    ...machine,
    readFile: (path) => {
      const content = machine.readFile(path);
      files.set(resolve(path), content);
      return content;
    },
  };
}

/** By their path from the profile's folder, the profile first: it is the first that is read. */
function filesBeside(files: ReadonlyMap<string, Uint8Array>): DeploymentFile[] {
  const [profilePath] = files.keys();
  const folder = dirname(profilePath ?? "");
  return [...files].map(([path, content]) => {
    const name = relative(folder, path).split(sep).join("/");
    if (!name.startsWith("..")) return { name, content };
    throw new UsageError(
      `Cannot deploy: the profile's files must be in its folder, got ${name}`,
      "Copy the file beside the profile: the whole folder goes to the shards",
    );
  });
}

function typedFlags(flags: FlagValues, passed: readonly RunFlag[]): string[][] {
  return passed.flatMap(({ name, kind }) => {
    const value = flags[name];
    if (value === undefined || value === false) return [];
    if (kind === "switch") return [[`--${name}`]];
    return (Array.isArray(value) ? value : [value]).map((one) => [`--${name}`, String(one)]);
  });
}

function wholeNumber(flags: FlagValues, name: string, min: number, max: number, fallback?: number): number {
  const text = flags[name];
  if (text === undefined && fallback !== undefined) return fallback;
  const value = Number(text);
  if (typeof text === "string" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrong(name, `a whole number from ${min} to ${max}`, text);
}

function seconds(flags: FlagValues, name: string, fallback: string): number {
  const text = flags[name] ?? fallback;
  const durationMs = parseDuration(String(text));
  if (durationMs !== undefined && durationMs >= 1000) return Math.ceil(durationMs / 1000);
  throw wrong(name, "a duration from 1s, such as 5m", text);
}

function wrong(name: string, rule: string, got: unknown): UsageError {
  return new UsageError(
    `Cannot deploy: --${name} must be ${rule}, got ${got === undefined ? "nothing" : String(got)}`,
    "As in: utp-load deploy slurm load.yaml --shards 4",
  );
}
