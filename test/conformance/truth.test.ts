// The figures that a run reports are those of what the server really did, within 1%: on a virtual clock, where what it did is known.
import { describe, expect, it } from "vitest";
import { distributionOf } from "../../src/metrics/distribution.js";
import type { Distribution } from "../../src/result/summary.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import { scenarioOf } from "../support/played-pool.js";
import { virtualRun } from "../support/virtual-run.js";

const SHARE = 0.01;
/** Figures are whole microseconds. */
const RESOLUTION_MS = 0.002;
const PERCENTILES = [50, 75, 90, 95, 99, 99.9] as const;

function expectWithin(reportedMs: number | null, appliedMs: number): void {
  expect(reportedMs).not.toBeNull();
  const offMs = Math.abs((reportedMs ?? 0) - appliedMs);
  expect({ reportedMs, appliedMs, isWithin: offMs <= appliedMs * SHARE + RESOLUTION_MS }).toMatchObject({
    isWithin: true,
  });
}

function expectPercentiles(reported: Distribution, appliedMs: (percent: number) => number): void {
  for (const percent of PERCENTILES) expectWithin(reported[`p${percent}`], appliedMs(percent));
  expectWithin(reported.max, appliedMs(100));
}

/** 40 clients, 10 messages a second each, on a network that takes no time: round trips are what the server did, and nothing else. */
function echoed(server: ServerBehaviour, stepMs = 0.25): ReturnType<typeof virtualRun> {
  return virtualRun({ server, stepMs, delayMs: 0, clients: 40, rampMs: 3010, holdMs: 9000, isWatched: true });
}

describe("rtt is what the server did to each message:", () => {
  it.each<[string, ServerBehaviour, Partial<Record<string, number>>]>([
    ["a fixed latency", { tickHz: 0, faults: { latencyMs: 25 } }, { p50: 25, p99: 25 }],
    ["a uniform latency", { tickHz: 0, faults: { latencyMs: 20, jitterMs: 60 } }, {}],
    [
      "a latency of two humps",
      { tickHz: 0, faults: { latencyMs: 25, slow: { latencyMs: 80, ratio: 0.1 } } },
      { p50: 25, p75: 25, p95: 80 },
    ],
    ["stalls of 1 s", { tickHz: 0, faults: { stall: { forMs: 1000, everyMs: 4000 } } }, {}],
    ["a tick of 20 Hz", { tickHz: 20 }, {}],
    ["a tick of 60 Hz and a latency", { tickHz: 60, faults: { latencyMs: 40, jitterMs: 10 } }, {}],
  ])("%s", (_what, server, injected) => {
    const { summary, applied } = echoed(server);
    // The last answers find their clients gone.
    expect(applied.count - summary.messages.answered).toBeGreaterThanOrEqual(0);
    expect(applied.count - summary.messages.answered).toBeLessThanOrEqual(40);
    expectPercentiles(summary.latencyMs.rtt, (percent) => applied.percentileMs(percent));
    expectPercentiles(summary.latencyMs.rttUncorrected, (percent) => applied.percentileMs(percent));
    for (const [name, ms] of Object.entries(injected)) expectWithin(summary.latencyMs.rtt[name as "p50"], ms!);
  });

  it("a uniform latency is spread as it was injected", () => {
    const { p50, p75, p90 } = echoed({ tickHz: 0, faults: { latencyMs: 20, jitterMs: 60 } }).summary.latencyMs.rtt;
    // 20 + 60 x the share; 4,400 draws are within 3% of it.
    for (const [reportedMs, share] of [[p50, 0.5] as const, [p75, 0.75] as const, [p90, 0.9] as const]) {
      expect(Math.abs((reportedMs ?? 0) / (20 + 60 * share) - 1)).toBeLessThan(0.03);
    }
  });

  it("also where the server stands still for 1 s: it shows in every client's p99, as nothing waits for an answer", () => {
    const payload = { kind: "marked", sizeBytes: 64 } as const;
    const steps = [{ do: "every", intervalMs: 100, pipelineId: 0, payload }] as const;
    const names = ["a", "b", "c", "d", "e", "f"];
    const scenarios = names.map((name) => scenarioOf({ name, steps: [...steps] }));
    const server = { tickHz: 0, faults: { stall: { forMs: 1000, everyMs: 12_000 } } };
    const options = { clients: names.length, rampMs: 610, holdMs: 16_000, delayMs: 0, isWatched: true };
    const { result, applied } = virtualRun({ ...options, server, profile: { scenarios } });
    const reported = names.map((name) => distributionOf(result.measured.trend(`rtt{scenario:${name}}`)).p99 ?? 0);
    const appliedMs = applied.percentilesBySocketMs(99);
    for (const [index, ms] of reported.sort((a, b) => a - b).entries()) {
      expectWithin(ms, appliedMs[index]!);
      expect(ms).toBeGreaterThan(800);
    }
  });
});

describe("the phases of connecting", () => {
  it("are those of the network and of the server's latency", () => {
    const server = { tickHz: 0, faults: { latencyMs: 30 } };
    const options = { clients: 40, rampMs: 2000, holdMs: 1000, delayMs: 10, stepMs: 0.1 };
    const { tcp, upgrade, utp, total } = virtualRun({ ...options, server }).summary.connect.latencyMs;
    const cases: [Distribution, number][] = [
      [tcp, 20],
      [upgrade, 20],
      [utp, 50],
      [total, 90],
    ];
    for (const [phase, ms] of cases) {
      expect(phase.count).toBe(40);
      expectPercentiles(phase, () => ms);
    }
  });

  it("are those of a server that accepts one an update: the k-th 101 after k updates", () => {
    const options = { clients: 20, rampMs: 0, holdMs: 3000, delayMs: 10, server: { tickHz: 25 } };
    const { upgrade } = virtualRun(options).summary.connect.latencyMs;
    // The request leaves 20 ms after the start, the k-th 101 in the k-th update of 40 ms, and travels for 10 ms.
    const ofClient = (k: number): number => 40 * k + 10 - 20;
    expectWithin(upgrade.min, ofClient(1));
    expectWithin(upgrade.p50, ofClient(10));
    expectWithin(upgrade.p95, ofClient(19));
    expectWithin(upgrade.max, ofClient(20));
  });
});

describe("the server's interval", () => {
  const broadcast = { payloadBytes: 64, hz: 1000 };
  const idle = {
    clients: 10,
    rampMs: 1000,
    holdMs: 12_000,
    delayMs: 5,
    profile: { ratePerSecond: 0 },
    isWatched: true,
  };

  it.each([20, 60])("is its tick of %d Hz", (tickHz) => {
    const { summary } = virtualRun({ ...idle, server: { tickHz, broadcast } });
    for (const percent of PERCENTILES) expectWithin(summary.latencyMs.serverInterval[`p${percent}`], 1000 / tickHz);
  });

  it("shows a stall in its full length, and the silence of all clients with it", () => {
    const server = { tickHz: 50, broadcast, faults: { stall: { forMs: 1000, everyMs: 7000 } } };
    const { summary, applied, observations } = virtualRun({ ...idle, server });
    expectPercentiles(summary.latencyMs.serverInterval, (percent) => applied.intervalPercentileMs(percent));
    expectWithin(summary.latencyMs.serverInterval.max, 1020);
    const silences = observations.series.flatMap(({ silence }) => (silence === undefined ? [] : [silence]));
    const longestMs = Math.max(...silences.map(({ fromMs, toMs }) => toMs - fromMs));
    // Looked for every 20 ms.
    expect(Math.abs(longestMs - 1020)).toBeLessThanOrEqual(21);
  });
});
