// Pipelines as a profile or serve's --pipelines would have them: the way back from their description. Checks nothing.
import type { PipelinesDescription, StageDescription } from "../protocol/pipelines/pipeline-settings.js";
import { formatDuration } from "./duration.js";

/** A preset's name, or JSON. */
export function pipelinesText(pipelines: PipelinesDescription): string {
  return typeof pipelines === "string" ? pipelines : JSON.stringify(pipelines.map((stages) => stages.map(written)));
}

function written(description: StageDescription): Record<string, unknown> {
  switch (description.stage) {
    case "unreliableSequenced":
      return { stage: description.stage };
    case "fragmentation":
      return { stage: description.stage, payloadCapacity: description.payloadCapacityBytes };
    case "reliableSequenced":
      return {
        stage: description.stage,
        window: description.window,
        minimumResend: durationText(description.minimumResendMs),
        maximumResend: durationText(description.maximumResendMs),
        initialMask: description.initialMask,
      };
  }
}

/** JSON leaves out what is undefined. */
function durationText(valueMs: number | undefined): string | undefined {
  return valueMs === undefined ? undefined : formatDuration(valueMs);
}
