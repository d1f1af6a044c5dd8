// What all clients of a thread count on their pipelines, as sums of the metrics' names. One set of pipelines serves them all.
import type { SessionOptions } from "../client/session-types.js";
import type { Recorder } from "../metrics/recorder.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import { type PipelinesDescription, pipelineNames } from "../protocol/pipelines/pipeline-settings.js";
import type { PipelineCounters, SharedCounters } from "../protocol/pipelines/pipeline-stage.js";

/** The counters' names as metrics have them. */
const METRIC_OF: Record<keyof PipelineCounters, string> = {
  sent: "pipeline_sent",
  received: "pipeline_received",
  resent: "pipeline_resent",
  duplicates: "pipeline_duplicates",
  dropped: "pipeline_dropped",
  outOfWindow: "pipeline_out_of_window",
  reassembled: "pipeline_reassembled",
};
const FIELDS = Object.keys(METRIC_OF) as (keyof PipelineCounters)[];

export class PipelineTally {
  readonly #names: readonly string[];
  readonly #pipelines: PipelineSet;
  readonly #counters: SharedCounters;

  constructor(description: PipelinesDescription) {
    this.#names = pipelineNames(description);
    this.#pipelines = new PipelineSet(description);
    this.#counters = this.#pipelines.newCounters();
  }

  /** What a session needs to count here. */
  get sessionOptions(): Pick<SessionOptions, "pipelines" | "pipelineCounters"> {
    return { pipelines: this.#pipelines, pipelineCounters: this.#counters };
  }

  /** Moves everything counted since the last call into `recorder`. */
  countInto(recorder: Recorder): void {
    for (const [index, name] of this.#names.entries()) {
      const counters = this.#counters[index + 1];
      if (counters === undefined) continue;
      for (const field of FIELDS) {
        if (counters[field] > 0) recorder.count(`${METRIC_OF[field]}{pipeline:${name}}`, counters[field]);
        counters[field] = 0;
      }
    }
  }
}
