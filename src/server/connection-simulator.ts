// The simulator stages of one connection, one for each of its pipelines, made when it is first used. Only hands packets to them.
import type { PacketFilter, PacketPath } from "../protocol/packet-filter.js";
import type { FaultCounts } from "./server-stats.js";
import type { StageSimulatorOptions } from "./simulator-options.js";
import { StageSimulator } from "./stage-simulator.js";

export class ConnectionSimulator implements PacketFilter {
  readonly #options: Required<StageSimulatorOptions>;
  readonly #seed: number;
  readonly #counts: FaultCounts;
  readonly #onward: PacketPath;
  readonly #stages = new Map<number, StageSimulator>();

  /** @param seed Of each stage: as in Unity, all pipelines of all connections draw the same numbers. */
  constructor(options: Required<StageSimulatorOptions>, seed: number, counts: FaultCounts, onward: PacketPath) {
    this.#options = options;
    this.#seed = seed;
    this.#counts = counts;
    this.#onward = onward;
  }

  outgoing(pipelineId: number, body: Uint8Array, nowMs: number): boolean {
    return this.#stageOf(pipelineId).send(body, nowMs);
  }

  incoming(pipelineId: number, body: Uint8Array, nowMs: number): void {
    this.#stageOf(pipelineId).receive(body, nowMs);
  }

  release(nowMs: number): void {
    for (const stage of this.#stages.values()) stage.release(nowMs);
  }

  /** The connection is over: what its stages hold goes nowhere, and is counted. */
  end(): void {
    for (const stage of this.#stages.values()) this.#counts.discarded += stage.heldCount;
    this.#stages.clear();
  }

  #stageOf(pipelineId: number): StageSimulator {
    const known = this.#stages.get(pipelineId);
    if (known !== undefined) return known;
    const made = new StageSimulator(
      this.#options,
      this.#seed,
      this.#counts,
      (packet, nowMs) => this.#onward.outgoing(pipelineId, packet, nowMs),
      (packet, nowMs) => {
        this.#onward.incoming(pipelineId, packet, nowMs);
        return true;
      },
    );
    this.#stages.set(pipelineId, made);
    return made;
  }
}
