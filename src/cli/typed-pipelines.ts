// The text behind --pipelines, of run and of serve, by the rules of the profile's key: a preset, or JSON. Reads no file.
import { z } from "zod";
import { UsageError } from "../errors.js";
import { describeIssues } from "../profile/describe-issues.js";
import { pipelines } from "../profile/schema-pipelines.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";

const written = z.strictObject({ pipelines });

/**
 * @param action What cannot be done with a wrong text: `serve`, `start`.
 * @throws {UsageError} That names what is wrong and where in it.
 */
export function typedPipelines(given: string, action: string): PipelinesDescription {
  const wrong = (problem: string): UsageError =>
    new UsageError(`Cannot ${action}: --${problem}`, 'As in --pipelines \'[["fragmentation", "reliableSequenced"]]\'');
  const value = given.trimStart().startsWith("[") ? jsonOf(given) : given;
  if (value === undefined) {
    throw wrong(`pipelines must be none, ngo, or JSON with the stages of each pipeline, got ${given}`);
  }
  const root = { pipelines: value };
  const checked = written.safeParse(root);
  if (checked.success) return checked.data.pipelines;
  throw wrong(describeIssues(checked.error.issues, root)[0]!.text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
