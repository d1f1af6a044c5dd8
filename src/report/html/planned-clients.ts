// How many clients the plan of a run has at each instant, for the line beside those that are connected. Pure.
import type { RunFile } from "../../result/run-file.js";

/** Of each of `seconds` since the plan's start; undefined: this result is a part of a plan, whose own course is not known here. */
export function plannedClients({ profile, plan }: RunFile, seconds: readonly number[]): number[] | undefined {
  if (plan.shard !== null) return undefined;
  return seconds.map((second) => Math.round(plannedAt(profile, second * 1000)));
}

/** Each scenario has its share of the stages, from its own start on; nobody is there after the last stage. */
function plannedAt({ stages, scenarios = [] }: RunFile["profile"], atMs: number): number {
  if (atMs > stages.reduce((sum, { durationMs }) => sum + durationMs, 0)) return 0;
  if (scenarios.length === 0) return stagesAt(stages, atMs);
  const weights = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  return scenarios.reduce((sum, { weight, startMs = 0 }) => {
    return atMs < startMs ? sum : sum + (weight / weights) * stagesAt(stages, atMs - startMs);
  }, 0);
}

/** Linear within a stage, and who came in between and is still there. */
function stagesAt(stages: RunFile["profile"]["stages"], atMs: number): number {
  let fromMs = 0;
  let before = 0;
  let arrived = 0;
  for (const { durationMs, target, arrivals } of stages) {
    const toMs = fromMs + durationMs;
    if (arrivals !== undefined) {
      const thereMs = Math.min(atMs, toMs) - Math.max(fromMs, atMs - arrivals.stayMs);
      arrived += (arrivals.perSecond * Math.max(0, thereMs)) / 1000;
    }
    if (atMs <= toMs) return before + (target - before) * shareOf(atMs - fromMs, durationMs) + arrived;
    fromMs = toMs;
    before = target;
  }
  return 0;
}

function shareOf(partMs: number, wholeMs: number): number {
  return wholeMs === 0 ? 1 : Math.max(0, partMs / wholeMs);
}
