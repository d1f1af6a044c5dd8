// Argument and flags of `find-limit` become a checked search: its loads, its rules, and the run that a load is. Reads files, starts nothing.
import { UsageError } from "../errors.js";
import type { Axis } from "../limit/limit-result.js";
import type { SearchOptions } from "../limit/load-search.js";
import type { Objective } from "../limit/trial.js";
import { formatDuration, parseDuration } from "../profile/duration.js";
import { type RunDecision, resolveRun } from "./resolve-run.js";
import { isOfJoining } from "./resolve-thresholds.js";
import type { ResolvedRun } from "./resolved-run.js";
import type { FlagValues } from "./run-flags.js";
import type { Environment } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

export interface LimitRequest {
  /** PROFILE or URL. */
  readonly profile: string;
  /** Flags of `run` that hold for all loads. */
  readonly runFlags: FlagValues;
  /** `METRIC: EXPRESSION`; thresholds of the profile on other metrics count too. */
  readonly slo: readonly string[];
  readonly axis: string;
  readonly from: string | undefined;
  readonly max: string | undefined;
  /** `100,200,500`, in place of from and max. */
  readonly steps: string | undefined;
  readonly settle: string;
  readonly hold: string;
  readonly repeat: string;
  readonly precision: string;
  readonly environment: Environment;
}

export interface LimitPlan {
  readonly profile: string;
  readonly target: string;
  readonly axis: Axis;
  readonly search: SearchOptions;
  readonly objectives: readonly Objective[];
  /** From the start of a run to its first judged second, and the time that is judged. */
  readonly settleMs: number;
  readonly holdMs: number;
  /** The run of a load: ramp, settling time, and the time that is judged. */
  readonly runOf: (load: number) => ResolvedRun;
  /** What a person should know before the start, a line each. */
  readonly notes: readonly string[];
}

interface AxisRule {
  readonly unit: number;
  readonly most: number;
  readonly from: number;
  readonly max: number;
  readonly words: string;
}

const AXES: Readonly<Record<Axis, AxisRule>> = {
  clients: { unit: 1, most: 1_000_000, from: 10, max: 10_000, words: "a whole number from 1 to 1000000" },
  rate: { unit: 0.1, most: 1000, from: 1, max: 1000, words: "a number from 0.1 to 1000 with one decimal at most" },
};
const CLIMB_FACTOR = 2;

/**
 * @throws {UsageError} For flags that cannot be used, or without a rule that could break.
 * @throws {ProfileError} For a profile that cannot be used.
 */
export function resolveLimit(request: LimitRequest, machine: Machine): LimitPlan {
  const axis = axisOf(request);
  const settleMs = durationOf("settle", request.settle, 0);
  const holdMs = durationOf("hold", request.hold, 1000);
  const climb = climbOf(request, AXES[axis]);
  const decide = (load: number, warmupMs: number): RunDecision => {
    const own = {
      [axis]: String(load),
      duration: formatDuration(settleMs + holdMs),
      warmup: formatDuration(warmupMs),
      ...(request.slo.length > 0 && { threshold: request.slo }),
    };
    const flags = { ...request.runFlags, ...own };
    return resolveRun({ argument: request.profile, flags, environment: request.environment }, machine);
  };
  const { run: first, notes } = inOwnWords(() => decide(climb[0]!, 0));
  const { name, target, thresholds } = first.profile;
  if (thresholds.length === 0) throw wrong("slo", "given, or the profile must have thresholds", "none");
  const runOf = (load: number): ResolvedRun => {
    const rampMs = decide(load, 0).run.profile.stages[0]!.durationMs;
    return withoutJoining(decide(load, rampMs + settleMs).run);
  };
  return {
    profile: name,
    target,
    axis,
    search: { climb, unit: AXES[axis].unit, precision: precisionOf(request), agree: agreeOf(request) },
    objectives: thresholds.map((spec) => ({ spec, isOfJoining: isOfJoining(spec.metric) })),
    settleMs,
    holdMs,
    runOf,
    notes,
  };
}

/** What `run` would say of its flags, said of those that were typed. */
function inOwnWords<Result>(decide: () => Result): Result {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const message = error.message.replace("--threshold", "--slo").replace("--rate must", "--axis rate must");
    throw new UsageError(message, error.hint);
  }
}

/** The run itself cannot judge them: its ramp is within its warm-up. */
function withoutJoining(run: ResolvedRun): ResolvedRun {
  const thresholds = run.profile.thresholds.filter(({ metric }) => !isOfJoining(metric));
  return { ...run, profile: { ...run.profile, thresholds } };
}

function axisOf({ axis, runFlags }: LimitRequest): Axis {
  if (axis !== "clients" && axis !== "rate") throw wrong("axis", "clients or rate", axis);
  const typed = runFlags[axis];
  if (typed !== undefined)
    throw wrong(axis, `left out: it is what is searched; --from says where to begin`, String(typed));
  return axis;
}

function climbOf({ from, max, steps }: LimitRequest, rule: AxisRule): number[] {
  if (steps === undefined) return doubling(from, max, rule);
  if (from !== undefined || max !== undefined) throw wrong("steps", "given without --from and --max", steps);
  const loads = steps.split(",").map((text) => loadOf("steps", text, rule));
  const isRising = loads.every((load, index) => load > (loads[index - 1] ?? 0));
  if (!isRising) throw wrong("steps", "loads that rise", steps);
  return loads;
}

function doubling(from: string | undefined, max: string | undefined, rule: AxisRule): number[] {
  const first =
    from === undefined ? Math.min(rule.from, loadOf("max", max ?? String(rule.max), rule)) : loadOf("from", from, rule);
  const last = max === undefined ? Math.max(rule.max, first) : loadOf("max", max, rule);
  if (first > last) throw wrong("max", `at least --from ${first}`, String(last));
  const loads: number[] = [];
  for (let load = first; load < last; load *= CLIMB_FACTOR) loads.push(load);
  return [...loads, last];
}

function loadOf(flag: string, text: string, { unit, most, words }: AxisRule): number {
  const load = Number(text);
  const digits = unit === 1 ? /^\d+$/ : /^\d+(\.\d)?$/;
  if (digits.test(text.trim()) && load >= unit && load <= most) return load;
  throw wrong(flag, words, text);
}

function durationOf(flag: string, text: string, leastMs: number): number {
  const durationMs = parseDuration(text);
  if (durationMs !== undefined && durationMs >= leastMs) return durationMs;
  throw wrong(flag, `a duration such as 20s${leastMs > 0 ? `, at least ${formatDuration(leastMs)}` : ""}`, text);
}

function agreeOf({ repeat }: LimitRequest): number {
  if (/^[1-9]$/.test(repeat)) return Number(repeat);
  throw wrong("repeat", "a whole number from 1 to 9", repeat);
}

function precisionOf({ precision }: LimitRequest): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(precision)?.[1];
  if (percent !== undefined && Number(percent) >= 0.1 && Number(percent) <= 100) return Number(percent) / 100;
  throw wrong("precision", "a percentage from 0.1% to 100%", precision);
}

function wrong(flag: string, rule: string, got: string): UsageError {
  return new UsageError(
    `Cannot start: --${flag} must be ${rule}, got ${got}`,
    "`utp-load find-limit --help` lists all flags",
  );
}
