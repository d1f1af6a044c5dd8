// How a server behaves: what a caller may set, the defaults, and the rules that the values must obey. No network in here.
import { UsageError } from "../errors.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../protocol/parameters.js";
import type { ProbeSet } from "../protocol/path-mtu.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import { type Malformation, withOtherWindows } from "./malformed-output.js";
import {
  type GlobalSimulatorOptions,
  globalRules,
  resolveGlobal,
  resolveStage,
  type StageSimulatorOptions,
  stageRules,
} from "./simulator-options.js";

/** Unity's limits under load, protocol page 14: each can be switched on its own. */
export const UNITY_LIMITS = ["accept", "reads", "fin", "control", "send"] as const;
export type UnityLimit = (typeof UNITY_LIMITS)[number];

/** What is done to the UTP messages that the server sends, and to its own pace: the plain model, order kept. Protocol page 7.4. */
export interface FaultOptions {
  /** Delay of each message, ms. */
  readonly latencyMs?: number;
  /** That share of messages, 0..1, is delayed by this instead: a latency of two humps. */
  readonly slow?: { readonly latencyMs: number; readonly ratio: number };
  /** A further delay between 0 and this, ms; the order is kept. */
  readonly jitterMs?: number;
  /** Share of messages that are lost, 0..1. */
  readonly dropRatio?: number;
  /** Share of messages that leave twice, 0..1. */
  readonly duplicateRatio?: number;
  /** The server does nothing at all for `forMs` every `everyMs`. */
  readonly stall?: { readonly forMs: number; readonly everyMs: number };
}

export interface ServerBehaviour {
  /** Unity's transport parameters, where they are not its defaults. */
  readonly parameters?: Partial<UtpParameters>;
  /** Request target that is served, at most 125 bytes; default `/`. */
  readonly path?: string;
  /** Updates a second, as a Unity server has them; 0: acts at once. Default 60. */
  readonly tickHz?: number;
  /** Receive and send queue, packets; bites with a tick only. Default 512, as in Unity. */
  readonly queuePackets?: number;
  /** Which of Unity's limits bite; default: all with a tick, none without. */
  readonly limits?: readonly UnityLimit[];
  /** `safe` closes silent sockets after the connect timeout and does not lose the frame that Unity loses (2.5). Default `strict`. */
  readonly mode?: "strict" | "safe";
  /** The pipelines that exist, ids from 1 on: `ngo`, `none`, or each one's stages. Messages on other ids are counted and ignored. Default `none`. */
  readonly pipelines?: PipelinesDescription;
  /** Sent with each Accept; read by clients of UTP 2.7 and later. */
  readonly acceptPayload?: Uint8Array;
  /** Path MTU discovery from the server's side, with the probes of that release. Default: off. */
  readonly mtuProbes?: ProbeSet;
  /** What happens to data that arrives before the application sees the connection. Default `drop`, as in Unity. */
  readonly earlyData?: "queue" | "drop";
  /** Send each message back on its pipeline. Default false. */
  readonly echo?: boolean;
  /** A message of that size to everybody, that often. */
  readonly broadcast?: { readonly payloadBytes: number; readonly hz: number };
  /** Disconnect each connection that long after its accept, ms. */
  readonly kickAfterMs?: number;
  /** Connections beyond this are refused. */
  readonly maxConnections?: number;
  /** How: a Disconnect behind the Accept, or just a Close. Default `disconnect`. */
  readonly refuseWith?: "disconnect" | "close";
  readonly faults?: FaultOptions;
  /** Unity's global simulator, in the place of the plain delays and losses of `faults`. Default: none. */
  readonly globalSimulator?: GlobalSimulatorOptions;
  /** Unity's simulator stage, below all stages of each pipeline. Default: none. */
  readonly stageSimulator?: StageSimulatorOptions;
  /** Mistakes on purpose in what is sent. Default: none. */
  readonly malform?: readonly Malformation[];
  /** Of the fault injection. Default 1. */
  readonly seed?: number;
}

type Optional = "acceptPayload" | "mtuProbes" | "broadcast" | "kickAfterMs" | "maxConnections";

type Simulator = "globalSimulator" | "stageSimulator";

export type ResolvedFaults = Required<Omit<FaultOptions, "stall" | "slow">> & Pick<FaultOptions, "stall" | "slow">;

/** A behaviour with nothing left open. */
export type ResolvedBehaviour = Required<
  Omit<ServerBehaviour, Optional | Simulator | "parameters" | "limits" | "faults" | "pipelines" | "malform">
> &
  Pick<ServerBehaviour, Optional> & {
    readonly pipelines: PipelineSet;
    readonly parameters: UtpParameters;
    readonly limits: ReadonlySet<UnityLimit>;
    readonly faults: ResolvedFaults;
    readonly globalSimulator?: Required<GlobalSimulatorOptions>;
    readonly stageSimulator?: Required<StageSimulatorOptions>;
    readonly malform: ReadonlySet<Malformation>;
  };

/**
 * Fills in the defaults.
 *
 * @throws {UsageError} If a value cannot be used; the message names the field, its rule and the value.
 */
export function resolveBehaviour(options: ServerBehaviour): ResolvedBehaviour {
  const { parameters, limits, faults, pipelines, globalSimulator, stageSimulator, ...rest } = options;
  const tickHz = options.tickHz ?? 60;
  const malform = new Set(options.malform ?? []);
  const resolved = {
    path: "/",
    tickHz,
    queuePackets: 512,
    mode: "strict" as const,
    earlyData: "drop" as const,
    echo: false,
    refuseWith: "disconnect" as const,
    seed: 1,
    ...rest,
    pipelines: pipelineSet(pipelines ?? "none", malform.has("window-mismatch")),
    malform,
    ...(globalSimulator && { globalSimulator: resolveGlobal(globalSimulator) }),
    ...(stageSimulator && { stageSimulator: resolveStage(stageSimulator) }),
    parameters: {
      ...DEFAULT_PARAMETERS,
      ...parameters,
      ...(options.mtuProbes !== undefined && { performPathMtuDiscovery: true }),
    },
    limits: new Set(limits ?? (tickHz > 0 ? UNITY_LIMITS : [])),
    faults: { latencyMs: 0, jitterMs: 0, dropRatio: 0, duplicateRatio: 0, ...faults },
  };
  check(resolved);
  return resolved;
}

function pipelineSet(description: PipelinesDescription, hasOtherWindows: boolean): PipelineSet {
  try {
    return new PipelineSet(hasOtherWindows ? withOtherWindows(description) : description);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message.replace("Cannot create", "Cannot start the server:"), "Change that pipeline");
  }
}

/** Longest delay that makes sense in a test, ms: one hour. */
const LONGEST_MS = 3_600_000;

function check(behaviour: ResolvedBehaviour): void {
  const { parameters, faults, broadcast } = behaviour;
  range("tickHz", behaviour.tickHz, 0, 1000);
  if (behaviour.tickHz === 0 && behaviour.limits.size > 0) {
    fail("limits", "none without a tick, as they bite once per update", [...behaviour.limits].join(","));
  }
  range("queuePackets", behaviour.queuePackets, 2, 1_000_000, true);
  range("maxMessageSize", parameters.maxMessageSize, 64, 1472, true);
  range("heartbeatTimeoutMs", parameters.heartbeatTimeoutMs, 0, LONGEST_MS);
  range("disconnectTimeoutMs", parameters.disconnectTimeoutMs, 0, LONGEST_MS);
  range("connectTimeoutMs", parameters.connectTimeoutMs, 1, LONGEST_MS);
  range("latencyMs", faults.latencyMs, 0, LONGEST_MS);
  if (faults.slow) {
    range("slow.latencyMs", faults.slow.latencyMs, 0, LONGEST_MS);
    range("slow.ratio", faults.slow.ratio, 0, 1);
  }
  range("jitterMs", faults.jitterMs, 0, LONGEST_MS);
  range("dropRatio", faults.dropRatio, 0, 1);
  range("duplicateRatio", faults.duplicateRatio, 0, 1);
  // Reserved by the layers below (14) and by the message's own header (10).
  const largestPayload = parameters.maxMessageSize - 24;
  if (broadcast) {
    range("broadcast.payloadBytes", broadcast.payloadBytes, 1, largestPayload, true);
    range("broadcast.hz", broadcast.hz, 0.001, 1000);
  }
  if (behaviour.acceptPayload) range("acceptPayload.length", behaviour.acceptPayload.length, 0, largestPayload - 15);
  if (behaviour.kickAfterMs !== undefined) range("kickAfterMs", behaviour.kickAfterMs, 0, LONGEST_MS);
  if (behaviour.maxConnections !== undefined) range("maxConnections", behaviour.maxConnections, 0, 1_000_000, true);
  if (faults.stall) {
    range("stall.everyMs", faults.stall.everyMs, 1, LONGEST_MS);
    range("stall.forMs", faults.stall.forMs, 1, faults.stall.everyMs - 1);
  }
  checkFaultModes(behaviour);
  if (!/^\/[\x21-\x7e]{0,124}$/.test(behaviour.path)) {
    fail("path", "a slash and at most 124 printable ASCII characters", JSON.stringify(behaviour.path));
  }
}

/** What goes together: one model below UTP, and pipelines for whatever is done to pipelines. */
function checkFaultModes(behaviour: ResolvedBehaviour): void {
  const { faults, globalSimulator, stageSimulator, malform, pipelines } = behaviour;
  for (const rule of globalSimulator ? globalRules(globalSimulator) : []) range(...rule);
  for (const rule of stageSimulator ? stageRules(stageSimulator) : []) range(...rule);
  const { latencyMs, slow, jitterMs, dropRatio, duplicateRatio } = faults;
  if (globalSimulator && (slow !== undefined || latencyMs + jitterMs + dropRatio + duplicateRatio > 0)) {
    fail("globalSimulator", "left out where latencyMs, slow, jitterMs, dropRatio or duplicateRatio are given", "both");
  }
  if (stageSimulator && pipelines.size === 0) fail("stageSimulator", "used with pipelines", "none of them");
  const ids = Array.from({ length: pipelines.size }, (_, index) => index + 1);
  const needy = (["future-ack", "window-mismatch"] as const).find((mode) => malform.has(mode));
  if (needy !== undefined && !ids.some((id) => pipelines.isReliable(id))) {
    fail("malform", `used with a reliable pipeline for ${needy}`, "none of them");
  }
}

function range(name: string, value: number, least: number, most: number, isWhole = false): void {
  const isRight = Number.isFinite(value) && value >= least && value <= most && (!isWhole || Number.isInteger(value));
  if (!isRight) fail(name, `${isWhole ? "a whole number" : "a number"} from ${least} to ${most}`, String(value));
}

function fail(name: string, rule: string, value: string): never {
  throw new UsageError(`Cannot start the server: ${name} must be ${rule}, got ${value}`, "Change that setting.");
}
