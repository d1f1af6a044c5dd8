// How many clients the plan of a run has at each instant, for the line beside those that are connected. Pure.
import type { RunFile } from "../../result/run-file.js";

/** Of each of `seconds` since the plan's start; undefined: this result is a part of a plan, whose own course is not known here. */
export function plannedClients({ profile, plan }: RunFile, seconds: readonly number[]): number[] | undefined {
  if (plan.shard !== null) return undefined;
  return seconds.map((second) => plannedAt(profile.stages, second * 1000));
}

/** Linear within a stage; nobody after the last one. */
function plannedAt(stages: RunFile["profile"]["stages"], atMs: number): number {
  let fromMs = 0;
  let before = 0;
  for (const { durationMs, target } of stages) {
    if (atMs <= fromMs + durationMs) return Math.round(before + (target - before) * shareOf(atMs - fromMs, durationMs));
    fromMs += durationMs;
    before = target;
  }
  return 0;
}

function shareOf(partMs: number, wholeMs: number): number {
  return wholeMs === 0 ? 1 : Math.max(0, partMs / wholeMs);
}
