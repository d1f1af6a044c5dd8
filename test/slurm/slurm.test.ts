// The script that `deploy slurm` prints, on a real Slurm: four shards and the merge against one run of the same plan and seed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Summary } from "../../src/result/summary.js";
import { CLI, parseSummary, runCli, startServe } from "../support/cli.js";
import { SlurmCluster, whyNoSlurm } from "../support/slurm-cluster.js";

const SHARDS = 4;
const CLIENTS = 40;
const JOBS_MS = 150_000;

const why = whyNoSlurm();
if (why !== undefined) console.log(`skipped: ${why}`);

let cluster: SlurmCluster;
let server: Awaited<ReturnType<typeof startServe>>;
let folder = "";

describe.skipIf(why !== undefined)("deploy slurm", { timeout: 2 * JOBS_MS }, () => {
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
    server = await startServe(["--tick", 0, "--echo", "--latency", "20ms"]);
  }, 60_000);
  afterAll(() => {
    server?.child.kill();
    cluster?.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "deployed-"));
    const load = ["name: arena", `target: ${server.url}`, `clients: ${CLIENTS}`, "ramp: 2s", "duration: 8s", "seed: 7"];
    writeFileSync(join(folder, "load.yaml"), `${load.join("\n")}\nthresholds:\n  messages_sent: ["count>100"]\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const results = () => join(folder, "results");
  const environment = () => ({
    ...cluster.environment,
    RESULTS: results(),
    UTP_LOAD: `${process.execPath} ${CLI}`,
  });

  async function submit(...flags: string[]): Promise<string> {
    const printed = await runCli(["deploy", "slurm", join(folder, "load.yaml"), "--shards", SHARDS, ...flags]);
    expect(printed.code, printed.stderr).toBe(0);
    const script = join(folder, "load.sh");
    writeFileSync(script, printed.stdout);
    const told = execFileSync("bash", [script], { cwd: folder, env: environment(), encoding: "utf8" });
    return /shards\s+job (\d+)/.exec(told)![1]!;
  }

  const merged = (): Summary => JSON.parse(readFileSync(join(results(), "merged", "summary.json"), "utf8")) as Summary;
  const mergeLog = (): string => readFileSync(join(results(), "log-merge.txt"), "utf8");

  it("makes of four shards what one run makes", async () => {
    await submit();
    await cluster.untilQueueIsEmpty(JOBS_MS);
    const whole = merged();
    const args = ["run", join(folder, "load.yaml"), "--json", "--out", join(folder, "one")];
    const [one, other] = [parseSummary(await runCli(args)), parseSummary(await runCli(args))];
    expect(whole.clients, mergeLog()).toEqual({ ...one.clients, peakConnected: expect.any(Number) });
    expect(whole.clients.connected).toBe(CLIENTS);
    expect(whole.connect.established).toBe(one.connect.established);
    // The same schedules: as many sends as one run plans, but for those at the very end of a client's time.
    expect(Math.abs(whole.messages.planned - one.messages.planned)).toBeLessThanOrEqual(CLIENTS);
    expect(whole.thresholds.map(({ ok }) => ok)).toEqual([true]);
    // Within the noise of two single runs, and what a busy machine adds to it.
    const noiseMs = Math.abs(one.latencyMs.rtt.p50! - other.latencyMs.rtt.p50!);
    expect(Math.abs(whole.latencyMs.rtt.p50! - one.latencyMs.rtt.p50!)).toBeLessThanOrEqual(3 * noiseMs + 5);
  });

  it("names a shard that was cancelled, calls the whole invalid, and merges the rest", async () => {
    const job = await submit("--duration", "20s");
    const running = (): number => cluster.queue().filter((id) => id.startsWith(`${job}_`)).length;
    for (let tries = 0; tries < 300 && !hasSamples(2); tries++) await sleep(200);
    expect(running()).toBe(SHARDS);
    cluster.command("scancel", `${job}_2`);
    await cluster.untilQueueIsEmpty(JOBS_MS);
    const whole = merged();
    expect(whole.verdict, mergeLog()).toBe("invalid");
    expect(mergeLog()).toContain("shard 2/4");
    expect(whole.clients.connected).toBeGreaterThan((CLIENTS / SHARDS) * (SHARDS - 1) - 1);
  });

  it("tells which shard never became ready, within the barrier's time", async () => {
    const job = await submit("--barrier-timeout", "20s");
    cluster.command("scancel", `${job}_1`);
    await cluster.untilQueueIsEmpty(JOBS_MS);
    const log = readFileSync(join(results(), "log-0.txt"), "utf8");
    expect(log).toMatch(/all 4 shards must be ready within 20 s, but shard 1 was not/);
  });

  function hasSamples(shard: number): boolean {
    try {
      return readFileSync(join(results(), `shard-${shard}`, "samples.ndjson"), "utf8").split("\n").length > 3;
    } catch {
      return false;
    }
  }
});
