// What clients count on their pipelines becomes sums by the pipeline's name, each count once.
import { expect, it } from "vitest";
import { PipelineTally } from "../../../src/engine/pipeline-tally.js";
import { Recorder } from "../../../src/metrics/recorder.js";

it("moves counts into the recorder under the names of the preset, once", () => {
  const tally = new PipelineTally("ngo");
  const recorder = new Recorder();
  const reliable = tally.sessionOptions.pipelineCounters![3]!;
  reliable.sent = 5;
  reliable.outOfWindow = 2;
  tally.countInto(recorder);
  tally.countInto(recorder);
  expect(recorder.take({}).sums).toEqual({
    "pipeline_sent{pipeline:reliable}": 5,
    "pipeline_out_of_window{pipeline:reliable}": 2,
  });
});

it("counts nothing where there are no pipelines", () => {
  const recorder = new Recorder();
  new PipelineTally("none").countInto(recorder);
  expect(recorder.take({}).sums).toEqual({});
});
