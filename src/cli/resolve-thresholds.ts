// Thresholds of the profile, those of the flags over them by metric, each checked by the grammar. Pure.
import { ProfileError, UsageError, UtpLoadError } from "../errors.js";
import { parseThreshold, readThreshold } from "../metrics/thresholds-parser.js";
import type { Profile, ThresholdSpec } from "../profile/profile.js";
import type { ProfileInput } from "../profile/schema.js";
import type { SettingReader, Source } from "./setting-reader.js";

type WrittenThresholds = NonNullable<ProfileInput["thresholds"]>;
type WrittenExpression = WrittenThresholds[string][number];

export function resolveThresholds(reader: SettingReader): ThresholdSpec[] {
  const typed = reader.raw("threshold");
  const fromFlags = (typed?.values ?? []).map((line) => checked(typed!.source, () => parseThreshold(line)));
  const replaced = new Set(fromFlags.map(({ metric }) => metric));
  const written = Object.entries(reader.fromProfile<WrittenThresholds>("thresholds")?.value ?? {});
  const fromProfile = written
    .filter(([metric]) => !replaced.has(metric))
    .flatMap(([metric, expressions]) =>
      expressions.map((expression, index) => writtenThreshold(reader, metric, expression, index)),
    );
  for (const spec of fromFlags) reader.note(`thresholds.${spec.metric}`, spec.expression, typed!.source);
  return [...fromProfile, ...fromFlags];
}

/** Thresholds that nothing can be measured for, as every client starts within the warm-up: told before they fail. */
export function unjudgedJoins({ stages, warmupMs, thresholds }: Profile): string[] {
  const metrics = new Set(thresholds.map(({ metric }) => metric).filter((metric) => JOINING.test(metric)));
  if (warmupMs === 0 || warmupMs < lastRiseEndMs(stages) || metrics.size === 0) return [];
  const names = [...metrics].join(", ");
  return [`the warm-up covers the ramp: ${names} will have no samples, and thresholds without samples fail`];
}

/** What is measured while clients connect, and nowhere else. */
const JOINING = /^connect_(?!attempts)/;

function lastRiseEndMs(stages: Profile["stages"]): number {
  let endMs = 0;
  let lastRiseMs = 0;
  for (const [index, { durationMs, target }] of stages.entries()) {
    endMs += durationMs;
    if (target > (stages[index - 1]?.target ?? 0)) lastRiseMs = endMs;
  }
  return lastRiseMs;
}

function writtenThreshold(
  reader: SettingReader,
  metric: string,
  written: WrittenExpression,
  index: number,
): ThresholdSpec {
  const source = reader.profileSource(["thresholds", metric, index]);
  const judged = typeof written === "string" ? { threshold: written } : written;
  const spec: ThresholdSpec = {
    metric,
    expression: judged.threshold,
    ...(judged.abortOnFail !== undefined && { abortOnFail: judged.abortOnFail }),
    ...(judged.delayAbortEval !== undefined && { delayAbortEvalMs: judged.delayAbortEval }),
  };
  checked(source, () => readThreshold(spec));
  reader.note(`thresholds.${metric}`, spec.expression, source);
  return spec;
}

/** What `read` gives, or its error with the place in front. */
function checked<Result>(source: Source, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UtpLoadError)) throw error;
    const what = error.message.replace(/^Cannot use threshold /, "");
    if (source.kind === "profile") {
      throw new ProfileError(`Cannot load profile: ${source.label} ${what}`, error.hint);
    }
    throw new UsageError(`Cannot start: ${source.label} ${what}`, error.hint);
  }
}
