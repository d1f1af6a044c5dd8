import { describe, expect, it } from "vitest";
import { type GeneratorFacts, generatorTrust, verdictOf } from "../../../src/result/verdict.js";
import { summaryOf } from "./sample-run.js";

const HEALTHY: GeneratorFacts = {
  messagesPlanned: 10_000,
  messagesDropped: 0,
  droppedByServer: 0,
  droppedByWindow: 0,
  laggingSeconds: 0,
  lagLimitMs: 25,
  sendLagP99Ms: 1,
  eventLoopDelayP99Ms: 2,
  cpuPercent: 50,
  workers: 1,
  localFailures: 0,
  lost: undefined,
};

describe("generatorTrust()", () => {
  it.each([
    ["all well", {}, "trusted", false, []],
    ["nothing sent", { messagesPlanned: 0, sendLagP99Ms: null, eventLoopDelayP99Ms: null }, "trusted", false, []],
    ["a thousandth dropped", { messagesDropped: 10 }, "trusted", true, []],
    ["more dropped", { messagesDropped: 11 }, "suspect", true, [/^11 of 10000 planned sends \(0\.1%\) were dropped$/]],
    ["1% dropped", { messagesDropped: 100 }, "suspect", true, [/100 of 10000/]],
    ["over 1% dropped", { messagesDropped: 101 }, "invalid", true, [/^101 of 10000 .*, over 1%$/]],
    [
      "dropped by the server's fault",
      { messagesDropped: 200, droppedByServer: 200 },
      "invalid",
      false,
      [/200 of them because the server did not read/],
    ],
    ["one late second", { laggingSeconds: 1 }, "suspect", true, [/over 25 ms for 1 s/]],
    ["two late seconds", { laggingSeconds: 2 }, "suspect", true, [/over 25 ms for 2 s/]],
    ["three late seconds", { laggingSeconds: 3 }, "invalid", true, [/over 25 ms for 3 seconds on end/]],
    ["a send lag near the limit", { sendLagP99Ms: 13 }, "suspect", false, [/p99 was 13 ms, near the limit of 25 ms/]],
    ["a slow event loop", { eventLoopDelayP99Ms: 26 }, "suspect", false, [/26 ms late/]],
    ["a full CPU", { cpuPercent: 91 }, "suspect", true, [/91% CPU with 1 workers/]],
    ["a full CPU of two", { cpuPercent: 91, workers: 2 }, "trusted", false, []],
    ["no descriptors", { localFailures: 4 }, "suspect", false, [/4 connections could not be opened/]],
    ["a lost worker", { lost: "worker 1: out of memory" }, "invalid", false, [/lost: worker 1: out of memory/]],
    [
      "two reasons, the graver first",
      { laggingSeconds: 5, localFailures: 1 },
      "invalid",
      true,
      [/5 seconds on end/, /1 connections/],
    ],
  ] as const)("%s", (_what, changes, trust, saturated, why) => {
    const found = generatorTrust({ ...HEALTHY, ...changes });
    expect({ trust: found.trust, saturated: found.saturated }).toEqual({ trust, saturated });
    expect(found.why).toHaveLength(why.length);
    for (const [index, text] of why.entries()) expect(found.why[index]).toMatch(text);
  });
});

describe("verdictOf()", () => {
  const { clients } = summaryOf();
  const holds = { metric: "rtt", expression: "max<1", value: 0.5, ok: true };
  const crossed = { ...holds, value: null, ok: false };
  it.each([
    ["trusted", [], clients, "pass"],
    ["suspect", [holds], clients, "pass"],
    ["trusted", [holds, crossed], clients, "fail"],
    ["invalid", [holds], clients, "invalid"],
    ["invalid", [crossed], clients, "invalid"],
    ["trusted", [], { ...clients, connected: 0 }, "fail"],
    ["trusted", [], { ...clients, connected: 0, failed: 0, cancelled: clients.started }, "fail"],
    ["trusted", [], { ...clients, connected: 0, failed: 0, cancelled: 0, started: 0 }, "pass"],
  ] as const)("%s with %j", (trust, thresholds, of, verdict) => {
    expect(verdictOf(trust, thresholds, of)).toBe(verdict);
  });
});
