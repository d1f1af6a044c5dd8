// The planned line of the report against the plan itself, for stages of any kind and scenarios that begin later.
import { describe, expect, it } from "vitest";
import type { Profile } from "../../../../src/profile/profile.js";
import { plannedClients } from "../../../../src/report/html/planned-clients.js";
import type { RunFile } from "../../../../src/result/run-file.js";
import { runPlan } from "../../../../src/virtual-user/run-plan.js";
import { PROFILE, scenarioWith } from "../../virtual-user/user-bench.js";

const STAGES = [
  { durationMs: 10_000, target: 20 },
  { durationMs: 20_000, target: 20, arrivals: { perSecond: 4, stayMs: 5000 } },
  { durationMs: 10_000, target: 0 },
];

describe("plannedClients()", () => {
  it.each([
    ["one scenario", []],
    ["one that begins later", [scenarioWith({ startMs: 4000 })]],
    ["two", [scenarioWith({ name: "a", weight: 3 }), scenarioWith({ name: "b", startMs: 8000 })]],
  ])("follows the plan of %s", (_what, scenarios) => {
    const profile: Profile = { ...PROFILE, stages: STAGES, scenarios };
    const run = { profile, plan: { shard: null } } as unknown as RunFile;
    const { clients } = runPlan(profile);
    const seconds = [0, 3, 7, 12, 18, 25, 31, 34, 39, 41];
    const planned = plannedClients(run, seconds)!;
    for (const [index, second] of seconds.entries()) {
      const there = clients.filter(({ startMs, stopMs }) => startMs <= second * 1000 && second * 1000 < stopMs).length;
      expect(Math.abs(planned[index]! - there)).toBeLessThanOrEqual(2);
    }
  });
});
