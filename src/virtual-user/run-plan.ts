// The plan of a profile: its stages, and the scenarios that begin later. Pure: the same in every process.
import type { Profile } from "../profile/profile.js";
import { makePlan, type Plan, partOfPlan, peakOf, type Shard } from "../workload/plan.js";
import { castClients } from "./casting.js";
import { scenariosOf } from "./default-scenario.js";

/** What this process runs of it: all, or its shard's part. */
export function runPlan(profile: Profile, shard?: Shard): Plan {
  const plan = wholePlan(profile);
  return shard === undefined ? plan : partOfPlan(plan, shard);
}

/** Clients of a scenario that begins later come and leave that much later; the plan's end stays, and who would start behind it never does. */
function wholePlan(profile: Profile): Plan {
  const plan = makePlan(profile.stages);
  const scenarios = scenariosOf(profile);
  if (scenarios.every(({ startMs = 0 }) => startMs === 0)) return plan;
  const weights = scenarios.map(({ weight }) => weight);
  const cast = castClients(weights, plan.clients.length);
  const { durationMs } = plan;
  const clients = plan.clients.map(({ number, startMs, stopMs }) => {
    const laterMs = scenarios[cast[number]!]!.startMs ?? 0;
    return { number, startMs: Math.min(startMs + laterMs, durationMs), stopMs: Math.min(stopMs + laterMs, durationMs) };
  });
  return { clients, durationMs, peakClients: peakOf(clients) };
}
