// Bad days: servers that are absent, silent, strange or killed, and a generator that is late or loses a thread. The books balance in each.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunFaults } from "../../src/engine/run.js";
import type { RunHandle, RunResult } from "../../src/engine/run-types.js";
import {
  CLI,
  ENDED,
  expectBooksToBalance,
  parseSummary,
  runCli,
  startCli,
  startServe,
  temporaryFolder,
  waitForSample,
} from "../support/cli.js";

const TLS = fileURLToPath(new URL("../fixtures/tls/", import.meta.url));
const FIFTY = ["--clients", 50, "--ramp", "500ms", "--duration", "60s", "--json"];
const QUICK = ["--clients", 20, "--ramp", "200ms", "--duration", "1s", "--json", "--no-progress"];

let folder: ReturnType<typeof temporaryFolder>;
let toClose: (() => void)[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const close of toClose) close();
  toClose = [];
  folder.remove();
});

async function run(...args: (string | number)[]): Promise<ReturnType<typeof parseSummary> & { code: number | null }> {
  const result = await runCli(["run", ...args], { cwd: folder.path });
  const summary = parseSummary(result);
  expectBooksToBalance(summary);
  return { ...summary, code: result.code };
}

async function serve(...args: (string | number)[]): ReturnType<typeof startServe> {
  const server = await startServe(["--tick", 0, "--echo", ...args]);
  toClose.push(() => server.child.kill("SIGKILL"));
  return server;
}

/** A TCP server that does what `onSocket` says. */
async function tcpServer(onSocket: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  toClose.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as net.AddressInfo).port}/`;
}

describe("a target that is never reached", () => {
  it("is told with exit code 113 when nothing listens", async () => {
    const summary = await run("ws://127.0.0.1:9/", ...QUICK);
    expect([summary.code, summary.connect.failures]).toEqual([113, { ConnectionRefused: 20 }]);
  });

  it("is told when a server accepts TCP and says nothing", async () => {
    const url = await tcpServer(() => undefined);
    const summary = await run(url, ...QUICK, "--connect-timeout", "500ms");
    expect([summary.code, summary.connect.failures]).toEqual([113, { UpgradeTimeout: 20 }]);
  });

  it("is told when the run ends before its clients lose patience", async () => {
    const summary = await run(await tcpServer(() => undefined), ...QUICK);
    expect([summary.code, summary.verdict, summary.clients.cancelled]).toEqual([113, "fail", 20]);
    expect(summary.diagnosis.map(({ code }) => code)).toContain("nobody-in-time");
  });

  it.each([
    ["bytes that are not HTTP", "hello\r\n\r\n", "NotWebSocket"],
    ["a web page", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "UpgradeRejected:200"],
    ["a wrong path", "HTTP/1.1 404 Not Found\r\n\r\n", "UpgradeRejected:404"],
  ])("is told when the answer is %s", async (_, answer, reason) => {
    const url = await tcpServer((socket) => socket.once("data", () => socket.end(answer)));
    const summary = await run(url, ...QUICK);
    expect([summary.code, summary.connect.failures]).toEqual([113, { [reason]: 20 }]);
  });

  it("is told when a WebSocket server does not speak UTP", async () => {
    const { WebSocketServer } = await import("ws");
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    toClose.push(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    server.on("connection", (socket) => socket.send(Buffer.from("not UTP at all")));
    const summary = await run(`ws://127.0.0.1:${port}/`, ...QUICK, "--connect-timeout", "500ms");
    expect([summary.code, summary.connect.failures]).toEqual([113, { UtpAcceptTimeout: 20 }]);
    expect(summary.messages.protocolDrops.unknownToken).toBeGreaterThan(0);
  });
});

describe("wss with a certificate of its own authority", () => {
  const flags = ["--tls-cert", join(TLS, "server.pem"), "--tls-key", join(TLS, "server-key.pem")];

  it("works with --ca", async () => {
    const server = await serve(...flags);
    const summary = await run(server.url, ...QUICK, "--ca", join(TLS, "ca.pem"));
    expect(ENDED).toContain(summary.code);
    expect(summary.clients.connected).toBe(20);
    expect(summary.connect.latencyMs.tls.count).toBe(20);
  });

  it("is refused without, in words that say why", async () => {
    const server = await serve(...flags);
    const result = await runCli(["run", server.url, "--clients", 3, "--duration", "1s"], { cwd: folder.path });
    expect(result.code).toBe(113);
    expect(result.stdout + result.stderr).toMatch(/--ca/);
  });
});

describe("a server that ends in mid-run", () => {
  it("leaves every client with a reason, and the run ends in its grace time", async () => {
    const server = await serve();
    const out = join(folder.path, "killed-server");
    const running = run(server.url, ...FIFTY, "--out", out);
    await waitForSample(out, (sample) => sample.clientsConnected === 50);
    server.child.kill("SIGKILL");
    const summary = await running;
    expect(summary.clients.connected).toBe(50);
    const { ConnectionReset = 0, ConnectionClosed = 0 } = summary.disconnects.byReason;
    expect(ConnectionReset + ConnectionClosed).toBe(50);
    expect(summary.run.durationMs).toBeLessThan(40_000);
  });

  it("that kicks its clients shows as ClosedByServer", async () => {
    const server = await serve("--kick-after", "700ms");
    const summary = await run(server.url, ...QUICK, "--duration", "5s");
    expect(summary.disconnects.byReason).toEqual({ ClosedByServer: 20 });
    expect(summary.disconnects.byUnityReason).toEqual({ ClosedByRemote: 20 });
  });

  it("that refuses messages over its limit shows as close code 1009", async () => {
    const server = await serve("--max-message-size", 200);
    const summary = await run(server.url, ...QUICK, "--size", 500);
    expect(summary.disconnects.byReason).toEqual({ "WebSocketClose:1009": 20 });
  });
});

describe("this machine", () => {
  it("is asked for enough descriptors before the start", async (test) => {
    if (process.platform === "win32") test.skip("Windows has no limit of descriptors");
    const line = `ulimit -n 256; exec "${process.execPath}" "${CLI}" run ws://127.0.0.1:9/ --clients 1000 --duration 1s`;
    const child = spawn("/bin/sh", ["-c", line], { cwd: folder.path });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(104);
    expect(stderr).toMatch(/256/);
    expect(stderr).toMatch(/ulimit -n/);
  });

  it("is asked whether the results folder can be written before the start", async () => {
    const file = join(folder.path, "a-file");
    writeFileSync(file, "");
    const result = await runCli(["run", "ws://127.0.0.1:9/", "--out", join(file, "results"), "--clients", 1]);
    expect(result.code).toBe(104);
    expect(result.stderr).toContain(join(file, "results"));
  });
});

describe("Ctrl-C", () => {
  it.skipIf(process.platform === "win32")("once: every client leaves, results are written, exit code 105", async () => {
    const server = await serve();
    const out = join(folder.path, "once");
    const process_ = startCli(["run", server.url, ...FIFTY, "--out", out]);
    await waitForSample(out, (sample) => sample.clientsConnected === 50);
    process_.child.kill("SIGINT");
    const result = await process_.ended;
    const summary = parseSummary(result);
    expectBooksToBalance(summary);
    expect([result.code, summary.partial, summary.disconnects.byReason]).toEqual([105, true, { ClosedByClient: 50 }]);
    expect(existsSync(join(out, "summary.json"))).toBe(true);
  });

  it.skipIf(process.platform === "win32")("twice: now, and what was connected counts as alive at the end", async () => {
    const server = await serve();
    const out = join(folder.path, "twice");
    const process_ = startCli(["run", server.url, ...FIFTY, "--out", out]);
    await waitForSample(out, (sample) => sample.clientsConnected === 50);
    // A server that answers neither Disconnect nor Close keeps the first Ctrl-C waiting.
    server.child.kill("SIGSTOP");
    process_.child.kill("SIGINT");
    await waitForSample(out, (sample) => sample.phase === "stopping");
    process_.child.kill("SIGINT");
    const result = await process_.ended;
    const summary = parseSummary(result);
    expectBooksToBalance(summary);
    expect(result.code).toBe(105);
    // The grace time of 5 s was not waited for: at most the second's sample and the hard end came behind the first Ctrl-C.
    const lines = readFileSync(join(out, "samples.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines.filter((line) => JSON.parse(line).phase === "stopping").length).toBeLessThan(5);
  });

  it.skipIf(process.platform === "win32")("a kill -9 leaves whole lines up to the last second", async () => {
    const server = await serve();
    const out = join(folder.path, "killed");
    const process_ = startCli(["run", server.url, "--clients", 20, "--duration", "60s", "--out", out]);
    await waitForSample(out, (sample) => Number(sample.elapsedMs) > 3000);
    process_.child.kill("SIGKILL");
    await process_.ended;
    const lines = readFileSync(join(out, "samples.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(3);
    for (const line of lines) JSON.parse(line);
    expect(JSON.parse(readFileSync(join(out, "run.json"), "utf8")).profile.name).toBeDefined();
  });
});

describe("the generator itself", () => {
  interface Engine {
    startRun(config: object, hooks?: object): RunHandle & { faults: RunFaults };
  }
  const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;

  async function runEngine(
    url: string,
    workers: number,
    atSecond: (second: number, faults: RunFaults) => void,
  ): Promise<{ result: RunResult; summary: ReturnType<typeof parseSummary> }> {
    const { startRun } = (await import(dist("engine/run.js"))) as Engine;
    const { profileFrom } = await import(dist("cli/profile-from.js"));
    const { buildSummary } = await import(dist("result/build-summary.js"));
    const stages = [
      { durationMs: 500, target: 40 },
      { durationMs: 5000, target: 40 },
    ];
    const profile = { ...profileFrom(url), stages };
    let second = 0;
    const handle: RunHandle & { faults: RunFaults } = startRun(
      { profile, workers, failFast: false },
      { onInterval: () => atSecond(++second, handle.faults) },
    );
    const result = await handle.result;
    const summary = buildSummary(result, profile, {
      id: "test",
      target: url,
      version: "test",
      node: "test",
      workers,
      processes: 1,
      shard: null,
    });
    expectBooksToBalance(summary);
    return { result, summary };
  }

  it("shows its own lateness: a thread that is blocked for 1 s is in the corrected RTT, not in the uncorrected one", async () => {
    const server = await serve();
    const { summary } = await runEngine(server.url, 1, (second, faults) => {
      if (second === 2) faults.block(0, 1000);
    });
    expect(summary.latencyMs.rtt.p99).toBeGreaterThanOrEqual(900);
    expect(summary.latencyMs.rttUncorrected.p95).toBeLessThan(200);
    expect(summary.latencyMs.sendLag.max).toBeGreaterThan(800);
  });

  it("is invalid when a worker dies, and says which", async () => {
    const server = await serve();
    const { result, summary } = await runEngine(server.url, 2, (second, faults) => {
      if (second === 2) void faults.kill(1);
    });
    expect([result.end, summary.verdict]).toEqual(["generatorLost", "invalid"]);
    expect(result.why).toMatch(/worker 1/);
  });
});
