// What a search found, as data and as text: the answer of every end, its exit code, what broke first, and the curve.
import { describe, expect, it } from "vitest";
import { type LimitResult, limitExitFacts, limitResult } from "../../../src/limit/limit-result.js";
import type { SearchEnd, TrialOutcome } from "../../../src/limit/load-search.js";
import { type BrokenRule, type Trial, unstartedTrial } from "../../../src/limit/trial.js";
import type { LevelFigures } from "../../../src/limit/trial-figures.js";
import { limitText, trialText } from "../../../src/report/limit-text.js";
import { exitCode } from "../../../src/result/exit-code.js";

const RTT: BrokenRule = { rule: "rtt: p(95)<80", value: 93.2, words: "measured 93.2 ms" };
const LOST: BrokenRule = { rule: "99% of the connections stay", value: 0.9, words: "40 of 400 were lost (Silence 40)" };

function figures(rttP95Ms: number | null): LevelFigures {
  const none = { rttP50Ms: null, rttP99Ms: null, pingP95Ms: null, connectTotalP95Ms: null, sendLagP99Ms: null };
  return { clientsConnected: 200, sentPerSecond: 2000, receivedPerSecond: 12_345, rttP95Ms, ...none };
}

function trial(load: number, outcome: TrialOutcome, rttP95Ms: number | null, broken: BrokenRule[] = []): Trial {
  return { load, folder: `clients-${load}/run-1`, outcome, broken, generatorWhy: [], figures: figures(rttP95Ms) };
}

const TRIALS = [
  trial(200, "held", 10),
  trial(400, "broke", 90, [RTT]),
  trial(400, "broke", 110, [LOST, RTT]),
  trial(300, "held", 20),
];

function result(end: SearchEnd | undefined, held: number | undefined, trials = TRIALS): LimitResult {
  const what = { profile: "p", target: "ws://h/", axis: "clients", objectives: ["rtt: p(95)<80"] } as const;
  return limitResult({ ...what, end, held, trials });
}
const text = (limit: LimitResult): string => limitText(limit, { useColor: false, folder: "results/limit" });
const FOUND: SearchEnd = { kind: "found", limit: 300, broken: 400 };

it("tells what broke first: the rule of most runs, at the lowest load that broke", () => {
  expect(result(FOUND, 300).broke).toEqual({ load: 400, rules: [RTT, LOST] });
});

it("has a level a load, from the smallest on, with the means of its runs", () => {
  const { levels } = result(FOUND, 300);
  expect(levels.map(({ load, verdict, runs }) => [load, verdict, runs.length])).toEqual([
    [200, "held", 1],
    [300, "held", 1],
    [400, "broke", 2],
  ]);
  expect(levels[2]?.figures).toMatchObject({ rttP95Ms: 100, rttP50Ms: null });
});

describe("an end", () => {
  const cases: [name: string, end: SearchEnd | undefined, held: number | undefined, code: number, words: string][] = [
    ["found", FOUND, 300, 0, "The limit is 300 clients: that held, and 400 clients did not."],
    ["unbroken", { kind: "unbroken", limit: 300 }, 300, 0, "No limit up to 300 clients"],
    ["nothingHeld", { kind: "nothingHeld", broken: 1 }, undefined, 99, "Nothing held"],
    [
      "generator",
      { kind: "generator", limit: 300, at: 400 },
      300,
      111,
      "At least 300 clients; the generator's own limit, not the server's",
    ],
    ["gone after something held", { kind: "gone", limit: 300, broken: 400 }, 300, 0, "may have gone down"],
    ["gone before", { kind: "gone", limit: undefined, broken: 400 }, undefined, 99, "Nothing had held before"],
    ["unreached", { kind: "unreached" }, undefined, 113, "was never reached"],
    ["of an interrupted search", undefined, 200, 105, "Interrupted before the limit was found. 200 clients held."],
  ];
  it.each(cases)("%s", (_name, end, held, code, words) => {
    const limit = result(end, held);
    expect(exitCode(limitExitFacts(limit))).toBe(code);
    expect(text(limit).replace(/\s+/g, " ")).toContain(words);
  });
});

it("says what this machine lacked", () => {
  const limit = result({ kind: "generator", limit: 300, at: 90_000 }, 300, [
    ...TRIALS,
    unstartedTrial(90_000, "no ports"),
  ]);
  expect(limit.generatorWhy).toEqual(["no ports"]);
  expect(text(limit)).toMatch(/^machine +no ports$/m);
  expect(text(limit)).toMatch(/^ +90000 {2}ours$/m);
});

it("draws the curve in 80 columns", () => {
  const lines = text(result(FOUND, 300)).split("\n");
  expect(lines).toContain(" clients  got in  sent/s  recv/s rtt p50     p95     p99    ping");
  expect(lines).toContain("     400     200   2,000   12.3k       -     100       -       -  broke (2)");
  expect(lines).toContain("broke     at 400 clients: rtt: p(95)<80, measured 93.2 ms");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

it.each<[string, Trial]>([
  ["held, rtt p95 10.0 ms", trial(200, "held", 10)],
  ["held", trial(200, "held", null)],
  [
    "broke: rtt: p(95)<80, measured 93.2 ms; 99% of the connections stay, 40 of 400 were lost (Silence 40)",
    trial(4, "broke", 9, [RTT, LOST]),
  ],
  ["no client got in", trial(4, "unreached", null)],
  ["the generator's own limit: no ports", unstartedTrial(4, "no ports")],
])("a run in a line: %s", (line, run) => {
  expect(trialText(run)).toBe(line);
});
