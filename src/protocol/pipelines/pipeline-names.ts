// What people call pipelines: by names where a preset has them, else by id. Names only, no settings.
import type { PipelinePreset, PipelinesDescription } from "./pipeline-settings.js";

/** What Netcode for GameObjects calls its pipelines, by id; the others have no names. */
export const PIPELINE_NAMES: Readonly<Record<PipelinePreset, Readonly<Record<string, number>>>> = {
  none: {},
  ngo: { unreliable: 1, unreliableSequenced: 2, reliable: 3 },
};

/** Names of all pipelines by id; at 0, for none, "0". `size`: how many there are. */
export function pipelineNames(pipelines: PipelinesDescription, size: number): readonly string[] {
  const names = typeof pipelines === "string" ? Object.entries(PIPELINE_NAMES[pipelines]) : [];
  const named = new Map(names.map(([name, id]) => [id, name]));
  return Array.from({ length: size + 1 }, (_, id) => named.get(id) ?? String(id));
}
