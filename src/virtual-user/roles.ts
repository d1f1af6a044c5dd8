// Makes the roles of a run's scenarios: once a thread, shared by all who play them.
import type { Recorder } from "../metrics/recorder.js";
import type { Profile } from "../profile/profile.js";
import type { Scenario } from "../profile/scenario.js";
import { defaultScenario } from "./default-scenario.js";
import type { Role } from "./role.js";

/** The roles of a profile, in the order of its scenarios; each counts under its tags where there is anything to tell apart. */
export function rolesOf(profile: Profile, recorder: Recorder): Role[] {
  const scenarios = scenariosOf(profile);
  return scenarios.map((scenario) => {
    const tags = tagsOf(scenario, scenarios.length > 1);
    return { scenario, recorder: tags.length === 0 ? recorder : recorder.part(tags) };
  });
}

function scenariosOf(profile: Profile): readonly Scenario[] {
  const { scenarios = [] } = profile;
  return scenarios.length > 0 ? scenarios : [defaultScenario(profile)];
}

function tagsOf({ name, tags }: Scenario, isOneOfMany: boolean): string[] {
  const own = Object.entries(tags).map(([key, value]) => `${key}:${value}`);
  return isOneOfMany ? [`scenario:${name}`, ...own] : own;
}
