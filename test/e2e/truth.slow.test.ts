// The figures that a real run reports are those of what the server did, as it logged between its sockets: within 1% and 1 ms, beyond what
// the way there and back takes at that moment, which a second run at the same time against a server without faults shows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Distribution, Summary } from "../../src/result/summary.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { expectBooksToBalance, parseSummary, runCli, temporaryFolder } from "../support/cli.js";
import { startWatchedServer, type WatchedServer } from "../support/watched-server.js";

const SHARE = 0.01;
const ALLOWED_MS = 1;
const PERCENTILES = [50, 75, 90, 95] as const;

let folder: ReturnType<typeof temporaryFolder>;
let servers: WatchedServer[] = [];
let runs = 0;
beforeAll(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});
afterAll(() => folder.remove());

async function serve(behaviour: ServerBehaviour): Promise<WatchedServer> {
  const server = await startWatchedServer(behaviour);
  servers.push(server);
  return server;
}

async function run(...args: (string | number)[]): Promise<Summary> {
  const out = ["--out", join(folder.path, `run-${runs++}`)];
  const summary = parseSummary(await runCli(["run", ...args, "--json", "--no-progress", ...out], { cwd: folder.path }));
  expectBooksToBalance(summary);
  return summary;
}

const LOAD = ["--clients", 20, "--ramp", "1030ms", "--duration", "6s"];

/** The run against a server with faults, and one at the same time against a server without. */
async function besides(
  behaviour: ServerBehaviour,
  ...more: (string | number)[]
): Promise<{ summary: Summary; path: Summary; server: WatchedServer }> {
  const [server, plain] = [await serve(behaviour), await serve({ tickHz: 0, echo: true })];
  const [summary, path] = await Promise.all([run(server.url, ...LOAD, ...more), run(plain.url, ...LOAD)]);
  return { summary, path, server };
}

/** @param pathMs What the way takes by itself. */
function expectWithin(reportedMs: number | null, appliedMs: number, pathMs: number | null): void {
  const offMs = (reportedMs ?? Number.NaN) - appliedMs;
  const allowedMs = appliedMs * SHARE + ALLOWED_MS;
  const isWithin = offMs >= -allowedMs && offMs <= allowedMs + (pathMs ?? 0);
  expect({ reportedMs, appliedMs, pathMs, isWithin }).toMatchObject({ isWithin: true });
}

function expectPercentiles(reported: Distribution, appliedMs: (percent: number) => number, path: Distribution): void {
  for (const percent of PERCENTILES) {
    expectWithin(reported[`p${percent}`], appliedMs(percent), path[`p${percent}`]);
  }
}

describe("what a run on sockets reports is what the server logged:", () => {
  it.each<[string, ServerBehaviour]>([
    ["a fixed latency", { tickHz: 0, echo: true, faults: { latencyMs: 40 } }],
    ["a uniform latency", { tickHz: 0, echo: true, faults: { latencyMs: 20, jitterMs: 60 } }],
    [
      "a latency of two humps",
      { tickHz: 0, echo: true, faults: { latencyMs: 20, slow: { latencyMs: 80, ratio: 0.2 } } },
    ],
    ["a tick of 20 Hz", { tickHz: 20, echo: true }],
    ["stalls of 1 s", { tickHz: 0, echo: true, faults: { stall: { forMs: 1000, everyMs: 3000 } } }],
  ])("rtt at %s", async (_what, behaviour) => {
    const { summary, path, server } = await besides(behaviour);
    const { rtt, rttUncorrected } = summary.latencyMs;
    expectPercentiles(rttUncorrected, (percent) => server.applied.percentileMs(percent), path.latencyMs.rttUncorrected);
    expect(rtt.p50).toBeGreaterThanOrEqual(rttUncorrected.p50!);
  });

  it("the wait for the Accept", async () => {
    const { summary, path, server } = await besides({ tickHz: 0, echo: true, faults: { latencyMs: 60 } });
    const { utp } = summary.connect.latencyMs;
    expectPercentiles(utp, (percent) => server.applied.acceptPercentileMs(percent), path.connect.latencyMs.utp);
  });

  it("the server's interval, with a stall in it", async () => {
    const behaviour = { tickHz: 25, broadcast: { payloadBytes: 64, hz: 25 } };
    const faults = { stall: { forMs: 1000, everyMs: 5000 } };
    const { summary, path, server } = await besides({ ...behaviour, faults }, "--rate", 0);
    const { serverInterval } = summary.latencyMs;
    const appliedMs = (percent: number): number => server.applied.intervalPercentileMs(percent);
    expectPercentiles(serverInterval, appliedMs, path.latencyMs.rttUncorrected);
    expectWithin(serverInterval.max, appliedMs(100), path.latencyMs.rttUncorrected.p99);
    expect(summary.diagnosis.map(({ code }) => code)).toContain("server-hitch");
  });

  it("a stall of 1 s is in every client's p99", async () => {
    const server = await serve({ tickHz: 0, echo: true, faults: { stall: { forMs: 1000, everyMs: 6000 } } });
    const names = ["a", "b", "c", "d", "e"];
    const steps = [{ every: "100ms", send: { marked: 64 } }];
    const profile = {
      target: server.url,
      clients: names.length,
      ramp: "1s",
      duration: "9s",
      scenarios: Object.fromEntries(names.map((name) => [name, { steps }])),
      thresholds: Object.fromEntries(names.map((name) => [`rtt{scenario:${name}}`, ["p(99)>800"]])),
    };
    const file = join(folder.path, "stall.json");
    writeFileSync(file, JSON.stringify(profile));
    const { thresholds } = await run(file);
    expect(thresholds).toHaveLength(names.length);
    expect(thresholds.filter(({ ok }) => !ok)).toEqual([]);
  });
});
