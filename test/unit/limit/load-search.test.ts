// The search on simulated servers: where their knee is, it is found, whatever noise there is, and the generator's own limit is told apart.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoadSearch, type SearchEnd, type SearchOptions, type TrialOutcome } from "../../../src/limit/load-search.js";
import { propertyParameters } from "../../support/property.js";

const OPTIONS: SearchOptions = { climb: [10, 20, 40, 80, 160, 320, 640], unit: 1, precision: 0.05, agree: 2 };

/** What the n-th run of all (from 0) with a load comes to. */
type Server = (load: number, run: number) => TrialOutcome;
const knee =
  (limit: number): Server =>
  (load) =>
    load <= limit ? "held" : "broke";

function search(server: Server, options: Partial<SearchOptions> = {}): { end: SearchEnd; loads: number[] } {
  const searched = new LoadSearch({ ...OPTIONS, ...options });
  const loads: number[] = [];
  for (let load = searched.next(); load !== undefined; load = searched.next()) {
    searched.record(load, server(load, loads.length));
    loads.push(load);
    if (loads.length > 500) throw new Error("the search does not end");
  }
  return { end: searched.end!, loads };
}

/** The knee, but the runs of these numbers say the opposite. */
const noisy =
  (limit: number, ...runs: number[]): Server =>
  (load, run) =>
    load <= limit !== runs.includes(run) ? "held" : "broke";

describe("a simulated server", () => {
  const cases: [name: string, server: Server, end: SearchEnd][] = [
    ["with a knee at 100", knee(100), { kind: "found", limit: 100, broken: 105 }],
    ["with a knee on a step of the climb", knee(80), { kind: "found", limit: 80, broken: 82 }],
    ["that holds all", knee(10_000), { kind: "unbroken", limit: 640 }],
    ["worse from the start, with a knee at 3", knee(3), { kind: "found", limit: 3, broken: 4 }],
    ["that holds nothing", knee(0), { kind: "nothingHeld", broken: 1 }],
    ["with a slip in the climb", noisy(100, 1), { kind: "found", limit: 100, broken: 105 }],
    ["with a slip beyond its knee", noisy(100, 5), { kind: "found", limit: 100, broken: 105 }],
    ["whose knee is lower than one run said", noisy(70, 3), { kind: "found", limit: 70, broken: 72 }],
    ["that was never there", () => "unreached", { kind: "unreached" }],
    ["that dies at 160", (load) => (load < 160 ? "held" : "unreached"), { kind: "gone", limit: 80, broken: 160 }],
    ["beyond this machine", (load) => (load < 90 ? "held" : "generator"), { kind: "generator", limit: 80, at: 160 }],
    ["beyond this machine at once", () => "generator", { kind: "generator", limit: undefined, at: 10 }],
    [
      "that breaks at 160, while this machine gives up at 120",
      (load) => (load >= 160 ? "broke" : load >= 120 ? "generator" : "held"),
      { kind: "generator", limit: 80, at: 120 },
    ],
    // As a cache that is cold in the middle: the lowest break counts.
    [
      "that breaks between 30 and 50 only",
      (load) => (load < 30 || load > 50 ? "held" : "broke"),
      { kind: "found", limit: 29, broken: 30 },
    ],
  ];
  it.each(cases)("%s", (_name, server, end) => {
    expect(search(server).end).toEqual(end);
  });
});

it("runs once while it climbs, and twice near the edge and at the limit itself", () => {
  const { loads } = search(knee(80));
  expect(loads).toEqual([10, 20, 40, 80, 160, 160, 120, 120, 100, 100, 90, 90, 85, 85, 82, 82, 80]);
});

it("one run a load is enough where no more were asked for", () => {
  expect(search(knee(45), { agree: 1, precision: 0.2 }).loads).toEqual([10, 20, 40, 80, 60, 50, 45]);
});

it("a rate has steps of a tenth", () => {
  const { end } = search(knee(0.75), { climb: [1, 2, 4], unit: 0.1, precision: 0.01 });
  expect(end).toEqual({ kind: "found", limit: 0.7, broken: 0.8 });
});

it("any knee is found within the precision, and one slip in a row of three hides none", () => {
  const knees = fc.tuple(fc.integer({ min: 1, max: 639 }), fc.nat(40));
  const check = ([limit, slip]: [number, number]): void => {
    const { end } = search(noisy(limit, slip));
    if (end.kind !== "found") throw new Error(`ended ${end.kind}`);
    expect(end.limit).toBeLessThanOrEqual(limit);
    expect(end.broken).toBeGreaterThan(limit);
    expect(end.broken - end.limit).toBeLessThanOrEqual(Math.max(1, end.limit * OPTIONS.precision));
  };
  fc.assert(fc.property(knees, check), propertyParameters("load search", 500));
});

it.each<[string, Partial<SearchOptions>]>([
  ["no loads", { climb: [] }],
  ["loads that fall", { climb: [20, 10] }],
  ["a precision of nothing", { precision: 0 }],
  ["no run that must agree", { agree: 0 }],
])("refuses %s", (_name, options) => {
  expect(() => new LoadSearch({ ...OPTIONS, ...options })).toThrow(RangeError);
});
