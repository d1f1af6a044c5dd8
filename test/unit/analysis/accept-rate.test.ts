import { describe, expect, it } from "vitest";
import { acceptRateOf } from "../../../src/analysis/accept-rate.js";
import type { SeriesPoint } from "../../../src/analysis/observations.js";
import type { ClientOutcome } from "../../../src/metrics/client-outcome.js";
import { clients, queued, served, without101 } from "./sample-clients.js";

describe("acceptRateOf() clients that were queued", () => {
  it.each([
    ["100 at once, 60 Hz", queued(100, 60), 60, 100],
    ["100 at once, 20 Hz", queued(100, 20), 20, 100],
    ["1000 over 10 s, 60 Hz", queued(1000, 60, 10), 60, 1000],
    ["500 at 500/s, 30 Hz, one without a 101", [...queued(500, 30, 2), without101(500)], 30, 500],
  ])("%s", (_what, outcomes, tickHz, count) => {
    const found = acceptRateOf(outcomes, [])!;
    expect(found.tickHz).toBe(tickHz);
    expect(found.perSecond).toBeCloseTo(tickHz, 1);
    expect(found.clients).toBeGreaterThan(count * 0.9);
    expect(found.lastWaitMs).toBeGreaterThan(500);
  });

  it("sees the server's updates through stalls and jitter", () => {
    const stallMs = (n: number): number => (n >= 50 ? 400 : 0) + (n >= 90 ? 150 : 0);
    const outcomes = queued(200, 60).map((one, n) => ({
      ...one,
      upgradeMs: one.upgradeMs! + stallMs(n) + ((n * 7919) % 9),
    }));
    const found = acceptRateOf(outcomes, [])!;
    expect(found.tickHz).toBe(60);
    expect(found.perSecond).toBeLessThan(53);
  });

  it("names no usual rate where it is none", () => {
    expect(acceptRateOf(queued(100, 35), [])).toMatchObject({ tickHz: undefined, clients: 100 });
  });
});

describe("acceptRateOf() finds nothing where", () => {
  const waitMs = (number: number): number => (number * 7919) % 40;
  it.each<[string, ClientOutcome[]]>([
    ["nobody joined", clients(100, without101)],
    ["clients arrive more slowly than the ticks", queued(200, 60, 20)],
    [
      "the network is slow and arrivals are even",
      clients(200, (n) => served(n, { startedMs: n * 20, upgradeMs: n * 20 + 250 })),
    ],
    ["the server lets all in at once", clients(500, (n) => served(n, { startedMs: 0, upgradeMs: 3 + n / 20 }))],
    ["waits are short and mixed", clients(300, (n) => served(n, { startedMs: n * 20, upgradeMs: n * 20 + waitMs(n) }))],
    ["there are too few to say", queued(12, 60)],
    ["they came in two heaps", clients(100, (n) => served(n, { startedMs: 0, upgradeMs: (n < 50 ? 10 : 2000) + n }))],
  ])("%s", (_what, outcomes) => {
    expect(acceptRateOf(outcomes, [])).toBeUndefined();
  });
});

describe("acceptRateOf() the series, where outcomes were not recorded", () => {
  const point = (started: number, established: number): SeriesPoint => ({
    elapsedMs: 0,
    intervalMs: 1000,
    started,
    established,
    failed: 0,
    cancelled: 0,
    sent: 0,
    answered: 0,
    disconnects: {},
    connected: 0,
    highestRttMs: undefined,
    silence: undefined,
  });
  it.each<[string, SeriesPoint[], number | undefined]>([
    [
      "a plateau at 60/s with a queue",
      [point(400, 58), point(0, 60), point(0, 60), point(0, 61), point(0, 60), point(0, 39)],
      60,
    ],
    ["a ramp of 60/s without a queue", Array.from({ length: 6 }, () => point(60, 60)), undefined],
    ["two seconds only", [point(400, 60), point(0, 60), point(0, 280)], undefined],
    ["a rate that changes", [point(900, 60), point(0, 80), point(0, 110), point(0, 150), point(0, 190)], undefined],
    ["nothing", [], undefined],
  ])("%s", (_what, series, tickHz) => {
    expect(acceptRateOf([], series)?.tickHz).toBe(tickHz);
  });
});
