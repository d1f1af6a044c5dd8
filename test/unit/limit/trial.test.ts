// One run judged: what the server broke, and what was this machine's own doing.
import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../src/engine/run-types.js";
import { judgeTrial, type Objective, type Trial, unstartedTrial } from "../../../src/limit/trial.js";
import { parseThreshold } from "../../../src/metrics/thresholds-parser.js";
import { resultOf, snapshotOf, summaryOf, TRENDS, totalOf } from "../result/sample-run.js";

/** All hundred clients got in and left by themselves. */
const HEALTHY = {
  clients_connected_ever: 100,
  clients_failed: 0,
  clients_cancelled: 0,
  connect_established: 100,
  connect_failed_attempts: 0,
  "connect_failures{reason:UpgradeTimeout}": 0,
  "connect_failures{reason:UpgradeRejected:503}": 0,
  disconnects: 98,
  "disconnects{reason:ClosedByClient}": 98,
  "disconnects{reason:Silence}": 0,
};
const LAGGING: Partial<RunResult> = { laggingSeconds: 1 };
const INVALID: Partial<RunResult> = { laggingSeconds: 3 };

function objectives(...lines: string[]): Objective[] {
  return lines.map((line) => {
    return { spec: parseThreshold(line), isOfJoining: line.startsWith("connect_") };
  });
}

function judged(rules: string[], sums: Record<string, number> = {}, changes: Partial<RunResult> = {}): Trial {
  const all = { ...HEALTHY, ...sums };
  const figures = resultOf(changes, all);
  return judgeTrial(100, "clients-100/run-1", { summary: summaryOf(changes, all), figures }, objectives(...rules));
}

const RTT_HOLDS = "rtt: p(95)<80";
const RTT_BREAKS = "rtt: p(95)<20";

describe("a run", () => {
  const cases: [string, rules: string[], sums: Record<string, number>, changes: Partial<RunResult>, outcome: string][] =
    [
      ["that kept its rule held", [RTT_HOLDS], {}, {}, "held"],
      ["that broke it broke", [RTT_BREAKS], {}, {}, "broke"],
      ["of a late machine that held all the same held", [RTT_HOLDS], {}, LAGGING, "held"],
      ["of a late machine whose times broke is ours", [RTT_BREAKS], {}, LAGGING, "generator"],
      [
        "of a late machine whose clients were lost broke",
        [RTT_HOLDS],
        { "disconnects{reason:Silence}": 9 },
        LAGGING,
        "broke",
      ],
      ["that is invalid is ours", [RTT_HOLDS], {}, INVALID, "generator"],
      ["that lost a worker is ours", [RTT_HOLDS], {}, { end: "generatorLost", why: "worker 0 ended" }, "generator"],
      ["whose sends we dropped is ours", [RTT_HOLDS], { dropped_sends: 200 }, {}, "generator"],
      [
        "whose server did not read broke",
        [RTT_HOLDS],
        { dropped_sends: 200, "dropped_sends{why:serverNotReading}": 200 },
        {},
        "broke",
      ],
      [
        "whose server did not read while we lagged is ours",
        [RTT_HOLDS],
        { dropped_sends: 200, "dropped_sends{why:serverNotReading}": 200 },
        INVALID,
        "generator",
      ],
      [
        "that lacked descriptors is ours",
        [RTT_HOLDS],
        { clients_connected_ever: 90, clients_failed: 10, "connect_failures{reason:LocalResourceLimit}": 10 },
        {},
        "generator",
      ],
      [
        "that let nobody in reached nothing",
        [RTT_HOLDS],
        { clients_connected_ever: 0, clients_failed: 100 },
        {},
        "unreached",
      ],
      ["with one of 100 outside held", [RTT_HOLDS], { clients_connected_ever: 99, clients_failed: 1 }, {}, "held"],
      ["with two of 100 outside broke", [RTT_HOLDS], { clients_connected_ever: 98, clients_cancelled: 2 }, {}, "broke"],
      ["without an echo has no rtt, on a late machine too", ["ping: p(95)<80"], {}, LAGGING, "broke"],
    ];
  it.each(cases)("%s", (_name, rules, sums, changes, outcome) => {
    expect(judged(rules, sums, changes).outcome).toBe(outcome);
  });
});

it("says which rule broke, and what was measured", () => {
  const { broken } = judged([RTT_BREAKS, "ping: p(95)<80", "messages_received: rate>1000"]);
  expect(broken.map(({ rule, words }) => `${rule} | ${words}`)).toEqual([
    "rtt: p(95)<20 | measured 40.03 ms",
    "ping: p(95)<80 | nothing was measured",
    "messages_received: rate>1000 | measured 899/s",
  ]);
});

it("says why clients were not in, unless an objective speaks of it", () => {
  const sums = { clients_connected_ever: 90, clients_failed: 10, "connect_failures{reason:UpgradeTimeout}": 10 };
  expect(judged([RTT_HOLDS], sums).broken).toEqual([
    { rule: "99% of the clients get in", value: 0.9, words: "10 of 100 did not get in (UpgradeTimeout 10)" },
  ]);
  expect(judged(["connect_failed: rate<0.5"], { ...sums, connect_failed_attempts: 10 }).outcome).toBe("held");
  expect(judged(["disconnects: count<200"], { "disconnects{reason:Silence}": 50 }).outcome).toBe("held");
});

it("judges joining on the whole run, the rest without the settling time", () => {
  const measured = totalOf(snapshotOf({ messages_sent: 10 }, { rtt: [5], send_lag: [0] }));
  const settled = { measured, whole: totalOf(snapshotOf({ ...resultOf().whole.sums, ...HEALTHY }, TRENDS)) };
  const { broken, figures } = judged([RTT_BREAKS, "connect_total: p(95)<1000"], {}, settled);
  expect(broken.map(({ rule }) => rule)).toEqual(["connect_total: p(95)<1000"]);
  expect(figures).toMatchObject({
    rttP95Ms: expect.closeTo(5, 1),
    sentPerSecond: 1,
    connectTotalP95Ms: expect.closeTo(1530, -1),
  });
});

it("a load that this machine cannot start is ours", () => {
  expect(unstartedTrial(90_000, "too few descriptors")).toMatchObject({ outcome: "generator", folder: null });
});
