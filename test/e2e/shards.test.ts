// Shards as engines start them: one plan in several processes that meet in a folder, start together and stop together.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunFile } from "../../src/result/run-file.js";
import type { SharedStatus } from "../../src/shard/shared-status.js";
import { type CliProcess, parseSummary, runCli, startCli, startServe } from "../support/cli.js";

const SHARDS = 3;
const BUSY = 111;

let server: Awaited<ReturnType<typeof startServe>>;
let shared = "";
beforeAll(async () => {
  server = await startServe(["--tick", 0, "--echo"]);
});
afterAll(() => server.child.kill());
beforeEach(() => {
  shared = mkdtempSync(join(tmpdir(), "shards-"));
});
afterEach(() => rmSync(shared, { recursive: true, force: true }));

function startShard(index: number, flags: readonly (string | number)[] = []): CliProcess {
  const env = {
    SLURM_ARRAY_TASK_ID: String(index + 1),
    SLURM_ARRAY_TASK_MIN: "1",
    SLURM_ARRAY_TASK_COUNT: `${SHARDS}`,
  };
  const load = ["--clients", 8, "--ramp", "200ms", "--duration", "2s", "--workers", 2];
  return startCli(["run", server.url, ...load, "--barrier", shared, "--json", ...flags], { env });
}

const runFile = (index: number): RunFile =>
  JSON.parse(readFileSync(join(shared, `shard-${index}`, "run.json"), "utf8"));

describe("shards", () => {
  it("start at one instant and add up to the plan; one that comes again is too late", async () => {
    const results = await Promise.all([0, 1, 2].map((index) => startShard(index).ended));
    const summaries = results.map((result) => parseSummary(result));
    expect(summaries.map(({ run }) => run.shard)).toEqual(["0/3", "1/3", "2/3"]);
    expect(summaries.map(({ clients }) => clients.connected)).toEqual([3, 3, 2]);
    expect(new Set(summaries.map(({ run }) => run.startedAt)).size).toBe(1);
    expect(results[0]!.stderr).toMatch(/^shard 0 of 3 \(SLURM_ARRAY_TASK_ID=1\): 3 of the plan's 8 clients\n/);
    expect(runFile(1).clock?.uncertaintyMs).toBeGreaterThan(0);

    const status = JSON.parse((await runCli(["status", shared, "--json"])).stdout) as SharedStatus;
    expect(status.shards.map(({ state }) => state)).toEqual(["ended", "ended", "ended"]);
    expect(status.total.rtt?.count).toBe(summaries.reduce((sum, { latencyMs }) => sum + latencyMs.rtt.count, 0));

    const again = await startShard(1).ended;
    expect(again.code).toBe(104);
    expect(again.stdout).toContain("must be of a run that has not begun");
    expect(parseSummary({ ...again, stdout: readFileSync(join(shared, "shard-1", "summary.json"), "utf8") })).toEqual(
      summaries[1],
    );
  });

  it("stop together when a threshold of one aborts the run", async () => {
    const profile = join(shared, "load.yaml");
    const threshold = '{ threshold: "count<5", abortOnFail: true }';
    writeFileSync(
      profile,
      `target: ${server.url}\nclients: 8\nramp: 1s\nduration: 1m\nthresholds:\n  messages_sent: [${threshold}]\n`,
    );
    const env = { UTP_SHARDS: String(SHARDS) };
    const args = ["run", profile, "--barrier", shared, "--json"];
    const results = await Promise.all(
      [0, 1, 2].map((index) => startCli(args, { env: { ...env, JOB_COMPLETION_INDEX: `${index}` } }).ended),
    );
    const seconds = results.map((result) => parseSummary(result).run.durationMs / 1000);
    for (const lasted of seconds) expect(lasted).toBeLessThan(20);
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeLessThan(5);
    for (const { code } of results) expect([99, BUSY]).toContain(code);
  });

  it("say which of them are missing, and send nothing", async () => {
    const results = await Promise.all([0, 2].map((index) => startShard(index, ["--barrier-timeout", "8s"]).ended));
    expect(results.map(({ code }) => code)).toEqual([104, 104]);
    const status = JSON.parse((await runCli(["status", shared, "--json"])).stdout) as SharedStatus;
    expect(status.shards.map(({ state }) => state)).toEqual(["ready", "missing", "ready"]);
    expect(results[0]!.stdout).toContain("all 3 shards must be ready within 8 s, but shard 1 was not");
  });

  it("have no status where there are none", async () => {
    const status = await runCli(["status", shared, "--json"]);
    expect([status.code, status.stdout]).toEqual([104, expect.stringContaining("must be a folder that shards share")]);
  });

  it("leave at a signal while they wait for the others", async () => {
    const waiting = startShard(0);
    await new Promise<void>((resolve) => {
      waiting.child.stderr?.on("data", (chunk) => {
        if (String(chunk).includes("waiting for all 3")) resolve();
      });
    });
    waiting.child.kill("SIGTERM");
    expect((await waiting.ended).code).toBe(105);
  });
});
