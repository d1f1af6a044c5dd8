// What can be compared with what: refusals and warnings, one cause at a time.
import { describe, expect, it } from "vitest";
import { type Comparable, comparability } from "../../../src/comparison/comparability.js";
import { PROFILE, summaryOf } from "../result/sample-run.js";

const MACHINE = { os: "linux", release: "6", arch: "x64", cpu: "CPU", cores: 4, memoryBytes: 8e9 };
const PLAN = { clients: 100, durationMs: 10_000, workers: 1, processes: 1, shard: null, lagLimitMs: 25 };

function result(folder: string, run: Partial<Comparable["run"]> = {}, summary: Partial<Comparable["summary"]> = {}) {
  const versions = { utpLoad: "0.1.0", node: "v20.19.0" };
  return {
    folder,
    run: { profile: PROFILE, machine: MACHINE, versions, plan: PLAN, ...run },
    summary: { ...summaryOf(), ...summary },
  };
}

const { generator, clients } = summaryOf();
const base = result("a");
const told = (next: Comparable) => comparability([base], [next]);

it("two results of one profile on one machine: nothing to say", () => {
  expect(told(result("b"))).toEqual({ refusals: [], warnings: [] });
});

describe("refused", () => {
  it.each([
    ["other stages", { profile: { ...PROFILE, stages: [{ durationMs: 1000, target: 5 }] } }, "the stages differ"],
    ["another rate", { profile: { ...PROFILE, ratePerSecond: 20 } }, "the rate differs: 10/s against 20/s"],
    [
      "another size",
      { profile: { ...PROFILE, payloadBytes: 65 } },
      "the message size differs: 64 bytes against 65 bytes",
    ],
    ["another client", { profile: { ...PROFILE, client: "webgl" as const } }, "the kind of client differs"],
    ["a pipeline", { profile: { ...PROFILE, pipelineId: 1 } }, "the pipelines differ"],
  ])("%s", (_name, run, words) => {
    expect(told(result("b", run)).refusals.join()).toContain(words);
  });

  it.each([
    ["an invalid one", { generator: { ...generator, trust: "invalid" as const, why: ["lag"] } }, "b is invalid"],
    ["one that nobody joined", { clients: { ...clients, connected: 0 } }, "no client became connected"],
  ])("%s", (_name, summary, words) => {
    expect(told(result("b", {}, summary)).refusals.join()).toContain(words);
  });
});

describe("told", () => {
  it.each([
    ["another seed", { profile: { ...PROFILE, seed: 2 } }, "the seed differs: 1 against 2"],
    ["another machine", { machine: { ...MACHINE, cores: 8 } }, "the machine differs: 4 cores"],
    ["another version", { versions: { utpLoad: "0.2.0", node: "v20.19.0" } }, "the version of utp-load differs"],
    ["one shard", { plan: { ...PLAN, shard: { index: 0, count: 2 } } }, "b is one shard only"],
  ])("%s", (_name, run, words) => {
    const { refusals, warnings } = told(result("b", run));
    expect(refusals).toEqual([]);
    expect(warnings.join()).toContain(words);
  });

  it("a partial one, a suspect one, and one on both sides", () => {
    const doubtful = result("a", {}, { partial: true, generator: { ...generator, trust: "suspect", why: ["CPU"] } });
    expect(told(doubtful).warnings.join()).toMatch(/both sides.*partial.*CPU/);
  });
});

it("says what several results have in common once", () => {
  const others = ["b", "c"].map((folder) => result(folder, { profile: { ...PROFILE, seed: 2 } }));
  expect(comparability([base], others).warnings).toHaveLength(1);
});
