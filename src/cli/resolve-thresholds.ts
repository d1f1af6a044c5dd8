// Thresholds of the profile, those of the flags over them by metric, each checked by the grammar. Pure.
import { ProfileError, UsageError, UtpLoadError } from "../errors.js";
import { type MetricType, readThreshold, splitThreshold } from "../metrics/thresholds-parser.js";
import type { KeyPath } from "../profile/parse-profile.js";
import type { Profile, ThresholdSpec } from "../profile/profile.js";
import type { Scenario } from "../profile/scenario.js";
import type { ProfileInput } from "../profile/schema.js";
import { checkTagValue } from "./check-tag-value.js";
import type { SettingReader, Source } from "./setting-reader.js";

type WrittenThresholds = NonNullable<ProfileInput["thresholds"]>;
type WrittenExpression = WrittenThresholds[string][number];

/**
 * @param pipelines What those of the profile are called in results.
 * @param scenarios Their own thresholds come last, each narrowed down to its scenario; their metrics and tags may be named.
 */
export function resolveThresholds(
  reader: SettingReader,
  pipelines: readonly string[],
  scenarios: readonly Scenario[] = [],
): ThresholdSpec[] {
  const known = profileMetrics(pipelines, scenarios);
  const typed = reader.raw("threshold");
  const fromFlags = (typed?.values ?? []).map((line) =>
    checked(typed!.source, () => checkedSpec(splitThreshold(line), known)),
  );
  const replaced = new Set(fromFlags.map(({ metric }) => metric));
  const read = (path: KeyPath, narrow: (metric: string, source: Source) => string): ThresholdSpec[] => {
    const written = Object.entries(reader.fromProfile<WrittenThresholds>(path)?.value ?? {});
    return written.flatMap(([metric, expressions]) =>
      expressions.map((expression, index) => {
        const source = reader.profileSource([...path, metric, index]);
        return writtenThreshold(reader, narrow(metric, source), expression, source, known);
      }),
    );
  };
  const ofScenarios = scenarios.flatMap(({ name }) =>
    read(["scenarios", name, "thresholds"], (metric, source) => {
      if (scenarios.length === 1) return metric;
      if (!metric.includes("{")) return `${metric}{scenario:${name}}`;
      throw reader.error(source, "on a metric without a tag, for it is narrowed down to its scenario already", metric);
    }),
  );
  const fromProfile = [...read(["thresholds"], (metric) => metric), ...ofScenarios];
  for (const spec of fromFlags) reader.note(`thresholds.${spec.metric}`, spec.expression, typed!.source);
  return [...fromProfile.filter(({ metric }) => !replaced.has(metric)), ...fromFlags];
}

/** What thresholds may speak of besides what every run has. */
interface ProfileMetrics {
  readonly types: ReadonlyMap<string, MetricType>;
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly pipelines: readonly string[];
}

/** A single scenario is the whole run: it has no tag. */
function profileMetrics(pipelines: readonly string[], scenarios: readonly Scenario[]): ProfileMetrics {
  const metrics = scenarios.flatMap(({ decode, bot }) => [
    ...decode.flatMap((block) => block.metrics),
    ...(bot?.metrics ?? []),
  ]);
  const tags = new Map<string, string[]>();
  if (scenarios.length > 1)
    tags.set(
      "scenario",
      scenarios.map(({ name }) => name),
    );
  for (const scenario of scenarios) {
    for (const [tag, value] of Object.entries(scenario.tags)) tags.set(tag, [...(tags.get(tag) ?? []), value]);
  }
  return { types: new Map(metrics.map(({ name, kind }) => [name, kind] as const)), tags, pipelines };
}

function checkedSpec(spec: ThresholdSpec, { types, tags, pipelines }: ProfileMetrics): ThresholdSpec {
  const type = types.get(spec.metric.replace(/\s*\{.*$/s, ""));
  const whole = { ...spec, ...(type !== undefined && { type }) };
  const { name, tag } = readThreshold(whole, [...tags.keys()]);
  if (tag !== undefined) checkTagValue(spec, name, tag, pipelines);
  const values = tag === undefined ? undefined : tags.get(tag.name);
  if (tag === undefined || values === undefined || values.includes(tag.value)) return whole;
  const message = `Cannot use threshold "${spec.metric}": ${tag.name} must be one of ${values.join(", ")}, got ${tag.value}`;
  throw new UsageError(message, "It is a tag of the profile's scenarios");
}

/** Thresholds that nothing can be measured for, as every client starts within the warm-up: told before they fail. */
export function unjudgedJoins({ stages, warmupMs, thresholds }: Profile): string[] {
  const metrics = new Set(thresholds.map(({ metric }) => metric).filter(isOfJoining));
  if (warmupMs === 0 || warmupMs < lastRiseEndMs(stages) || metrics.size === 0) return [];
  const names = [...metrics].join(", ");
  return [`the warm-up covers the ramp: ${names} will have no samples, and thresholds without samples fail`];
}

/** Whether a metric is measured while clients connect, and nowhere else. */
export function isOfJoining(metric: string): boolean {
  return /^connect_(?!attempts)/.test(metric);
}

function lastRiseEndMs(stages: Profile["stages"]): number {
  let endMs = 0;
  let lastRiseMs = 0;
  for (const [index, { durationMs, target, arrivals }] of stages.entries()) {
    endMs += durationMs;
    if (arrivals !== undefined || target > (stages[index - 1]?.target ?? 0)) lastRiseMs = endMs;
  }
  return lastRiseMs;
}

function writtenThreshold(
  reader: SettingReader,
  metric: string,
  written: WrittenExpression,
  source: Source,
  known: ProfileMetrics,
): ThresholdSpec {
  const judged = typeof written === "string" ? { threshold: written } : written;
  const spec: ThresholdSpec = {
    metric,
    expression: judged.threshold,
    ...(judged.abortOnFail !== undefined && { abortOnFail: judged.abortOnFail }),
    ...(judged.delayAbortEval !== undefined && { delayAbortEvalMs: judged.delayAbortEval }),
  };
  reader.note(`thresholds.${metric}`, spec.expression, source);
  return checked(source, () => checkedSpec(spec, known));
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
