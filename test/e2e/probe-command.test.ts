// `utp-load probe` as a user runs it: the built binary, its text, its JSON and its exit codes.
import { describe, expect, it } from "vitest";
import { UtpServer } from "../../src/server/index.js";
import { runCli, startCli } from "../support/cli.js";
import { started } from "../support/probing.js";

const serverOf = () => started(UtpServer.listen({ echo: true }));

describe("utp-load probe", () => {
  it("tells the steps and the verdict on 80 columns, without colour where there is no terminal", async () => {
    const server = await serverOf();
    const { code, stdout, stderr } = await runCli(["probe", server.url, "--hold", "700ms", "--trace"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^verdict: healthy$/m);
    expect(stdout).toMatch(/Connection Request, 13 bytes/);
    expect(stdout.split("\n").filter((line) => line.length > 80 || line.includes("\u001b"))).toEqual([]);
    const steps = stdout.match(/^ {2}(ok|note|failed) +\w+/gm)?.map((line) => line.trim().split(/ +/)[1]);
    expect(steps).toEqual(["dns", "tcp", "upgrade", "accept", "message", "heartbeats", "hold", "disconnect", "fin"]);
  });

  it("--json: one object, whatever the exit code", async () => {
    const server = await serverOf();
    const healthy = await runCli(["probe", server.url, "--hold", "100ms", "--json"]);
    expect(healthy.code).toBe(0);
    expect(JSON.parse(healthy.stdout)).toMatchObject({ url: server.url, verdict: { code: "healthy" } });
    expect(JSON.parse(healthy.stdout)).not.toHaveProperty("frames");
    const startedMs = performance.now();
    const wrongPath = await runCli(["probe", `${server.url}lobby`, "--json", "--trace", "--connect-timeout", "60s"]);
    // The limit is over with the verdict: no timer keeps the process alive.
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    expect(wrongPath.code).toBe(113);
    const report = JSON.parse(wrongPath.stdout);
    expect(report.verdict).toMatchObject({ code: "wrong-path", message: expect.any(String), next: expect.any(String) });
    expect(report.steps.at(-1)).toMatchObject({ name: "upgrade", result: "failed" });
    expect(report.frames.map(({ kind }: { kind: string }) => kind)).toEqual(["http", "http"]);
  });

  it("bad usage: 104, and the flag is named", async () => {
    const { code, stdout, stderr } = await runCli(["probe", "ws://127.0.0.1:1/", "--hold", "soon"]);
    expect({ code, stdout }).toEqual({ code: 104, stdout: "" });
    expect(stderr).toMatch(/--hold.*"soon"/);
    const unknown = await runCli(["probe", "ws://127.0.0.1:1/", "--holdd", "1s"]);
    expect(unknown).toMatchObject({ code: 104, stderr: expect.stringMatching(/--holdd[\s\S]*--hold/) });
    expect((await runCli(["probe"])).code).toBe(104);
  });

  // Windows has no SIGINT to send: the process would just be ended.
  it.skipIf(process.platform === "win32")("Ctrl-C: leaves politely and ends with 105", async () => {
    const reasons: string[] = [];
    const onDisconnect = (_peer: unknown, reason: string): void => void reasons.push(reason);
    const server = await started(UtpServer.listen({ echo: true, onDisconnect }));
    const { child, ended } = startCli(["probe", server.url]);
    await new Promise<void>((resolve) => {
      let text = "";
      child.stdout?.on("data", (chunk) => {
        text += chunk;
        if (text.includes("echoed")) resolve();
      });
    });
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(105);
    expect(stdout).toMatch(/^verdict: interrupted$/m);
    expect(reasons).toEqual(["ClosedByRemote"]);
  });
});
