// Unity's two network simulators as settings: what a caller may set, the defaults, the ranges. They run elsewhere.

/**
 * The global simulator, on all packets of all connections, handshake and heartbeats included (Unity's NetworkSimulatorParameter).
 *
 * @see protocol page, 7.2
 */
export interface GlobalSimulatorOptions {
  /** Share of received packets that are lost, 0..1. */
  readonly receiveLossRatio?: number;
  /** Packets received that are larger than this, with the 14 bytes that the WebSocket reserves, are lost. Default: none is. */
  readonly receiveMtuBytes?: number;
  /** Share of sent packets that are lost, 0..1. */
  readonly sendLossRatio?: number;
  /** Delay of each packet sent, whole ms. The order is not kept. */
  readonly sendDelayMs?: number;
  /** A further delay, whole ms: none in half of the cases, below this in the others. */
  readonly sendJitterMs?: number;
  /** Share of sent packets of which a copy leaves as well, before or after the original, 0..1. */
  readonly sendDuplicateRatio?: number;
}

/** Which packets of a pipeline a stage simulator touches. */
export const SIMULATOR_MODES = ["received", "sent", "all", "off"] as const;
export type SimulatorMode = (typeof SIMULATOR_MODES)[number];

/**
 * The simulator stage, the last one of each pipeline: it touches nothing but packets of pipelines, each pipeline of each connection
 * for itself (Unity's SimulatorPipelineStage). All values are integers, as Unity's are.
 *
 * @see protocol page, 7.1
 */
export interface StageSimulatorOptions {
  /** Packets that can be held at a time, in each direction; one that finds no place is not delayed. Unity has no default either. */
  readonly maxPackets: number;
  /** Larger packets pass untouched. Default 1472. */
  readonly maxPacketBytes?: number;
  /** Default `all`. */
  readonly mode?: SimulatorMode;
  readonly delayMs?: number;
  /** The delay lies between `delayMs - jitterMs` and `delayMs + jitterMs - 1`, so that packets overtake each other. */
  readonly jitterMs?: number;
  /** The 1st packet is lost, and each that many packets later, both directions counted together. 0: none. */
  readonly dropInterval?: number;
  /** Of the packets that the interval leaves, 0..100. */
  readonly dropPercent?: number;
  readonly duplicatePercent?: number;
  /** Unity's FuzzFactor, sent packets only: `fuzzPercent + 1` of a hundred are chosen, of those each bit is flipped with `fuzzPercent`. 0: none. */
  readonly fuzzPercent?: number;
  /** First byte that may be fuzzed; 0: the first one behind the pipeline id. */
  readonly fuzzOffsetBytes?: number;
}

/** Longest delay, ms: a minute. */
const LONGEST_MS = 60_000;
const MOST_PACKETS = 1_000_000;

/** One rule: name of the setting, its value, the range, and whether it must be whole. */
export type RangeRule = readonly [name: string, value: number, least: number, most: number, isWhole: boolean];

export function resolveGlobal(options: GlobalSimulatorOptions): Required<GlobalSimulatorOptions> {
  return {
    receiveLossRatio: 0,
    receiveMtuBytes: Number.POSITIVE_INFINITY,
    sendLossRatio: 0,
    sendDelayMs: 0,
    sendJitterMs: 0,
    sendDuplicateRatio: 0,
    ...options,
  };
}

export function resolveStage(options: StageSimulatorOptions): Required<StageSimulatorOptions> {
  return {
    maxPacketBytes: 1472,
    mode: "all",
    delayMs: 0,
    jitterMs: 0,
    dropInterval: 0,
    dropPercent: 0,
    duplicatePercent: 0,
    fuzzPercent: 0,
    fuzzOffsetBytes: 0,
    ...options,
  };
}

export function globalRules(options: Required<GlobalSimulatorOptions>): RangeRule[] {
  const mtuBytes = Math.min(options.receiveMtuBytes, MOST_PACKETS);
  return [
    ["globalSimulator.receiveLossRatio", options.receiveLossRatio, 0, 1, false],
    ["globalSimulator.receiveMtuBytes", mtuBytes, 0, MOST_PACKETS, true],
    ["globalSimulator.sendLossRatio", options.sendLossRatio, 0, 1, false],
    ["globalSimulator.sendDelayMs", options.sendDelayMs, 0, LONGEST_MS, true],
    ["globalSimulator.sendJitterMs", options.sendJitterMs, 0, LONGEST_MS, true],
    ["globalSimulator.sendDuplicateRatio", options.sendDuplicateRatio, 0, 1, false],
  ];
}

export function stageRules(options: Required<StageSimulatorOptions>): RangeRule[] {
  return [
    ["stageSimulator.maxPackets", options.maxPackets, 1, MOST_PACKETS, true],
    ["stageSimulator.maxPacketBytes", options.maxPacketBytes, 0, MOST_PACKETS, true],
    ["stageSimulator.delayMs", options.delayMs, 0, LONGEST_MS, true],
    ["stageSimulator.jitterMs", options.jitterMs, 0, LONGEST_MS, true],
    ["stageSimulator.dropInterval", options.dropInterval, 0, MOST_PACKETS, true],
    ["stageSimulator.dropPercent", options.dropPercent, 0, 100, true],
    ["stageSimulator.duplicatePercent", options.duplicatePercent, 0, 100, true],
    ["stageSimulator.fuzzPercent", options.fuzzPercent, 0, 100, true],
    ["stageSimulator.fuzzOffsetBytes", options.fuzzOffsetBytes, 0, MOST_PACKETS, true],
  ];
}
