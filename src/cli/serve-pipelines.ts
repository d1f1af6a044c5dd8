// The text behind serve's --pipelines, by the rules of the profile's key: a preset, or JSON. Reads no file.
import { z } from "zod";
import { UsageError } from "../errors.js";
import { describeIssues } from "../profile/describe-issues.js";
import { pipelines } from "../profile/schema-pipelines.js";
import type { PipelinesDescription } from "../protocol/pipelines/pipeline-settings.js";

const written = z.strictObject({ pipelines });

/** @throws {UsageError} That names what is wrong and where in it. */
export function pipelinesOf(given: string): PipelinesDescription {
  const root = { pipelines: given.trimStart().startsWith("[") ? jsonOf(given) : given };
  const checked = written.safeParse(root);
  if (checked.success) return checked.data.pipelines;
  throw wrong(describeIssues(checked.error.issues, root)[0]!.text);
}

function jsonOf(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    throw wrong(`pipelines must be none, ngo, or JSON with the stages of each pipeline, got ${given}`);
  }
}

function wrong(problem: string): UsageError {
  return new UsageError(`Cannot serve: --${problem}`, 'As in --pipelines \'[["fragmentation", "reliableSequenced"]]\'');
}
