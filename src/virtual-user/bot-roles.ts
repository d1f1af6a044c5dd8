// Makes what the bots of one scenario share: once a thread. Loads no file and calls no bot.
import type { BotScript } from "../profile/scenario.js";
import { pipelineNames } from "../protocol/pipelines/pipeline-names.js";
import { PipelineSet } from "../protocol/pipelines/pipeline-set.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";
import type { BotRole, BotStage } from "./bot-role.js";

/**
 * @param scenario Its place in the profile, from 0.
 * @throws {RangeError} If the file was not loaded.
 */
export function botRoleOf(
  script: BotScript,
  scenario: number,
  pipelines: PipelinesDescription,
  stage: BotStage | undefined,
): BotRole {
  const module = stage?.modules.get(script.path);
  if (stage === undefined || module === undefined)
    throw new RangeError(`Cannot play bots: ${script.path} must be loaded before, got none`);
  const names = pipelineNames(pipelines, new PipelineSet(pipelines).size);
  const called = names.map((name, id) => (name === String(id) ? id : name));
  const ids = called.flatMap((name, id): [string | number, number][] => [
    [id, id],
    [name, id],
  ]);
  return {
    script,
    scenario,
    module,
    watch: stage.watch,
    pipelineIds: new Map(ids),
    pipelineNames: called,
    told: new Set(),
  };
}
