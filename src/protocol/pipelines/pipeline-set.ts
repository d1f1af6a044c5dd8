// The pipelines of a driver: one set for all its connections, as both ends must create them. Holds settings, no state of a connection.
import { ConnectionPipelines } from "./connection-pipelines.js";
import { type PipelineSettings, type PipelinesDescription, pipelineSettings } from "./pipeline-settings.js";
import type { PipelineSink } from "./pipeline-stage.js";

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
  connect(sink: PipelineSink): ConnectionPipelines {
    return new ConnectionPipelines(this, sink);
  }
}
