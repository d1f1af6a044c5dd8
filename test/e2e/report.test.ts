// Results after the run: killed ones open, crossed thresholds show everywhere, shards become one. Through the built command line.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { msText } from "../../src/report/numbers.js";
import type { Summary } from "../../src/result/summary.js";
import {
  ENDED,
  expectBooksToBalance,
  runCli,
  startCli,
  startServe,
  temporaryFolder,
  waitForSample,
} from "../support/cli.js";

let server: Awaited<ReturnType<typeof startServe>>;
let folder: ReturnType<typeof temporaryFolder>;
beforeAll(async () => {
  server = await startServe(["--tick", 0, "--echo"]);
  folder = temporaryFolder();
});
afterAll(() => {
  server.child.kill();
  folder.remove();
});

const at = (...names: string[]): string => join(folder.path, ...names);
const read = (...names: string[]): string => readFileSync(at(...names), "utf8");

describe("utp-load report", () => {
  it("makes every report of a run that was killed with SIGKILL, from all its whole seconds", async () => {
    const load = ["--clients", 20, "--ramp", "200ms", "--duration", "60s", "--threshold", "rtt: max<60000"];
    const { child, ended } = startCli(["run", server.url, ...load, "--out", at("killed"), "--no-progress"]);
    await waitForSample(at("killed"), ({ elapsedMs }) => Number(elapsedMs) > 2900);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(at("killed", "summary.json"))).toBe(false);
    const lines = read("killed", "samples.ndjson").split("\n").slice(0, -1);
    const sums = lines.map((line) => JSON.parse(line)).reduce((sum, line) => sum + (line.messages_received ?? 0), 0);

    const { code, stdout } = await runCli(["report", at("killed"), "--json"]);
    const summary = JSON.parse(stdout) as Summary;
    expectBooksToBalance(summary);
    expect([code, summary.partial, summary.clients.connected]).toEqual([0, true, 20]);
    expect(summary.messages.received).toBe(sums);
    expect(summary.latencyMs.rtt.count).toBe(summary.messages.answered);
    expect(summary.run.durationMs).toBeGreaterThan(2900);

    const text = await runCli(["report", at("killed")]);
    expect(text.stdout).toMatch(/^(?:PARTIAL +|INVALID +partial: )no end was written: the run was killed/);
    const files = await runCli(["report", at("killed"), "--md", "--junit", "--out", at("reports")]);
    expect(files.stdout.split("\n").slice(0, 2)).toEqual([
      `${at("reports", "summary.md")} written`,
      `${at("reports", "junit.xml")} written`,
    ]);
    expect(read("reports", "summary.md")).toMatch(
      /^## ⚠️ (?:PARTIAL|INVALID): .*\n\n(?:Partial: no|No) end was written/,
    );
    expect(read("reports", "junit.xml")).toMatch(/<error message="no end was written/);
  });

  it("says what is no result, with exit code 104", async () => {
    const { code, stderr } = await runCli(["report", at("nothing")]);
    expect(code).toBe(104);
    expect(stderr).toMatch(/^Cannot read result: .*nothing must be the folder of a result, got "no such folder"\n/);
    const asJson = await runCli(["report", at("nothing"), "--json"]);
    expect(JSON.parse(asJson.stdout).error.code).toBe("E_USAGE");
  });
});

describe("a crossed threshold", () => {
  it("is red in text, Markdown, JUnit and annotations, with the measured value, and exit code 99", async () => {
    const load = [
      "--clients",
      5,
      "--duration",
      "2s",
      "--threshold",
      "rtt: p(95)<0.0001",
      "--threshold",
      "rtt: count>1",
    ];
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: at("step.md") };
    const result = await runCli(["run", server.url, ...load, "--out", at("crossed"), "--no-progress"], { env });
    expect([99, 111]).toContain(result.code);
    const [threshold] = (JSON.parse(read("crossed", "summary.json")) as Summary).thresholds;
    expect(threshold).toMatchObject({ ok: false, value: expect.any(Number) });
    const measured = msText(threshold!.value).replace(".", "\\.");
    expect(result.stdout).toMatch(new RegExp(`CROSSED +rtt: p\\(95\\)<0\\.0001 +${measured} ms`));
    expect(result.stdout).toMatch(new RegExp(`::error title=.*rtt: p\\(95\\)<0\\.0001, measured ${measured} ms`));
    for (const text of [read("crossed", "summary.md"), read("step.md")]) {
      expect(text).toMatch(new RegExp(`rtt: p\\(95\\)&#60;0\\.0001</code> \\| \\*\\*${measured} ms\\*\\* \\| ❌`));
    }
    expect(read("crossed", "junit.xml")).toMatch(
      new RegExp(`<(failure|skipped) message="[^"]*measured ${measured} ms`),
    );
    const red = await runCli(["report", at("crossed"), "--color"]);
    expect(red.stdout).toContain("\u001b[31mCROSSED\u001b[0m");
  });

  it("leaves stdout one JSON object with --json, under GitHub Actions too", async () => {
    const load = ["--clients", 2, "--duration", "1s", "--threshold", "rtt: p(95)<0.0001", "--json"];
    const env = { GITHUB_ACTIONS: "true" };
    const { stdout } = await runCli(["run", server.url, ...load, "--out", at("json")], { env });
    expect(JSON.parse(stdout).thresholds).toHaveLength(1);
  });
});

describe("utp-load merge", () => {
  it("makes one result of several, that report takes like any other", async () => {
    const load = ["--clients", 5, "--duration", "2s", "--no-progress", "--threshold", "messages_received: count>10"];
    const parts = await Promise.all(
      ["part-1", "part-2"].map((name) => runCli(["run", server.url, ...load, "--out", at(name)])),
    );
    for (const part of parts) expect(ENDED).toContain(part.code);
    const merged = await runCli(["merge", at("part-1"), at("part-2"), "--out", at("whole"), "--json"]);
    expect(ENDED).toContain(merged.code);
    const whole = JSON.parse(merged.stdout) as Summary;
    const summaries = ["part-1", "part-2"].map((name) => JSON.parse(read(name, "summary.json")) as Summary);
    expectBooksToBalance(whole);
    expect(whole.clients.connected).toBe(10);
    expect(whole.latencyMs.rtt.count).toBe(summaries[0]!.latencyMs.rtt.count + summaries[1]!.latencyMs.rtt.count);
    expect(JSON.parse((await runCli(["report", at("whole"), "--json"])).stdout)).toEqual(whole);
    expect(existsSync(at("whole", "report.html"))).toBe(true);
    const again = await runCli(["merge", at("part-1"), at("whole"), "--out", at("again")]);
    expect([again.code, again.stderr]).toEqual([
      104,
      expect.stringMatching(/^Cannot merge: each part must be given once/),
    ]);
  });
});
