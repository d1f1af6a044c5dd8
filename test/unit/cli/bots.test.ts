// Scenarios that bots play, that imitate another client or begin later, and stages of arrivals: what becomes of them, and what is refused.
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { planLines } from "../../../src/cli/plan-text.js";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { ProfileError } from "../../../src/errors.js";
import type { Profile } from "../../../src/profile/profile.js";
import type { Scenario } from "../../../src/profile/scenario.js";
import { machineWith } from "./machine.js";

const FILES = {
  "bot.mjs": "export function bot(context) { return {}; }",
  "none.mjs": "// export function bot() {}\nexport default function bot() {}\nexport { bot as player };",
  "torn.mjs": "export function bot( {",
  "bot.ts": "export function bot() {}",
};

function resolved(text: string, flags = {}) {
  const machine = machineWith(
    { ...FILES, "load.yaml": text },
    { syntaxErrorOf: (path) => (path.endsWith("torn.mjs") ? "line 1: SyntaxError: torn" : undefined) },
  );
  return resolveRun({ argument: "load.yaml", flags, environment: {} }, machine).run;
}

const profileOf = (text: string, flags = {}): Profile => resolved(text, flags).profile;
const scenarioOf = (keys: string, head = ""): Scenario =>
  profileOf(`${head}\nscenarios: { s: { ${keys} } }`).scenarios![0]!;

function refusal(text: string): string {
  try {
    profileOf(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    return (error as ProfileError).message;
  }
  throw new Error(`was taken: ${text}`);
}

describe("script", () => {
  it("becomes a bot with its file, values and metrics", () => {
    const { bot, steps } = scenarioOf(
      "script: ./bot.mjs, values: { a: 1, b: x }, metrics: { kills: counter, aim: trend }",
    );
    expect(steps).toEqual([]);
    expect(bot).toEqual({
      file: "./bot.mjs",
      path: resolve("bot.mjs"),
      values: { a: 1, b: "x" },
      metrics: [
        { name: "kills", kind: "counter" },
        { name: "aim", kind: "trend" },
      ],
    });
  });

  it("may have thresholds on its metrics, of their kind", () => {
    const profile =
      'scenarios: { s: { script: bot.mjs, metrics: { kills: counter } } }\nthresholds: { kills: ["count>1"] }';
    expect(profileOf(profile).thresholds).toMatchObject([{ metric: "kills", type: "counter" }]);
    expect(refusal(profile.replace("count>1", "p(95)<1"))).toContain("p(95)");
  });

  it.each([
    "export const bot = (context) => ({});",
    "export const other = 1, bot = make();",
    "function x() {}\nexport { x as bot };",
    "export { bot } from './other.mjs';",
    "export * from './other.mjs';",
    "export async function bot() {}",
  ])("may export its bot as it likes: %s", (text) => {
    const machine = machineWith({ "bot.mjs": text, "load.yaml": "scenarios: { s: { script: bot.mjs } }" });
    const { run } = resolveRun({ argument: "load.yaml", flags: {}, environment: {} }, machine);
    expect(run.profile.scenarios?.[0]?.bot?.file).toBe("bot.mjs");
  });

  const cases: [keys: string, ...parts: string[]][] = [
    ["script: gone.mjs", "load.yaml:1:27: ", "scenarios.s.script must be a file that can be read", "ENOENT"],
    ["script: none.mjs", "load.yaml:1:27: ", "a file that exports a function bot", '"none.mjs"'],
    ["script: torn.mjs", "must be JavaScript (line 1: SyntaxError: torn)"],
    ["script: ../bot.mjs", "in the profile's folder or below"],
    ["script: bot.ts", "a .mjs or .js file"],
    ["weight: 1", "load.yaml:1:17: ", "scenarios.s must be an object with steps or script"],
    ["script: bot.mjs, steps: [{ log: x }]", "an object with steps or script"],
    ["steps: [{ log: x }], values: { a: 1 }", "scenarios.s.values must be left out without script"],
    ["steps: [{ log: x }], metrics: { a: gauge }", "scenarios.s.metrics must be left out without script"],
    ["script: bot.mjs, metrics: { rtt: trend }", "the name rtt", "no metric that every run has"],
    ["script: bot.mjs, metrics: { a: gauges }", "one of counter, gauge and trend", "did you mean gauge?"],
    ["script: bot.mjs, scirpt: x", "unknown key scirpt", "did you mean script?"],
    ["steps: [{ log: x }], start: 40s", "scenarios.s.start must be shorter than the whole plan of", "got"],
    ["steps: [{ log: x }], client: webgpu", "one of patient, native and webgl", "did you mean webgl?"],
  ];
  it.each(cases)("is refused: %s", (keys, ...parts) => {
    const message = refusal(`scenarios: { s: { ${keys} } }`);
    expect(message).toMatch(/^Cannot load profile: load\.yaml:\d+:\d+: [^\n]*$/);
    for (const part of parts) expect(message).toContain(part);
  });

  it("tells all that is wrong at once", () => {
    const message = refusal("scenarios: { s: { script: gone.mjs, metrics: { rtt: trend }, start: 99s } }");
    expect(message).toContain("3 problems");
  });
});

describe("client of a scenario", () => {
  const steps = "steps: [{ log: x }]";

  it("brings the settings of its kind, its own connect time and pings", () => {
    const { playedAs } = scenarioOf(`${steps}, client: native`, "transport: { connectTimeout: 2s }");
    expect(playedAs).toMatchObject({ client: "native", pingIntervalMs: 0, connectBudgetMs: 120_000 });
    expect(playedAs?.parameters.connectTimeoutMs).toBe(2000);
    expect(scenarioOf(`${steps}, client: patient`, "client: webgl").playedAs).toMatchObject({
      client: "patient",
      pingIntervalMs: 5000,
      connectBudgetMs: 60_000,
    });
  });

  it("is the profile's where it says nothing else", () => {
    expect(scenarioOf(`${steps}, client: native`, "client: native").playedAs).toBeUndefined();
    expect(scenarioOf(steps, "client: native").playedAs).toBeUndefined();
  });

  it("decides how much a message holds", () => {
    const large = (client: string): string =>
      `target: wss://127.0.0.1:1/\nscenarios: { s: { client: ${client}, steps: [{ send: { marked: 1350 } }] } }`;
    expect(profileOf(large("webgl")).scenarios?.[0]?.playedAs?.client).toBe("webgl");
    expect(refusal(large("native"))).toContain("at most 1308");
  });
});

describe("the plan in words", () => {
  it("tells bots, kinds of clients and later starts", () => {
    const text =
      "scenarios: { a: { script: bot.mjs, start: 2s }, b: { client: webgl, steps: [{ every: 1/s, send: [{ byte: 1 }] }] } }";
    const lines = planLines(resolved(text)).join("\n");
    expect(lines).toContain("a: 50% of the clients, bot.mjs, from 2s on");
    expect(lines).toContain("b: 50% of the clients, 1 messages/s each, as webgl clients");
    expect(lines).toContain("at full load, and what the bots send");
  });
});

describe("stages of arrivals", () => {
  const stages = (...list: string[]): string => `stages:\n${list.map((stage) => ` - { ${stage} }`).join("\n")}`;

  it("leave the others as they are", () => {
    const list = ["duration: 1s, target: 5", "duration: 10s, arrivals: 0.5/s, stay: 30s", "duration: 1s, target: 0"];
    expect(profileOf(stages(...list)).stages).toEqual([
      { durationMs: 1000, target: 5 },
      { durationMs: 10_000, target: 5, arrivals: { perSecond: 0.5, stayMs: 30_000 } },
      { durationMs: 1000, target: 0 },
    ]);
    const lines = planLines(resolved(stages(...list))).join("\n");
    expect(lines).toContain("10s with 0.5 clients/s that stay 30s");
    expect(lines).toContain("10 in all, 10 at once");
  });

  it("are replaced by a flag as others are, with as many clients as were there at once", () => {
    const profile = stages("duration: 10s, arrivals: 2/s, stay: 1.2s");
    expect(profileOf(profile, { duration: "7s" }).stages.at(-1)).toEqual({ durationMs: 7000, target: 3 });
  });

  it.each([
    ["duration: 10s, arrivals: 2/s", "with duration, arrivals and stay"],
    ["duration: 10s, target: 2, stay: 1s", "with duration, arrivals and stay"],
    ["duration: 10s, target: 2, arrivals: 2/s, stay: 1s", "with duration, arrivals and stay"],
    ["duration: 10s", "with duration, arrivals and stay"],
    ["duration: 10s, arrivals: 0/s, stay: 1s", "clients a second such as 5/s"],
    ["duration: 10s, arrivals: 5, stay: 1s", "clients a second such as 5/s"],
    ["duration: 10s, arrivals: 1000000/s, stay: 1s", "at most 1000000 clients in all"],
  ])("are refused: %s", (stage, rule) => {
    const message = refusal(stages(stage));
    expect(message).toMatch(/load\.yaml:\d+:\d+: /);
    expect(message).toContain(rule);
  });
});
