// The pipelines of a run, and which of them its messages go over. Pure.
import { nearestName } from "../metrics/nearest-name.js";
import { FIELDS } from "../profile/fields.js";
import type { Profile } from "../profile/profile.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import { pipelineNames } from "../protocol/pipelines/pipeline-settings.js";
import type { SettingReader } from "./setting-reader.js";

export interface ResolvedPipeline extends Pick<Profile, "pipelines" | "pipelineId"> {
  /** Largest payload of one message on it. */
  readonly largestBytes: number;
}

/** @param largestBodyBytes Largest payload of a message without a pipeline. */
export function resolvePipeline(reader: SettingReader, largestBodyBytes: number): ResolvedPipeline {
  const pipelines = reader.read({ flag: "pipelines", key: "pipelines", field: FIELDS.pipelines }, "none", "none").value;
  const { value, source, text } = reader.read({ flag: "pipeline", key: "pipeline", field: FIELDS.pipeline }, 0, "0");
  const names = pipelineNames(pipelines);
  const pipelineId = typeof value === "number" ? value : names.indexOf(value) + 1;
  const isUnknown = typeof value === "string" && pipelineId === 0;
  if (isUnknown || pipelineId > names.length) {
    const known = names.length === 0 ? "0: there are no pipelines" : `0 to ${names.length}, or ${names.join(", ")}`;
    const nearest = nearestName(text, [...names]);
    throw reader.error(source, known, text, nearest === undefined ? "See --pipelines" : `Did you mean ${nearest}?`);
  }
  const largestBytes = new PipelineSet(pipelines).maxMessageBytes(pipelineId, largestBodyBytes);
  return { pipelines, pipelineId, largestBytes };
}
