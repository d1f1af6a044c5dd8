// What the pipelines of all sessions of one thread have counted, as sums of its snapshots. Sees no message.
import type { Recorder } from "../metrics/recorder.js";
import { pipelineNames } from "../protocol/pipelines/pipeline-names.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import type { PipelineCounters, SharedCounters } from "../protocol/pipelines/pipeline-stage.js";

const SUM_OF: Readonly<Record<keyof PipelineCounters, string>> = {
  sent: "pipeline_sent",
  received: "pipeline_received",
  resent: "pipeline_resent",
  duplicates: "pipeline_duplicates",
  dropped: "pipeline_dropped",
  outOfWindow: "pipeline_out_of_window",
  reassembled: "pipeline_reassembled",
};
const COUNTERS = Object.keys(SUM_OF) as (keyof PipelineCounters)[];

export class PipelineSums {
  readonly set: PipelineSet;
  readonly counters: SharedCounters;
  readonly #names: readonly string[];

  constructor(pipelines: PipelinesDescription) {
    this.set = new PipelineSet(pipelines);
    this.counters = this.set.newCounters();
    this.#names = pipelineNames(pipelines, this.set.size);
  }

  /** Adds what was counted since the last call, in all and by pipeline. */
  moveTo(recorder: Recorder): void {
    for (const [id, counters] of this.counters.entries()) {
      for (const counter of COUNTERS) {
        const value = counters[counter];
        if (value === 0) continue;
        recorder.count(SUM_OF[counter], value);
        recorder.count(`${SUM_OF[counter]}{pipeline:${this.#names[id]}}`, value);
        counters[counter] = 0;
      }
    }
  }
}
