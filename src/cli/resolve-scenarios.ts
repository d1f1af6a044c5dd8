// Scenarios of the profile, put together and checked against the plan, the pipelines and the files that they name. Starts nothing.
import type { ClientKind } from "../client/session-types.js";
import type { ClientSettings } from "../profile/client-settings.js";
import { compileScenario } from "../profile/compile-scenario.js";
import { Findings } from "../profile/findings.js";
import type { KnownPipelines } from "../profile/known-pipelines.js";
import type { Scenario } from "../profile/scenario.js";
import type { WrittenScenario } from "../profile/schema-scenario.js";
import { readBesideProfile } from "./resolve-file.js";
import { largestConnectPayloadBytes } from "./resolve-payload.js";
import type { SettingReader } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

/** What one kind of client brings with it. */
export interface ClientLimits {
  readonly settings: ClientSettings;
  readonly pipelines: KnownPipelines;
  /** Largest message without a pipeline, see `largestPayloadBytes`. */
  readonly largestBytes: number;
}

/** What scenarios are checked against. */
export interface ScenarioLimits {
  /** The profile's own, and those of any. */
  readonly client: ClientKind;
  readonly ofClient: (kind: ClientKind) => ClientLimits;
  /** Length of the plan, ms. */
  readonly planMs: number;
  /** Clients that start in all. */
  readonly plannedClients: number;
  /** Of the profile as a whole, for scenarios without their own. */
  readonly connectPayloadHex: string | undefined;
}

/**
 * The profile's scenarios in its order; undefined where it has none: everybody then sends at the profile's rate.
 *
 * @param folder The profile's; files lie there or below.
 * @throws {ProfileError} With everything that is wrong with any of them.
 * @throws {UsageError} If a flag for loads without scenarios was typed.
 */
export function resolveScenarios(
  reader: SettingReader,
  limits: ScenarioLimits,
  folder: string,
  machine: Machine,
): readonly Scenario[] | undefined {
  const written = reader.fromProfile<Readonly<Record<string, WrittenScenario>>>("scenarios");
  if (written === undefined) return undefined;
  refuseFlags(reader);
  const findings = new Findings();
  const shared = {
    findings,
    plannedClients: limits.plannedClients,
    planMs: limits.planMs,
    connectPayloadHex: limits.connectPayloadHex,
    metricKinds: new Map(),
    readFile: (path: string) => readBesideProfile(reader, path, folder, machine),
    syntaxErrorOf: (path: string) => machine.syntaxErrorOf(path),
  };
  const scenarios = Object.entries(written.value).map(([name, scenario]): Scenario => {
    const { settings, pipelines, largestBytes } = limits.ofClient(scenario.client ?? limits.client);
    const surroundings = { ...shared, pipelines, maxConnectPayloadBytes: largestConnectPayloadBytes(largestBytes) };
    const compiled = compileScenario(name, scenario, surroundings);
    return settings.client === limits.client ? compiled : { ...compiled, playedAs: settings };
  });
  reader.refuse(findings.problems);
  reader.note("scenarios", scenarios.map(({ name, weight }) => `${name} x${weight}`).join(", "), written.source);
  return scenarios;
}

/** Flags that say what every client sends would do nothing to a script. */
function refuseFlags(reader: SettingReader): void {
  for (const flag of ["rate", "size", "pipeline"] as const) {
    const typed = reader.raw(flag);
    if (typed === undefined) continue;
    const hint = "Change the steps of its scenarios, or load the target without a profile";
    throw reader.error(typed.source, "left out with a profile that has scenarios", typed.values.at(-1), hint);
  }
}
