// The scenario of a profile that names none: everybody sends one marked message after another. Values only.
import type { Profile } from "../profile/profile.js";
import type { Scenario, Step } from "../profile/scenario.js";

const SECOND_MS = 1000;

/** Rate, size and pipeline of the profile as the one step of one scenario; no step at a rate of 0. */
export function defaultScenario(profile: Profile): Scenario {
  const hex = profile.connectPayloadHex;
  return {
    name: "default",
    weight: 1,
    tags: {},
    connectPayload: hex === undefined ? undefined : { kind: "fields", fields: [{ type: "bytes", hex }] },
    steps: stepsOf(profile),
    decode: [],
    feeders: [],
    reconnect: undefined,
  };
}

/** What the clients of a profile play. */
export function scenariosOf(profile: Profile): readonly Scenario[] {
  const { scenarios = [] } = profile;
  return scenarios.length > 0 ? scenarios : [defaultScenario(profile)];
}

function stepsOf({ ratePerSecond, pipelineId, payloadBytes }: Profile): Step[] {
  if (ratePerSecond <= 0) return [];
  const payload = { kind: "marked", sizeBytes: payloadBytes } as const;
  return [{ do: "every", intervalMs: SECOND_MS / ratePerSecond, pipelineId, payload }];
}
