// Makes the roles of a run's scenarios: once a thread, shared by all who play them.
import type { Recorder } from "../metrics/recorder.js";
import type { Profile } from "../profile/profile.js";
import type { DecodeMetric, Scenario } from "../profile/scenario.js";
import type { MetricSink } from "../workload/block-reader.js";
import type { ValueClock } from "../workload/client-variables.js";
import { ValueFaults } from "../workload/value-faults.js";
import type { BotStage } from "./bot-role.js";
import { botRoleOf } from "./bot-roles.js";
import { scenariosOf } from "./default-scenario.js";
import type { Role } from "./role.js";
import { compileScript } from "./script-compiler.js";

/**
 * The roles of a profile, in the order of its scenarios; each counts under its tags where there is anything to tell apart.
 *
 * @param clock For fields that hold a time.
 * @param stage Where there are scenarios that bots play: their files, loaded.
 * @throws {RangeError} If a scenario is not one that the profile language would have let through, or its bot's file was not loaded.
 */
export function rolesOf(profile: Profile, recorder: Recorder, clock: ValueClock, stage?: BotStage): Role[] {
  const scenarios = scenariosOf(profile);
  return scenarios.map((scenario, index) => {
    const tags = tagsOf(scenario, scenarios.length > 1);
    const ownRecorder = tags.length === 0 ? recorder : recorder.part(tags);
    const program = compileScript(scenario, profile.seed);
    return {
      scenario,
      recorder: ownRecorder,
      program,
      ...(scenario.bot !== undefined && { bot: botRoleOf(scenario.bot, index, profile.pipelines ?? "none", stage) }),
      environment: { layout: program.layout, clock, faults: new ValueFaults() },
      metrics: new MetricRecorder(program.decoder.metrics, ownRecorder),
    };
  });
}

/** Counts what went wrong with values since the last call. */
export function countValueFaults({ recorder, environment: { faults } }: Role): void {
  for (const why of Object.keys(faults) as (keyof ValueFaults)[]) {
    if (faults[why] > 0) recorder.count(`value_faults{why:${why}}`, faults[why]);
    faults[why] = 0;
  }
}

function tagsOf({ name, tags }: Scenario, isOneOfMany: boolean): string[] {
  const own = Object.entries(tags).map(([key, value]) => `${key}:${value}`);
  return isOneOfMany ? [`scenario:${name}`, ...own] : own;
}

/** What messages tell goes under the profile's own names. */
class MetricRecorder implements MetricSink {
  readonly #metrics: readonly DecodeMetric[];
  readonly #recorder: Recorder;

  constructor(metrics: readonly DecodeMetric[], recorder: Recorder) {
    this.#metrics = metrics;
    this.#recorder = recorder;
  }

  metric(metric: number, value: number): void {
    const { name, kind } = this.#metrics[metric]!;
    if (kind === "counter") this.#recorder.count(name, value);
    else this.#recorder[kind](name, value);
  }
}
