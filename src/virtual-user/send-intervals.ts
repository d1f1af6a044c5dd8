// How close together the schedules of a profile send: what its generator must keep up with. Reads steps, runs none.
import type { Profile } from "../profile/profile.js";
import type { Step } from "../profile/scenario.js";
import { scenariosOf } from "./default-scenario.js";

/** The shortest interval of any schedule, ms; undefined: there is none. */
export function shortestIntervalMs(profile: Profile): number | undefined {
  const intervalsMs = scenariosOf(profile).flatMap(({ steps }) => steps.flatMap(intervalsOf));
  return intervalsMs.length === 0 ? undefined : Math.min(...intervalsMs);
}

function intervalsOf(step: Step): number[] {
  switch (step.do) {
    case "every":
      return [step.intervalMs];
    case "repeat":
      return step.steps.flatMap(intervalsOf);
    case "if":
      return [...step.then, ...step.else].flatMap(intervalsOf);
    case "choose":
      return step.options.flatMap(({ steps }) => steps.flatMap(intervalsOf));
    default:
      return [];
  }
}
