// find-limit and calibrate as a user runs them. On a busy machine the generator may be the limit: that is told, and no failure of a test.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Calibration } from "../../src/calibration/calibration.js";
import { calibrationPath } from "../../src/calibration/calibration-file.js";
import { machineIdentity } from "../../src/calibration/machine-identity.js";
import type { LimitResult } from "../../src/limit/limit-result.js";
import { VERSION } from "../../src/version.js";
import { ENDED, runCli, startServe, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const FAST = ["-r", "200ms", "--settle", "0s", "--hold", "1s", "--rate", "2", "--out"];
const SLO = ["--slo", "messages_sent: count>0"];
const CACHE = { XDG_CACHE_HOME: at("cache"), LOCALAPPDATA: at("cache"), HOME: folder.path };
const stored = calibrationPath(process.platform, CACHE, folder.path);

let server: Awaited<ReturnType<typeof startServe>>;
beforeAll(async () => {
  server = await startServe(["--tick", 0, "--echo", "--max-connections", 12]);
}, 60_000);
afterAll(() => {
  server.child.kill();
  folder.remove();
});

describe("find-limit", () => {
  it("finds how many clients a server takes, and what broke", { timeout: 240_000 }, async () => {
    const flags = ["--from", 4, "--max", 64, "--precision", "1%", "--json", ...SLO, ...FAST, at("limit")];
    const result = await runCli(["find-limit", server.url, ...flags]);
    const limit = JSON.parse(result.stdout) as LimitResult;
    expect(JSON.parse(readFileSync(at("limit/limit.json"), "utf8"))).toEqual(limit);
    expect(existsSync(at("limit/clients-4/run-1/summary.json"))).toBe(true);
    expect(ENDED, result.stderr).toContain(result.code);
    if (limit.outcome === "generator") expect(result.code).toBe(111);
    else {
      expect([limit.limit, limit.broke?.load]).toEqual([12, 13]);
      expect(limit.broke?.rules[0]?.rule).toMatch(/^99% of the/);
    }
  });

  it("says that nobody got in: exit code 113", async () => {
    const flags = ["--connect-timeout", "1s", ...SLO, ...FAST, at("nobody")];
    const result = await runCli(["find-limit", "ws://127.0.0.1:1/", ...flags]);
    expect(result.code).toBe(113);
    expect(result.stdout).toContain("was never reached");
  });

  it("refuses bad usage before anything is sent: exit code 104", async () => {
    const result = await runCli(["find-limit", server.url, "--slo", "rtt: p(95)<80", "--from", 0]);
    expect(result.code).toBe(104);
    expect(result.stderr).toContain("--from must be");
  });
});

describe("calibrate", () => {
  it("measures and stores the ceiling, or says that the machine is too busy", { timeout: 240_000 }, async () => {
    const result = await runCli(["calibrate", "--duration", "500ms", "--json"], { env: CACHE });
    expect(ENDED, result.stderr).toContain(result.code);
    const told = JSON.parse(result.stdout) as Calibration | { error: { message: string } };
    if ("error" in told) expect(told.error.message).toContain("Cannot calibrate");
    else expect(JSON.parse(readFileSync(stored, "utf8"))).toEqual(told);
  });

  it("run notes a plan beyond what is stored, and no other", async () => {
    const ceiling = {
      workers: 1,
      messagesPerSecond: 100,
      isReached: true,
      connectsPerSecond: 10,
      halfLoadLagP50Ms: 1,
      halfLoadLagP99Ms: 2,
    };
    const machine = machineIdentity(VERSION);
    const calibration = { schema: "utp-load/calibration@1", measuredAt: "2026-11-23T01:46:00.000Z", machine, ceiling };
    mkdirSync(join(stored, ".."), { recursive: true });
    writeFileSync(stored, JSON.stringify(calibration));
    const dryRun = (rate: number) =>
      runCli(["run", "--dry-run", "-c", 10, "-w", 1, "--rate", rate], { env: CACHE, cwd: folder.path });
    expect((await dryRun(11)).stderr).toContain("the plan asks each of 1 worker for 110 messages a second");
    expect((await dryRun(10)).stderr).not.toContain("the plan asks");
  });
});
