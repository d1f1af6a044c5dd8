// The pipelines of a driver: one set for all its connections, as both ends must create them. Holds settings, no state of a connection.
import { ConnectionPipelines } from "./connection-pipelines.js";
import { type PipelineSettings, type PipelinesDescription, pipelineSettings } from "./pipeline-settings.js";
import { PipelineStack } from "./pipeline-stack.js";
import { newCounters, type PipelineSink, type SharedCounters } from "./pipeline-stage.js";

/** The owner of a stack that is only asked for its size. */
const NOBODY: Omit<PipelineSink, "maxBodyBytes"> = {
  sendData: () => false,
  message() {},
  roundTrip() {},
  unknownPipeline() {},
};

/** Immutable, shared. `new PipelineSet("ngo")` has pipelines 1 to 3, `new PipelineSet("none")` has none. */
export class PipelineSet {
  readonly #settings: readonly PipelineSettings[];

  /** @throws {RangeError} As `pipelineSettings` does. */
  constructor(description: PipelinesDescription) {
    this.#settings = pipelineSettings(description);
  }

  /** Pipelines created: ids go from 1 to this. */
  get size(): number {
    return this.#settings.length;
  }

  /** The stages of a pipeline, in the order of their creation; undefined for an id that was not created, 0 included. */
  settingsOf(pipelineId: number): PipelineSettings | undefined {
    return this.#settings[pipelineId - 1];
  }

  /** The pipelines of one new connection, all at their start. Costs next to nothing until one of them is used. */
  connect(sink: PipelineSink, counters?: SharedCounters): ConnectionPipelines {
    return new ConnectionPipelines(this, sink, counters);
  }

  /** Counters at zero for many connections. */
  newCounters(): SharedCounters {
    return Array.from({ length: this.size + 1 }, newCounters);
  }

  /** Whether what is sent on a pipeline waits in a window for its ack, so that the window may be full. */
  isReliable(pipelineId: number): boolean {
    return this.settingsOf(pipelineId)?.some(({ stage }) => stage === "reliableSequenced") ?? false;
  }

  /**
   * Largest message of a pipeline where the body of a Data message has at most `maxBodyBytes`, 1376 over WebSocket by default.
   *
   * @throws {RangeError} If the pipeline was never created.
   */
  maxMessageBytes(pipelineId: number, maxBodyBytes: number): number {
    if (pipelineId === 0) return maxBodyBytes;
    const settings = this.settingsOf(pipelineId);
    if (settings === undefined)
      throw new RangeError(`Cannot size a message: the pipeline must exist, got ${pipelineId}`);
    return new PipelineStack(pipelineId, settings, { ...NOBODY, maxBodyBytes }).maxMessageBytes;
  }
}
