// `find-limit` resolved: the loads to climb, the run that a load is, the rules that are judged; slips are told before anything starts.
import { describe, expect, it } from "vitest";
import { type LimitRequest, resolveLimit } from "../../../src/cli/resolve-limit.js";
import { machineWith } from "./machine.js";

const FILES = {
  "load.yaml":
    "target: ws://127.0.0.1:7777/\nclients: 20\nramp: 2s\nwarmup: 9s\nthresholds:\n  ping: ['p(95)<50']\n  rtt: ['avg<5']\n",
  "bare.yaml": "target: ws://127.0.0.1:7777/\nstages: [{ duration: 1m, target: 30 }]\n",
  "script.yaml": "target: ws://127.0.0.1:7777/\nscenarios:\n  play:\n    steps:\n      - wait: 1s\n",
};

function resolved(changes: Partial<LimitRequest> = {}) {
  const request: LimitRequest = {
    profile: "load.yaml",
    runFlags: {},
    slo: ["rtt: p(95)<80"],
    axis: "clients",
    from: undefined,
    max: undefined,
    steps: undefined,
    settle: "5s",
    hold: "20s",
    repeat: "2",
    precision: "10%",
    environment: {},
    ...changes,
  };
  return resolveLimit(request, machineWith(FILES));
}

describe("loads to climb", () => {
  it.each<[string, Partial<LimitRequest>, number[]]>([
    ["double from the first to the last", { from: "100", max: "500" }, [100, 200, 400, 500]],
    ["end at the last", { from: "100", max: "400" }, [100, 200, 400]],
    ["are one where both are the same", { from: "7", max: "7" }, [7]],
    ["begin no higher than they end", { max: "4" }, [4]],
    ["may be given", { steps: "5,50,60" }, [5, 50, 60]],
    ["of a rate have a decimal", { axis: "rate", from: "0.5", max: "1.5" }, [0.5, 1, 1.5]],
  ])("%s", (_name, changes, climb) => {
    expect(resolved(changes).search.climb).toEqual(climb);
  });
});

it("a load is a run: ramp, settling time as warm-up, then what is judged", () => {
  const { profile } = resolved().runOf(40);
  expect(profile.stages).toEqual([
    { durationMs: 2000, target: 40 },
    { durationMs: 25_000, target: 40 },
  ]);
  expect(profile.warmupMs).toBe(7000);
});

it("a rate is loaded by the profile's clients", () => {
  const { profile } = resolved({ profile: "bare.yaml", axis: "rate" }).runOf(2.5);
  expect([profile.ratePerSecond, profile.stages.at(-1)?.target]).toEqual([2.5, 30]);
});

it("judges the profile's thresholds too; --slo replaces those on its metric", () => {
  const { objectives } = resolved();
  expect(objectives.map(({ spec }) => `${spec.metric}: ${spec.expression}`)).toEqual([
    "ping: p(95)<50",
    "rtt: p(95)<80",
  ]);
});

it("leaves rules of joining to the search: a run's ramp is within its warm-up", () => {
  const plan = resolved({ slo: ["connect_total: p(95)<900"] });
  expect(plan.objectives.map(({ isOfJoining }) => isOfJoining)).toEqual([false, false, true]);
  expect(plan.runOf(10).profile.thresholds.map(({ metric }) => metric)).toEqual(["ping", "rtt"]);
  expect(plan.notes).toEqual([]);
});

it.each<[Partial<LimitRequest>, string]>([
  [{ axis: "size" }, "--axis must be clients or rate, got size"],
  [{ from: "0" }, "--from must be a whole number from 1 to 1000000, got 0"],
  [{ from: "2.5" }, "--from must be a whole number"],
  [{ axis: "rate", from: "0.25" }, "one decimal at most, got 0.25"],
  [{ from: "50", max: "20" }, "--max must be at least --from 50, got 20"],
  [{ steps: "5,5" }, "--steps must be loads that rise"],
  [{ steps: "5", max: "9" }, "--steps must be given without --from and --max"],
  [{ hold: "0s" }, "--hold must be a duration such as 20s, at least 1s, got 0s"],
  [{ settle: "long" }, "--settle must be a duration such as 20s, got long"],
  [{ repeat: "0" }, "--repeat must be a whole number from 1 to 9"],
  [{ precision: "10" }, "--precision must be a percentage"],
  [{ runFlags: { clients: "5" } }, "--clients must be left out"],
  [{ profile: "bare.yaml", slo: [] }, "--slo must be given, or the profile must have thresholds, got none"],
  [{ slo: ["rtt"] }, "--slo"],
  [{ profile: "script.yaml", axis: "rate" }, "--axis rate must be left out with a profile that has scenarios"],
])("refuses %j", (changes, message) => {
  expect(() => resolved(changes)).toThrow(message);
});
