// The pipelines of a run, and the one that carries the messages of a load without scenarios. Checks, starts nothing.
import { FIELDS } from "../profile/fields.js";
import { KnownPipelines } from "../profile/known-pipelines.js";
import type { Profile } from "../profile/profile.js";
import { pipelines as pipelinesField } from "../profile/schema-pipelines.js";
import { PIPELINE_NAMES } from "../protocol/pipelines/pipeline-names.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import type { SettingReader } from "./setting-reader.js";
import { typedPipelines } from "./typed-pipelines.js";

/** The pipelines of a run; `pipelineId` of them carries each message. */
export interface ResolvedPipelines extends Required<Pick<Profile, "pipelines" | "pipelineId">> {
  readonly known: KnownPipelines;
}

const PIPELINE = { flag: "pipeline", key: "pipeline", field: FIELDS.pipelineRef } as const;

/**
 * @param largestBytes Largest message without a pipeline, see `largestPayloadBytes`.
 * @throws {ProfileError | UsageError} If the pipeline of the messages does not exist.
 */
export function resolvePipelines(reader: SettingReader, largestBytes: number, notes: string[]): ResolvedPipelines {
  const pipelines = descriptionOf(reader, notes);
  const names = typeof pipelines === "string" ? PIPELINE_NAMES[pipelines] : {};
  const known = new KnownPipelines(new PipelineSet(pipelines), names, largestBytes);
  // Scripts name a pipeline with each message, and refuse the flag.
  if (reader.fromProfile("scenarios") !== undefined) return { pipelines, pipelineId: 0, known };
  const pipeline = reader.read(PIPELINE, 0, "0");
  const pipelineId = known.idOf(pipeline.value);
  if (pipelineId === undefined) throw reader.error(pipeline.source, known.rule, pipeline.value);
  return { pipelines, pipelineId, known };
}

/**
 * `--pipelines` over the profile's key. Where neither says what the server creates, one of NGO's names on the command line means its
 * pipelines.
 */
function descriptionOf(reader: SettingReader, notes: string[]): PipelinesDescription {
  const given = reader.raw("pipelines");
  if (given !== undefined) {
    const text = given.values.at(-1)!;
    reader.note("pipelines", text, given.source);
    return typedPipelines(text, "start");
  }
  const spec = { key: "pipelines", field: pipelinesField };
  const typed = reader.typed(PIPELINE);
  const isNgo = typeof typed?.value === "string" && Object.hasOwn(PIPELINE_NAMES.ngo, typed.value);
  if (!isNgo || reader.find(spec) !== undefined) return reader.read<PipelinesDescription>(spec, "none", "none").value;
  reader.note("pipelines", "ngo", typed.source);
  notes.push(`${typed.source.place} ${typed.value}: the server must have the pipelines of Netcode for GameObjects`);
  return "ngo";
}
