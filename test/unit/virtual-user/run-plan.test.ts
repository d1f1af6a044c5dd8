// The plan of a profile whose scenarios begin at different times.
import { describe, expect, it } from "vitest";
import type { Profile } from "../../../src/profile/profile.js";
import { castClients } from "../../../src/virtual-user/casting.js";
import { runPlan } from "../../../src/virtual-user/run-plan.js";
import { makePlan } from "../../../src/workload/plan.js";
import { PROFILE, scenarioWith, UserBench } from "./user-bench.js";

const STAGES = [
  { durationMs: 1000, target: 10 },
  { durationMs: 8000, target: 10 },
  { durationMs: 1000, target: 0 },
];
const profileWith = (startMs: number): Profile => ({
  ...PROFILE,
  stages: STAGES,
  scenarios: [scenarioWith({ name: "early" }), scenarioWith({ name: "late", startMs })],
});

describe("runPlan()", () => {
  it("is that of the stages where all begin at once", () => {
    expect(runPlan(profileWith(0))).toEqual(makePlan(STAGES));
  });

  it("moves the starts and the stops of a scenario, up to the plan's end", () => {
    const plan = runPlan(profileWith(3000));
    const cast = castClients([1, 1], 10);
    for (const { number, startMs, stopMs } of makePlan(STAGES).clients) {
      const laterMs = cast[number] === 1 ? 3000 : 0;
      const times = { startMs: startMs + laterMs, stopMs: Math.min(stopMs + laterMs, 10_000) };
      expect(plan.clients[number]).toEqual({ number, ...times });
    }
    expect([plan.durationMs, plan.peakClients]).toEqual([10_000, 10]);
  });

  it("keeps clients that would start behind the end, who never do and count as that", () => {
    const plan = runPlan(profileWith(9500));
    const never = plan.clients.filter(({ startMs, stopMs }) => startMs === stopMs);
    expect(plan.clients).toHaveLength(10);
    expect(never.length).toBeGreaterThan(0);
    expect(plan.peakClients).toBe(5);
    const bench = new UserBench({ stopMs: 0 });
    expect([bench.user.state, bench.sessions.length, bench.done]).toEqual(["done", 0, 1]);
    expect(bench.books().sum("clients_started")).toBe(0);
  });
});
