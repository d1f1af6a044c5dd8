// Bots in whole runs as a user starts them: they play, fail alone, and one that never yields takes its worker with it and nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Summary } from "../../src/result/summary.js";
import { ENDED, expectBooksToBalance, parseSummary, runCli, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface BotRun {
  readonly code: number | null;
  readonly summary: Summary;
  /** What the log said of the script. */
  readonly told: readonly string[];
}

/** Runs a profile of one scenario that `script` plays, and of one of steps beside it. */
async function play(name: string, script: string, keys = "", workers = 2): Promise<BotRun> {
  writeFileSync(join(folder.path, `${name}.mjs`), script);
  const steps = "{ steps: [{ every: 10/s, send: { marked: 32 } }] }";
  const scenarios = `scenarios:\n  steps: ${steps}\n  bots: { script: ${name}.mjs${keys} }\n`;
  const load = "target: embedded\nclients: 4\nramp: 200ms\nduration: 3s\npipelines: ngo\n";
  const profile = join(folder.path, `${name}.yaml`);
  writeFileSync(profile, load + scenarios);
  const result = await runCli(
    ["run", profile, "--json", "--no-progress", "--workers", workers, "--out", join(folder.path, name)],
    { env: { UTP_LOAD_SEED: "5" } },
  );
  const told = result.stderr.split("\n").filter((line) => line.includes(`${name}.mjs`));
  return { code: result.code, summary: parseSummary(result), told };
}

describe("a run with bots", () => {
  it("plays them beside steps: what they send, ask and measure is counted", async () => {
    const script = `
      export function bot(context) {
        let asked;
        return {
          onConnected() {
            context.every(100, () => {
              asked = context.send(Uint8Array.of(7, context.client), "reliable");
            });
            context.after(500, () => context.sendMarked(64, "unreliable"));
          },
          onMessage(payload, pipeline) {
            if (pipeline !== "reliable") return;
            context.check(payload[0] === 7 && payload[1] === context.client);
            if (asked !== undefined) context.answered(asked);
            context.count("answers_" + context.values.what);
          },
        };
      }`;
    const keys = ', values: { what: echo }, metrics: { answers_echo: counter }, thresholds: { checks: ["rate==1"] }';
    const { code, summary, told } = await play("plays", script, keys);
    expect(ENDED).toContain(code);
    expectBooksToBalance(summary);
    expect([summary.clients.connected, told]).toEqual([4, []]);
    expect(summary.thresholds).toMatchObject([{ metric: "checks{scenario:bots}", ok: true }]);
    // Two bots at 10 Hz for three seconds, an answer each, and what the others play.
    expect(summary.messages.perPipeline.reliable?.sent).toBeGreaterThan(20);
    expect(summary.messages.perPipeline.unreliable?.sent).toBe(2);
    const samples = readFileSync(join(folder.path, "plays", "samples.ndjson"), "utf8");
    expect(samples.split("\n").length).toBeGreaterThan(3);
  });

  it.each([
    ["throws", "onConnected() { null.x; }", /throws\.mjs:3:\d+: TypeError: /],
    ["rejects", "async onConnected() { await null; throw new Error('no'); }", /rejects\.mjs:3:\d+: Error: no$/],
    [
      "forgets",
      "onConnected() { setTimeout(() => { throw new Error('no'); }, 50); }",
      /forgets\.mjs:3:\d+: Error: no$/,
    ],
    ["floats", "onConnected() { void Promise.reject(new Error('no')); }", /floats\.mjs:3:\d+: Error: no$/],
  ])("ends each bot that %s, tells it with client, file and line, and goes on", async (name, handler, text) => {
    const { code, summary, told } = await play(
      name,
      `export function bot() {\n  return {\n    ${handler}\n  };\n}`,
      "",
      1,
    );
    expect(ENDED).toContain(code);
    expectBooksToBalance(summary);
    expect(summary.disconnects.byReason).toEqual({ ClosedByClient: 2, ScriptError: 2 });
    expect(summary.messages.answered).toBeGreaterThan(20);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/client \d+ \(bots\): ScriptError in /);
    expect(told[0]).toMatch(text);
  });

  it("ends every bot of a file that throws while it loads, and no other client", async () => {
    const { code, summary, told } = await play("loads", "export const bot = 1;\nthrow new Error('no luck');", "", 1);
    expect(ENDED).toContain(code);
    expectBooksToBalance(summary);
    expect([summary.clients.connected, summary.clients.failed]).toEqual([2, 2]);
    expect(summary.connect.failures).toEqual({ ScriptError: 2 });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("loads.mjs:2:7: Error: no luck");
  });
});

describe("a bot that never yields", () => {
  it.each([
    ["stuck", "onConnected() { if (context.client === 1) for (;;); }"],
    ["spins", "async onConnected() { if (context.client === 1) for (;;) await null; }"],
  ])("ends its worker and the run, named with file and client: %s", async (name, handler) => {
    const script = `export function bot(context) { return { ${handler} }; }`;
    const { code, summary, told } = await play(name, script);
    expect(code).toBe(111);
    expect(summary.verdict).toBe("invalid");
    expect(told.join("\n")).toContain(`${name}.mjs does not yield: client 1 has been in its code for 2 s`);
    expect(summary.generator.why.join("; ")).toContain(`${name}.mjs does not yield: client 1`);
    expect(summary.disconnects.byReason.ClosedByClient).toBe(2);
    expect(summary.messages.answered).toBeGreaterThan(0);
    expect(readFileSync(join(folder.path, name, "summary.json"), "utf8")).toContain("does not yield");
  });

  it("is found while its file loads, too", async () => {
    const { code, summary } = await play("never", "export function bot() { return {}; }\nfor (;;);");
    expect([code, summary.clients.started]).toEqual([111, 0]);
    expect(summary.generator.why.join("; ")).toContain("never.mjs does not yield: it has been loading for 2 s");
  });
});

describe("profile check", () => {
  it.each([
    ["export default function bot() {}", "exports a function bot"],
    ["export function 1bot() {}", "JavaScript (line 1: SyntaxError: "],
  ])("tells what is wrong with a script by its text, and runs none of it: %s", async (script, rule) => {
    writeFileSync(join(folder.path, "checked.mjs"), `${script}\nprocess.exit(0);`);
    const profile = join(folder.path, "checked.yaml");
    writeFileSync(profile, "scenarios:\n  s: { script: checked.mjs }\n");
    const { code, stderr } = await runCli(["profile", "check", profile]);
    expect(code).toBe(104);
    expect(stderr).toContain("checked.yaml:2:16: scenarios.s.script must be ");
    expect(stderr).toContain(rule);
  });
});
