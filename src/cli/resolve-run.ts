// Argument, flags, environment and profile of `run` become one checked plan of what to do. Reads files, starts nothing.
import { join } from "node:path";
import type { ClientKind } from "../client/session-types.js";
import { nearestName } from "../metrics/nearest-name.js";
import { formatDuration } from "../profile/duration.js";
import { FIELDS } from "../profile/fields.js";
import type { Profile } from "../profile/profile.js";
import { shardFolderName } from "../shard/barrier-files.js";
import type { CoordinationOptions } from "../shard/coordination.js";
import { runPlan } from "../virtual-user/run-plan.js";
import { findSubject, type RunSubject } from "./profile-source.js";
import { resolveBaseline } from "./resolve-baseline.js";
import { resolveCoordination } from "./resolve-coordination.js";
import { plannedClients, resolveStages } from "./resolve-load.js";
import { largestPayloadBytes, resolveConnectPayload, resolvePayloadBytes } from "./resolve-payload.js";
import { resolvePipelines } from "./resolve-pipelines.js";
import { type ClientLimits, resolveScenarios } from "./resolve-scenarios.js";
import { resolveHeaders, resolveLocalAddresses, resolveTarget } from "./resolve-target.js";
import { resolveThresholds, unjudgedJoins } from "./resolve-thresholds.js";
import { resolveServer, resolveTls, resolveTransport } from "./resolve-transport.js";
import { resolveWatchers } from "./resolve-watchers.js";
import type { ResolvedRun } from "./resolved-run.js";
import { environmentName, type FlagValues, RUN_FLAGS } from "./run-flags.js";
import { type Environment, SettingReader } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

export interface RunRequest {
  /** PROFILE or URL. */
  readonly argument: string | undefined;
  readonly flags: FlagValues;
  readonly environment: Environment;
}

export interface RunDecision {
  readonly run: ResolvedRun;
  readonly printConfig: boolean;
  readonly dryRun: boolean;
  /** What a person should know before the start, a line each. */
  readonly notes: readonly string[];
}

/**
 * @throws {UsageError} For a flag, variable or argument that cannot be used.
 * @throws {ProfileError} For a profile that cannot be used; the message names file, line, column and key.
 */
export function resolveRun(request: RunRequest, machine: Machine): RunDecision {
  const notes = unknownVariables(request.environment);
  const variables = variablesOf(request);
  const hasTarget = request.flags.target !== undefined || (request.environment[environmentName("target")] ?? "") !== "";
  const subject = findSubject(request.argument, hasTarget, { ...request.environment, ...variables }, machine);
  const reader = new SettingReader(request.flags, request.environment, subject.profile);
  const profile = resolveProfile(reader, subject, machine, notes);
  const server = profile.target === "embedded" ? resolveServer(reader, profile.parameters) : undefined;
  if (server === undefined && reader.fromProfile("server") !== undefined) {
    notes.push("the profile's server settings are not used: the target is a URL");
  }
  notes.push(...unjudgedJoins(profile));
  const coordination = resolveCoordination(reader, request.environment, machine.nowMs(), notes);
  const { clients } = runPlan(profile, coordination.shard);
  const output = resolveOutput(reader, request.environment, machine, coordination);
  const run: ResolvedRun = {
    profile,
    server,
    coordination,
    failFast: reader.isOn("fail-fast"),
    workers: resolveWorkers(reader, clients.length, machine, notes),
    watchers: resolveWatchers(reader, request.environment, notes),
    environment: variables,
    ...output,
    baseline: resolveBaseline(reader, profile, output.outFolder),
    settings: reader.settings,
  };
  const asked = (flag: "print-config" | "dry-run") => reader.typed({ flag, field: FIELDS.yesNo })?.value ?? false;
  return { run, notes, printConfig: asked("print-config"), dryRun: asked("dry-run") };
}

function resolveProfile(reader: SettingReader, subject: RunSubject, machine: Machine, notes: string[]): Profile {
  const name = reader.read({ key: "name", field: FIELDS.name }, subject.name, subject.name).value;
  const target = resolveTarget(reader, subject.url);
  const client = reader.read({ flag: "client", key: "client", field: FIELDS.client }, "patient", "patient").value;
  const stages = resolveStages(reader, notes);
  const ratePerSecond = reader.read({ flag: "rate", key: "rate", field: FIELDS.ratePerSecond }, 10, "10").value;
  const transport = resolveTransport(reader, client);
  const largestBytes = largestPayloadBytes(target, client, transport.parameters.maxMessageSize);
  const connectPayloadHex = resolveConnectPayload(reader, largestBytes, subject.folder, machine);
  const { known, ...pipelines } = resolvePipelines(reader, largestBytes, notes);
  const ofClient = (kind: ClientKind): ClientLimits => {
    const settings = { client: kind, ...resolveTransport(reader.again(), kind) };
    const ownBytes = largestPayloadBytes(target, kind, settings.parameters.maxMessageSize);
    return { settings, pipelines: known.withBody(ownBytes), largestBytes: ownBytes };
  };
  const limits = {
    client,
    ofClient,
    plannedClients: plannedClients(stages),
    planMs: planLengthMs(stages),
    connectPayloadHex,
  };
  const scenarios = resolveScenarios(reader, limits, subject.folder, machine);
  return {
    name,
    target,
    stages,
    ratePerSecond,
    payloadBytes: resolvePayloadBytes(reader, known.maxMessageBytes(pipelines.pipelineId), notes),
    ...pipelines,
    warmupMs: resolveWarmup(reader, stages),
    seed: reader.read({ flag: "seed", key: "seed", field: FIELDS.seed }, 1, "1").value,
    client,
    ...transport,
    ...(connectPayloadHex !== undefined && { connectPayloadHex }),
    headers: resolveHeaders(reader),
    ...resolveTls(reader, target, subject.folder, machine, notes),
    localAddresses: resolveLocalAddresses(reader, machine),
    gracefulStopMs: reader.read({ key: "gracefulStop", field: FIELDS.gracefulStop }, 5000, "5s").value,
    thresholds: resolveThresholds(reader, known.labels, scenarios),
    ...(scenarios !== undefined && { scenarios }),
  };
}

function planLengthMs(stages: Profile["stages"]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function resolveWarmup(reader: SettingReader, stages: Profile["stages"]): number {
  const warmup = reader.read({ flag: "warmup", key: "warmup", field: FIELDS.warmup }, 0, "0s");
  const planMs = planLengthMs(stages);
  if (warmup.value < planMs) return warmup.value;
  throw reader.error(warmup.source, `shorter than the whole plan of ${formatDuration(planMs)}`, warmup.text);
}

function resolveWorkers(reader: SettingReader, clients: number, machine: Machine, notes: string[]): number {
  const fallback = Math.max(1, Math.min(clients, machine.cores - 1));
  const workers = reader.read({ flag: "workers", field: FIELDS.workers }, fallback, String(fallback));
  if (workers.value <= Math.max(1, clients)) return workers.value;
  notes.push(`${workers.source.place}: ${clients} of ${workers.value} workers, one for each client`);
  return clients;
}

type Output = Pick<ResolvedRun, "outFolder" | "json" | "quiet" | "progress" | "color">;

function resolveOutput(
  reader: SettingReader,
  environment: Environment,
  machine: Machine,
  { shard, barrier }: CoordinationOptions,
): Output {
  const out = reader.find({ flag: "out", field: FIELDS.folder });
  const beside = barrier === undefined ? undefined : join(barrier.folder, shardFolderName(shard!.index));
  if (out !== undefined) reader.note("out", out.text, out.source);
  const quiet = reader.isOn("quiet");
  const isPlain = isSet(environment, "NO_COLOR") || isSet(environment, "CI") || !machine.isTerminal;
  return {
    outFolder: out?.value ?? beside,
    json: reader.isOn("json"),
    quiet,
    progress: !reader.isOn("no-progress") && !quiet,
    color: !reader.isOn("no-color") && !isPlain,
  };
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

/** `--env K=V`, by name. */
function variablesOf(request: RunRequest): Record<string, string> {
  const reader = new SettingReader(request.flags, request.environment, undefined);
  const typed = reader.raw("env");
  const variables: Record<string, string> = {};
  for (const text of typed?.values ?? []) {
    const parts = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text);
    if (parts === null) throw reader.error(typed!.source, "K=V, K of letters, digits and underscores", text);
    variables[parts[1]!] = parts[2]!;
  }
  return variables;
}

/** Variables that look like a slip; others may belong to somebody else, such as a cluster's service addresses. */
function unknownVariables(environment: Environment): string[] {
  const known = RUN_FLAGS.map(({ name }) => environmentName(name));
  return Object.keys(environment)
    .filter((name) => name.startsWith("UTP_LOAD_") && !known.includes(name))
    .flatMap((name) => {
      const meant = nearestName(name, known);
      return meant === undefined ? [] : [`${name} is not a setting and was not used: did you mean ${meant}?`];
    });
}
