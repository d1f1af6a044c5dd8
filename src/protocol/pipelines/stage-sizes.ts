// Sizes that follow from the settings of a pipeline alone, without an instance of it. Pure functions.
import { FRAGMENTATION_HEADER_BYTES } from "./fragmentation.js";
import type { PipelineSettings, StageSettings } from "./pipeline-settings.js";
import { reliableHeaderBytes } from "./reliable-header.js";
import { UNRELIABLE_SEQUENCED_HEADER_BYTES } from "./unreliable-sequenced.js";

/** Header capacity of the stages from `from` on, bytes. */
export function headersFrom(settings: PipelineSettings, from: number): number {
  return settings.slice(from).reduce((sum, stage) => sum + headerBytesOf(stage), 0);
}

function headerBytesOf(settings: StageSettings): number {
  switch (settings.stage) {
    case "fragmentation":
      return FRAGMENTATION_HEADER_BYTES;
    case "unreliableSequenced":
      return UNRELIABLE_SEQUENCED_HEADER_BYTES;
    case "reliableSequenced":
      return reliableHeaderBytes(settings.window);
  }
}

/** Largest fragmented message, bytes; Infinity without Fragmentation. */
export function capacityOf(settings: PipelineSettings): number {
  for (const stage of settings) if (stage.stage === "fragmentation") return stage.payloadCapacityBytes;
  return Number.POSITIVE_INFINITY;
}

/** Packets that may wait for their ack; Infinity without a reliable stage. */
export function windowOf(settings: PipelineSettings): number {
  for (const stage of settings) if (stage.stage === "reliableSequenced") return stage.window;
  return Number.POSITIVE_INFINITY;
}
