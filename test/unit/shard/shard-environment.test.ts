// Which shard an engine's environment makes of a process.
import { describe, expect, it } from "vitest";
import { shardFromEnvironment } from "../../../src/shard/shard-environment.js";

const slurm = (id: string, count: string, more: Record<string, string> = {}) => ({
  SLURM_ARRAY_TASK_ID: id,
  SLURM_ARRAY_TASK_COUNT: count,
  SLURM_ARRAY_TASK_MIN: "0",
  ...more,
});

describe("shardFromEnvironment()", () => {
  it.each<[name: string, environment: Record<string, string>, shard: string | undefined]>([
    ["nothing", {}, undefined],
    ["Slurm, from 0", slurm("3", "4"), "3/4 SLURM_ARRAY_TASK_ID=3"],
    ["Slurm, from 1", slurm("1", "4", { SLURM_ARRAY_TASK_MIN: "1" }), "0/4 SLURM_ARRAY_TASK_ID=1"],
    [
      "Slurm, from 10 in steps of 5",
      slurm("20", "3", { SLURM_ARRAY_TASK_MIN: "10", SLURM_ARRAY_TASK_STEP: "5" }),
      "2/3 SLURM_ARRAY_TASK_ID=20",
    ],
    ["Kubernetes", { JOB_COMPLETION_INDEX: "2", UTP_SHARDS: "3" }, "2/3 JOB_COMPLETION_INDEX=2"],
    ["any Indexed Job", { JOB_COMPLETION_INDEX: "2" }, undefined],
    ["a number of shards only", { UTP_SHARDS: "3" }, undefined],
    ["AWS Batch", { AWS_BATCH_JOB_ARRAY_INDEX: "0", AWS_BATCH_JOB_ARRAY_SIZE: "2" }, "0/2 AWS_BATCH_JOB_ARRAY_INDEX=0"],
    ["Cloud Run", { CLOUD_RUN_TASK_INDEX: "1", CLOUD_RUN_TASK_COUNT: "2" }, "1/2 CLOUD_RUN_TASK_INDEX=1"],
    ["an empty variable", { CLOUD_RUN_TASK_INDEX: "" }, undefined],
  ])("%s", (_, environment, shard) => {
    const found = shardFromEnvironment(environment);
    expect(found && `${found.index}/${found.count} ${found.from}`).toBe(shard);
  });

  it.each<[environment: Record<string, string>, problem: string]>([
    [slurm("4", "4"), "SLURM_ARRAY_TASK_ID must be one of 4 tasks from 0 without a gap, got 4"],
    [slurm("7", "3", { SLURM_ARRAY_TASK_MIN: "1", SLURM_ARRAY_TASK_STEP: "4" }), "in steps of 4 without a gap, got 7"],
    [{ SLURM_ARRAY_TASK_ID: "1", SLURM_ARRAY_TASK_MIN: "0" }, "SLURM_ARRAY_TASK_COUNT must be a whole number from 1"],
    [{ JOB_COMPLETION_INDEX: "0", UTP_SHARDS: "many" }, "UTP_SHARDS must be a whole number from 1, got many"],
    [{ CLOUD_RUN_TASK_INDEX: "-1", CLOUD_RUN_TASK_COUNT: "2" }, "CLOUD_RUN_TASK_INDEX must be a whole number from 0"],
  ])("%j is refused", (environment, problem) => {
    expect(() => shardFromEnvironment(environment)).toThrow(`Cannot tell the shard: `);
    expect(() => shardFromEnvironment(environment)).toThrow(problem);
  });
});
