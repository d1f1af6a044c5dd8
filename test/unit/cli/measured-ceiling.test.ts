// The ceiling of simulated machines: each lags beyond its own number of messages, and lets in so many clients a second.
import { describe, expect, it } from "vitest";
import { type Measure, type MeasuredRun, measuredCeiling } from "../../../src/cli/measured-ceiling.js";
import type { FlagValues } from "../../../src/cli/run-flags.js";
import { distributionOf } from "../../../src/metrics/distribution.js";
import { newRecordingHistogram, recordMs } from "../../../src/metrics/histogram.js";
import type { Trust } from "../../../src/result/summary.js";
import { summaryOf } from "../result/sample-run.js";

interface SimulatedMachine {
  readonly messagesPerSecond: number;
  readonly connectsPerSecond: number;
  /** Beyond its messages. */
  readonly trust?: Trust;
}

const MACHINE: SimulatedMachine = { messagesPerSecond: 41_000, connectsPerSecond: 2500 };

function only(valueMs: number) {
  const histogram = newRecordingHistogram();
  recordMs(histogram, valueMs);
  return distributionOf(histogram);
}

/** Keeps the flags of each run. */
function machine(simulated: SimulatedMachine, asked: FlagValues[] = []): Measure {
  return async (flags): Promise<MeasuredRun> => {
    asked.push(flags);
    const clients = Number(flags.clients);
    const messagesPerSecond = clients * Number(flags.rate);
    const isLate = messagesPerSecond > simulated.messagesPerSecond;
    const queueMs = Math.max(1, (1000 * clients) / simulated.connectsPerSecond - 500);
    const summary = summaryOf();
    return {
      clients: { ...summary.clients, connected: clients },
      connect: { latencyMs: { total: only(queueMs) } },
      latencyMs: { sendLag: only(isLate && simulated.trust === undefined ? 40 : 0.5) },
      generator: { trust: isLate ? (simulated.trust ?? "suspect") : "trusted" },
    };
  };
}

const WISHES = { durationMs: 3000, workers: 1, limits: { descriptors: undefined, localPorts: undefined } };
const quiet = (): void => undefined;

describe("a machine", () => {
  it("that lags beyond 41,000 messages a second", async () => {
    const ceiling = await measuredCeiling(machine(MACHINE), WISHES, quiet);
    expect(ceiling).toMatchObject({ workers: 1, isReached: true });
    expect(ceiling!.messagesPerSecond).toBeLessThanOrEqual(41_000);
    expect(ceiling!.messagesPerSecond).toBeGreaterThan(41_000 / 1.1);
    expect(ceiling!.halfLoadLagP99Ms).toBeCloseTo(0.5, 2);
  });

  it("whose runs are invalid beyond them", async () => {
    const ceiling = await measuredCeiling(machine({ ...MACHINE, trust: "invalid" }), WISHES, quiet);
    expect(ceiling!.messagesPerSecond).toBeLessThanOrEqual(41_000);
  });

  it("that lets in 2,500 clients a second, found by the rush that made them queue", async () => {
    const asked: FlagValues[] = [];
    const ceiling = await measuredCeiling(machine(MACHINE, asked), WISHES, quiet);
    expect(ceiling!.connectsPerSecond).toBeGreaterThan(2300);
    expect(ceiling!.connectsPerSecond).toBeLessThanOrEqual(2500);
    expect(asked.filter(({ rate }) => rate === "0").map(({ clients }) => clients)).toEqual([
      "500",
      "1000",
      "2000",
      "4000",
    ]);
  });

  it("with few descriptors is not asked for more clients than it can open", async () => {
    const asked: FlagValues[] = [];
    const limits = { descriptors: 1200, localPorts: undefined };
    await measuredCeiling(machine(MACHINE, asked), { ...WISHES, limits }, quiet);
    expect(Math.max(...asked.map(({ clients }) => Number(clients)))).toBe(1000);
  });

  it("faster than any of today has a ceiling that was not reached", async () => {
    const ceiling = await measuredCeiling(machine({ ...MACHINE, messagesPerSecond: 1e9 }), WISHES, quiet);
    expect(ceiling).toMatchObject({ messagesPerSecond: 400_000, isReached: false });
  });

  it("too busy for anything has none", async () => {
    expect(await measuredCeiling(machine({ ...MACHINE, messagesPerSecond: 10 }), WISHES, quiet)).toBeUndefined();
  });

  it("takes about a minute at most", async () => {
    const asked: FlagValues[] = [];
    await measuredCeiling(machine(MACHINE, asked), WISHES, quiet);
    expect(asked.length).toBeLessThan(16);
  });
});

it.each([0, 2, 6])("interrupted in run %i: no ceiling", async (last) => {
  const asked: FlagValues[] = [];
  const measure = machine(MACHINE, asked);
  const until: Measure = async (flags) => (asked.length > last ? undefined : measure(flags));
  expect(await measuredCeiling(until, WISHES, quiet)).toBeUndefined();
});
