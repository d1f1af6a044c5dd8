// compare, run --baseline and matrix as a user runs them, against servers with and without delay.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/comparison/comparison.js";
import type { MatrixResult } from "../../src/matrix/matrix-result.js";
import { ENDED, runCli, startServe, temporaryFolder } from "../support/cli.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const LOAD = ["-c", 20, "-d", "12s", "--no-progress"];

async function load(url: string, name: string, ...flags: string[]) {
  return runCli(["run", url, ...LOAD, "--out", at(name), ...flags]);
}

/** Invalid runs are compared all the same: a busy machine is no failure of a test. */
async function compared(base: string, next: string, ...flags: string[]) {
  const result = await runCli(["compare", at(base), at(next), "--force", "--json", ...flags]);
  return { code: result.code, comparison: JSON.parse(result.stdout) as Comparison };
}

const figureOf = ({ figures }: Comparison, id: string) => figures.find((figure) => figure.id === id)!;

let fast: Awaited<ReturnType<typeof startServe>>;
let slow: Awaited<ReturnType<typeof startServe>>;

beforeAll(async () => {
  [fast, slow] = await Promise.all([
    startServe(["--tick", 0, "--echo"]),
    startServe(["--tick", 0, "--echo", "--latency", "20ms"]),
  ]);
  for (const [url, name] of [
    [fast.url, "base"],
    [fast.url, "again"],
    [slow.url, "slow"],
  ] as const) {
    expect(ENDED).toContain((await load(url, name)).code);
  }
}, 120_000);

afterAll(() => {
  fast.child.kill();
  slow.child.kill();
  folder.remove();
});

describe("compare", () => {
  it("a server with 20 ms more latency is worse, the 20 ms inside the interval: exit code 112", async () => {
    const { code, comparison } = await compared("base", "slow");
    const { word, interval } = figureOf(comparison, "rtt.p50");
    expect(word).toBe("worse");
    expect(interval!.low).toBeLessThanOrEqual(20);
    expect(interval!.high).toBeGreaterThanOrEqual(20);
    expect(comparison.regressions).toContain("rtt.p50");
    expect(code).toBe(112);
  });

  it("two runs against the same server are neither better nor worse", async () => {
    const { code, comparison } = await compared("base", "again");
    expect(comparison.figures.map(({ id, word }) => `${id} ${word}`).join("\n")).not.toMatch(/better|worse/);
    expect(code).toBe(0);
  });

  it("what is allowed is no regression", async () => {
    const { code, comparison } = await compared("base", "slow", "--allow", "rtt: 60s", "--allow", "connect_total: 60s");
    expect(figureOf(comparison, "rtt.p50").word).toBe("worse");
    expect(code).toBe(0);
  });

  it("writes Markdown where it is told to", async () => {
    const result = await runCli(["compare", at("base"), at("slow"), "--force", "--md", "--out", at("reports")]);
    expect(result.stdout).toContain("WORSE");
    expect(readFileSync(at("reports/comparison.md"), "utf8")).toMatch(/^## ❌ Worse/);
  });

  it("refuses another load and what is no result: exit code 104", async () => {
    await runCli(["run", fast.url, "-c", 5, "-d", "1s", "--no-progress", "--out", at("other")]);
    const result = await runCli(["compare", at("base"), at("other")]);
    expect(result.code).toBe(104);
    expect(result.stderr).toContain("the stages differ");
    expect((await runCli(["compare", at("base"), at("nowhere")])).code).toBe(104);
  });
});

describe("run --baseline", () => {
  it("compares at its end, and leaves the comparison in its folder", async () => {
    const result = await load(slow.url, "judged", "--baseline", at("base"), "--json");
    expect([112, 111]).toContain(result.code);
    expect(JSON.parse(result.stdout)).toHaveProperty("verdict");
    expect(result.stderr).toContain("rtt.p50");
    const comparison = JSON.parse(readFileSync(at("judged/comparison.json"), "utf8")) as Comparison;
    expect(comparison.regressions).toContain("rtt.p50");
  });

  it.each([
    ["of another load", ["-c", "3", "--baseline"]],
    ["in the folder that it would replace", ["--out", "base", "--baseline"]],
  ])("refuses a baseline %s before anything is sent", async (_name, flags) => {
    const args = flags.map((flag) => (flag === "base" ? at(flag) : flag));
    const result = await runCli(["run", slow.url, "-c", 20, "-d", "12s", ...args, at("base")], { cwd: folder.path });
    expect(result.code).toBe(104);
    expect(existsSync(at("base/summary.json"))).toBe(true);
  });
});

describe("matrix", () => {
  it("starts and stops a server for each cell, and ranks the variants", async () => {
    const bin = join(process.cwd(), "bin", "utp-load.js");
    const port = fast.port === 47_921 ? 47_922 : 47_921;
    const server = `"${process.execPath}" "${bin}" serve --echo --tick 0 --port {port} --latency {latency}`;
    const args = ["--vary", "latency=0ms,40ms", "--repeat", 2, "--server", server, "--json", "--out", at("matrix")];
    const load = [`ws://127.0.0.1:${port}/`, "-c", 5, "-d", "5s", "-r", "1s"];
    const result = await runCli(["matrix", ...load, ...args]);
    expect(ENDED).toContain(result.code);
    const matrix = JSON.parse(result.stdout) as MatrixResult;
    expect(matrix.cells.map(({ verdict }) => verdict)).not.toContain(null);
    expect(existsSync(at("matrix/1-latency=0ms/run-2/summary.json"))).toBe(true);
    expect(readFileSync(at("matrix/2-latency=40ms/server-1.log"), "utf8")).toMatch(/listening on .*\n\[ended/s);
    expect(existsSync(at("matrix/matrix.md"))).toBe(true);
    const ranking = matrix.rankings.find(({ id }) => id === "rtt.p50");
    if (matrix.cells.every(({ problem }) => problem === null)) expect(ranking?.behind).toEqual(["latency=40ms"]);
  });

  it("a server that dies fails its variant and not the matrix", async () => {
    const server = "exit {code}";
    const args = ["--vary", "code=3,4", "--repeat", 1, "--server", server, "--out", at("dead")];
    const result = await runCli(["matrix", "ws://127.0.0.1:47923/", "-c", 2, "-d", "1s", ...args]);
    expect(result.code).toBe(113);
    expect(result.stdout).toContain("code=3, run 1: the server ended with code 3");
    expect(readFileSync(at("dead/1-code=3/server-1.log"), "utf8")).toContain("$ exit 3");
  });
});
