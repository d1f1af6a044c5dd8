// The main job through the built command line: many clients, honest figures, a results folder that adds up.
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import hdr from "hdr-histogram-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TREND_NAMES } from "../../src/metrics/names.js";
import type { Distribution, Summary } from "../../src/result/summary.js";
import { ENDED, expectBooksToBalance, parseSummary, runCli, startServe, temporaryFolder } from "../support/cli.js";

const MEASURED_FILES = ["run.json", "samples.ndjson", "histograms.hlog", "clients.ndjson", "summary.json"];
const REPORTS = ["report.html", "summary.md", "junit.xml"];
const TLS = fileURLToPath(new URL("../fixtures/tls/", import.meta.url));

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

describe("utp-load run URL", () => {
  it("connects 2,000 clients, has as many answers as messages but the last in flight, and fills every phase", async () => {
    const flags = ["--clients", 2000, "--ramp", "2000/s", "--rate", 10, "--size", 64, "--duration", "10s"];
    const out = join(folder.path, "two-thousand");
    const result = await runCli(["run", server.url, ...flags, "--json", "--out", out]);
    const summary = parseSummary(result);
    expectBooksToBalance(summary);
    expect(ENDED).toContain(result.code);
    expect([summary.clients.connected, summary.clients.failed]).toEqual([2000, 0]);
    expect(summary.messages.planned).toBeGreaterThan(100_000);
    // In flight at the end: what was sent within the slowest round trip, at 20,000 a second.
    const inFlight = 20 * (summary.latencyMs.rttUncorrected.max ?? 0) + 2000;
    expect(summary.messages.sent - summary.messages.answered).toBeLessThanOrEqual(inFlight);
    const { tcp, upgrade, utp, total } = summary.connect.latencyMs;
    for (const phase of [tcp, upgrade, utp, total]) expect(phase.count).toBe(2000);
    expect(summary.latencyMs.rtt.count).toBe(summary.messages.answered);
    expectHlogToAddUp(out, summary);
  }, 120_000);

  it("writes a folder whose samples and histograms add up to the summary", async () => {
    const out = join(folder.path, "small");
    const flags = ["--clients", 20, "--ramp", "1s", "--duration", "3s", "--ping-interval", "500ms", "--workers", 2];
    const result = await runCli(["run", server.url, ...flags, "--json", "--out", out]);
    const summary = parseSummary(result);
    expect(readdirSync(out).sort()).toEqual([...MEASURED_FILES, ...REPORTS].sort());
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toEqual(summary);
    expect(summary.latencyMs.ping.count).toBeGreaterThan(20);
    expectHlogToAddUp(out, summary);
  });

  it("starts the embedded server where there is no target, and says so", async () => {
    const result = await runCli(["run", "--clients", 5, "--duration", "1s"], { cwd: folder.path });
    expect(ENDED).toContain(result.code);
    expect(result.stdout + result.stderr).toMatch(/embedded server/i);
    expect(existsSync(join(folder.path, "results"))).toBe(true);
  });

  it("takes its source addresses in turn", async (test) => {
    if (process.platform !== "linux") test.skip("only Linux owns all of 127.0.0.0/8 without being told");
    const seen: (string | undefined)[] = [];
    const watcher = net.createServer((socket) => {
      seen.push(socket.remoteAddress);
      socket.destroy();
    });
    watcher.listen(0, "127.0.0.1");
    await once(watcher, "listening");
    const url = `ws://127.0.0.1:${(watcher.address() as net.AddressInfo).port}/`;
    const flags = ["--clients", 6, "--ramp", "100ms", "--duration", "1s", "--workers", 2];
    await runCli(["run", url, ...flags, "--local-address", "127.0.0.2,127.0.0.3,127.0.0.4"], { cwd: folder.path });
    watcher.close();
    expect(seen.sort()).toEqual(["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3", "127.0.0.4", "127.0.0.4"]);
  });

  it.each([
    ["reliable", 100, "resent"],
    ["unreliable", 3000, "reassembled"],
  ] as const)(
    "speaks %s pipelines through a server that drops and doubles packets",
    async (pipeline, size, counter) => {
      const lossy = await startServe([
        "--tick",
        0,
        "--echo",
        "--pipelines",
        "ngo",
        "--drop",
        "5%",
        "--duplicate",
        "5%",
      ]);
      const flags = [
        "--clients",
        20,
        "--ramp",
        "200ms",
        "--duration",
        "3s",
        "--pipelines",
        "ngo",
        "--pipeline",
        pipeline,
      ];
      const result = await runCli(["run", lossy.url, ...flags, "--size", size, "--json"], { cwd: folder.path });
      lossy.child.kill();
      const { messages, ...summary } = parseSummary(result);
      expectBooksToBalance({ messages, ...summary });
      const counts = messages.perPipeline[pipeline]!;
      expect(counts.sent).toBe(messages.sent);
      expect(counts[counter]).toBeGreaterThan(0);
      if (pipeline === "reliable") expect(messages.answered).toBeGreaterThan(messages.sent * 0.97);
      else expect(messages.answered).toBeLessThan(messages.sent);
    },
  );

  it("names the host to the server, and none where the target is an address", async () => {
    const names: (string | undefined)[] = [];
    const options = { cert: readFileSync(join(TLS, "server.pem")), key: readFileSync(join(TLS, "server-key.pem")) };
    const secure = tls.createServer(options, (socket) => {
      names.push(socket.servername || undefined);
      socket.destroy();
    });
    secure.listen(0, "127.0.0.1");
    await once(secure, "listening");
    const { port } = secure.address() as net.AddressInfo;
    for (const host of ["localhost", "127.0.0.1"]) {
      const flags = ["--clients", 1, "--duration", "1s", "--ca", join(TLS, "ca.pem")];
      await runCli(["run", `wss://${host}:${port}/`, ...flags], { cwd: folder.path });
    }
    secure.close();
    expect(names).toEqual(["localhost", undefined]);
  });

  it("stops at the first failed connection with --fail-fast, long before the plan's end, and says which", async () => {
    const flags = ["--clients", 100, "--ramp", "60s", "--fail-fast"];
    const result = await runCli(["run", "ws://127.0.0.1:9/", ...flags], { cwd: folder.path });
    expect(result.code).toBe(113);
    expect(result.stdout).toMatch(/first failed connection: ConnectionRefused/);
  });

  it.each(["native", "webgl"])("runs %s clients", async (kind) => {
    const flags = ["--clients", 20, "--ramp", "500ms", "--duration", "2s", "--client", kind, "--json"];
    const result = await runCli(["run", server.url, ...flags], { cwd: folder.path });
    const summary = parseSummary(result);
    expectBooksToBalance(summary);
    expect(ENDED).toContain(result.code);
    expect(summary.clients.connected).toBe(20);
    expect(summary.messages.answered).toBeGreaterThan(300);
  });

  it("judges thresholds: exit code 99 where one is crossed, with the measured value beside it", async () => {
    const flags = [
      "--clients",
      5,
      "--duration",
      "1s",
      "--threshold",
      "rtt: p(95)<0.0001",
      "--threshold",
      "rtt: max<60000",
    ];
    const result = await runCli(["run", server.url, ...flags, "--json"], { cwd: folder.path });
    const summary = parseSummary(result);
    expect([99, 111]).toContain(result.code);
    expect(summary.thresholds.map((threshold) => threshold.ok)).toEqual([false, true]);
    expect(summary.thresholds[0]?.value).toBeGreaterThan(0);
  });

  it("holds 5,000 clients at 1 message a second in under 2 GiB, both ends together", async (test) => {
    if (process.platform !== "linux") test.skip("the server's memory is read from /proc, which only Linux has");
    const flags = ["--clients", 5000, "--ramp", "1000/s", "--rate", 1, "--duration", "10s", "--json"];
    const run = runCli(["run", server.url, ...flags], { cwd: folder.path });
    const summary = parseSummary(await run);
    const peakServer = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))?.[1];
    expect(summary.clients.connected).toBe(5000);
    expect(summary.generator.maxRssBytes + Number(peakServer) * 1024).toBeLessThan(2 * 1024 ** 3);
  }, 120_000);
});

/** Reads histograms.hlog with the library's own reader: each metric's intervals add up to the summary's count. */
function expectHlogToAddUp(out: string, summary: Summary): void {
  const counts = new Map<string, number>();
  const reader = new hdr.HistogramLogReader(readFileSync(join(out, "histograms.hlog"), "utf8"));
  for (let interval = reader.nextIntervalHistogram(); interval; interval = reader.nextIntervalHistogram()) {
    counts.set(interval.tag, (counts.get(interval.tag) ?? 0) + interval.totalCount);
  }
  const { tcp, tls, upgrade, utp, total } = summary.connect.latencyMs;
  const { rtt, rttUncorrected, ping, pipelineRtt, serverInterval, sendLag, sessionDuration } = summary.latencyMs;
  const application = [rtt, rttUncorrected, ping, pipelineRtt, serverInterval, sendLag, sessionDuration];
  const all = [tcp, tls, upgrade, utp, total, ...application];
  const found = TREND_NAMES.map((name) => [name, counts.get(name) ?? 0]);
  expect(found).toEqual(TREND_NAMES.map((name, index) => [name, (all[index] as Distribution).count]));
}
