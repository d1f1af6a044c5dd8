// What a run's pipelines and the pipeline of its messages become: profile, flag, both.
import { describe, expect, it } from "vitest";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { machineWith } from "./machine.js";

const NOTE = "--pipeline reliable: the server must have the pipelines of Netcode for GameObjects";

function resolved(profile: string, flags: Record<string, unknown> = {}) {
  const { run, notes } = resolveRun(
    { argument: "load.yaml", flags, environment: {} },
    machineWith({ "load.yaml": profile }),
  );
  const { pipelines, pipelineId } = run.profile;
  return { pipelines, pipelineId, notes: notes.filter((note) => note.includes("pipeline")) };
}

describe("pipelines of a run", () => {
  it.each<[profile: string, flags: Record<string, unknown>, expected: object]>([
    ["{}", {}, { pipelines: "none", pipelineId: 0, notes: [] }],
    ["pipelines: ngo", {}, { pipelines: "ngo", pipelineId: 0, notes: [] }],
    ["pipelines: ngo\npipeline: unreliableSequenced", {}, { pipelines: "ngo", pipelineId: 2, notes: [] }],
    ["pipelines: ngo\npipeline: 1", { pipeline: "reliable" }, { pipelines: "ngo", pipelineId: 3, notes: [] }],
    ["pipelines: ngo", { pipeline: "2" }, { pipelines: "ngo", pipelineId: 2, notes: [] }],
    [
      "pipelines: [[fragmentation]]\npipeline: 1\nsize: 4096",
      {},
      { pipelines: [[{ stage: "fragmentation" }]], pipelineId: 1, notes: [] },
    ],
    ["{}", { pipeline: "reliable" }, { pipelines: "ngo", pipelineId: 3, notes: [NOTE] }],
    ["pipelines: none", { pipelines: "ngo", pipeline: "2" }, { pipelines: "ngo", pipelineId: 2, notes: [] }],
    [
      "pipelines: ngo",
      { pipelines: '[["fragmentation"]]', pipeline: "1" },
      { pipelines: [[{ stage: "fragmentation" }]], pipelineId: 1, notes: [] },
    ],
  ])("%j with %j", (profile, flags, expected) => {
    expect(resolved(profile, flags)).toEqual(expected);
  });

  it.each([
    [
      "pipelines: ngo\npipeline: 4",
      "load.yaml:2:11: pipeline must be a pipeline that the profile creates: 0 (none) to 3",
    ],
    ["pipelines: none\npipeline: reliable", "pipeline must be 0, for the profile creates no pipelines"],
    ["pipelines: [[fragmentation]]\npipeline: 1\nsize: 4097", "size must be at most 4096 bytes"],
    ["pipelines: [[unreliableSequenced]]\npipeline: 1\nsize: 1375", "size must be at most 1374 bytes"],
    ["pipelines: [[reliableSequenced, fragmentation]]", "pipelines[0] must be a list with fragmentation before"],
    ["pipelines: [[{ stage: reliable }]]", "pipelines[0][0].stage must be one of fragmentation"],
    ["pipelines: [[{ stage: fragmentation, capacity: 1 }]]", "unknown key capacity in pipelines[0][0]"],
    ["pipelines: unity", 'pipelines must be none, ngo, or a list with the stages of each pipeline, got "unity"'],
  ])("%j is refused", (profile, message) => {
    expect(() => resolved(profile)).toThrow(message);
  });

  it.each([
    ["unity", 'Cannot start: --pipelines must be none, ngo, or a list with the stages of each pipeline, got "unity"'],
    ["[[", "Cannot start: --pipelines must be none, ngo, or JSON with the stages of each pipeline, got [["],
  ])("--pipelines %s is refused", (pipelines, message) => {
    expect(() => resolved("{}", { pipelines })).toThrow(message);
  });
});
