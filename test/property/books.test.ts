// Whole runs on a virtual clock against servers that do anything to their clients: the books balance in each, and where nothing is lost
// on purpose client and server have counted the same, to the last message.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReconnectPolicy } from "../../src/profile/scenario.js";
import { bookImbalances } from "../../src/result/books.js";
import { UNITY_LIMITS } from "../../src/server/server-options.js";
import { scenarioOf } from "../support/played-pool.js";
import { propertyParameters } from "../support/property.js";
import { type VirtualRun, virtualRun } from "../support/virtual-run.js";

const BOOKS_RUNS = 24;
const COUNTS_RUNS = 10;
const TIMEOUT_MS = 90_000;

const ms = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const share = fc.double({ min: 0, max: 0.4, noNaN: true });

const faults = fc.record(
  {
    latencyMs: ms(0, 400),
    jitterMs: ms(0, 400),
    dropRatio: share,
    duplicateRatio: share,
    slow: fc.record({ latencyMs: ms(0, 2000), ratio: share }),
    stall: fc.record({ forMs: ms(50, 900), everyMs: ms(1000, 2000) }),
  },
  { requiredKeys: [] },
);

const server = fc.record(
  {
    tickHz: fc.constantFrom(0, 5, 30, 60),
    queuePackets: fc.constantFrom(2, 16, 64, 512),
    kickAfterMs: ms(1, 3000),
    maxConnections: ms(1, 6),
    refuseWith: fc.constantFrom("disconnect" as const, "close" as const),
    echo: fc.boolean(),
    broadcast: fc.record({ payloadBytes: ms(1, 900), hz: ms(1, 60) }),
    seed: ms(1, 1000),
    faults,
    parameters: fc.record({ disconnectTimeoutMs: ms(300, 2000), heartbeatTimeoutMs: ms(0, 600) }),
  },
  { requiredKeys: ["tickHz"] },
);

const policy: ReconnectPolicy = {
  reasons: ["ClosedByServer", "ConnectionReset", "Silence", "WebSocketClose", "UpgradeTimeout"],
  maxReconnects: 3,
  firstMs: 100,
  factor: 2,
  maxMs: 500,
  jitterShare: 0.2,
};

const run = fc.record({
  server,
  clients: ms(1, 12),
  rampMs: ms(0, 2000),
  holdMs: ms(500, 3000),
  delayMs: fc.constantFrom(0, 0.5, 20, 200),
  end: fc.constantFrom("lives" as const, "dies" as const, "hangs" as const),
  endMs: ms(0, 4000),
  comesBack: fc.boolean(),
  profile: fc.record({
    client: fc.constantFrom("patient" as const, "native" as const, "webgl" as const),
    ratePerSecond: fc.constantFrom(0, 3, 60, 400),
    payloadBytes: fc.constantFrom(0, 16, 64, 1300),
    connectBudgetMs: ms(200, 3000),
    gracefulStopMs: ms(0, 3000),
    seed: ms(1, 1000),
  }),
  parameters: fc.record({
    disconnectTimeoutMs: ms(300, 4000),
    heartbeatTimeoutMs: ms(100, 2000),
    connectTimeoutMs: ms(200, 1500),
  }),
});

function played({
  end,
  endMs,
  comesBack,
  profile,
  ...options
}: typeof run extends fc.Arbitrary<infer T> ? T : never): VirtualRun {
  const { ratePerSecond, payloadBytes } = profile;
  const payload = { kind: "marked", sizeBytes: payloadBytes } as const;
  const every = { do: "every", intervalMs: 1000 / Math.max(1, ratePerSecond), pipelineId: 0, payload } as const;
  const scenarios = [scenarioOf({ steps: ratePerSecond > 0 ? [every] : [], reconnect: policy })];
  return virtualRun({
    ...options,
    profile: { ...profile, ...(comesBack && { scenarios }) },
    script: (network, at) => {
      if (end !== "lives") at(endMs, () => network.stop(end === "dies"));
    },
  });
}

describe("the books", () => {
  it(
    "balance in every run, whatever server and network do",
    () => {
      fc.assert(
        fc.property(run, (options) => {
          const { summary, result } = played(options);
          expect(bookImbalances(summary)).toEqual([]);
          const { clients, connect, messages } = summary;
          expect(clients.planned).toBe(options.clients);
          expect(result.outcomes).toHaveLength(clients.started);
          expect(result.outcomes.reduce((sum, { sent }) => sum + sent, 0)).toBe(messages.sent);
          expect(result.outcomes.reduce((sum, { answered }) => sum + answered, 0)).toBe(messages.answered);
          const begun = connect.established + connect.failed;
          // Only we ourselves leave an attempt without an end.
          expect(connect.attempts).toBeGreaterThanOrEqual(begun);
          expect(connect.attempts - begun).toBeLessThanOrEqual(clients.started);
          expect(messages.answered).toBeLessThanOrEqual(messages.received);
        }),
        propertyParameters("books of virtual runs", BOOKS_RUNS),
      );
    },
    TIMEOUT_MS,
  );
});

describe("client and server have counted the same, to the last message,", () => {
  const delays = fc.record(
    { latencyMs: ms(0, 300), jitterMs: ms(0, 300), stall: fc.record({ forMs: ms(50, 900), everyMs: ms(1000, 2000) }) },
    { requiredKeys: [] },
  );
  it(
    "whatever the delays, the tick, and the client",
    () => {
      const options = fc.record({
        tickHz: fc.constantFrom(0, 20, 60),
        faults: delays,
        clients: ms(1, 5),
        rampMs: ms(0, 1000),
        holdMs: ms(2500, 3000),
        delayMs: fc.constantFrom(0, 5, 150),
        client: fc.constantFrom("patient" as const, "native" as const),
        broadcast: fc.option(fc.record({ payloadBytes: ms(1, 500), hz: ms(1, 30) }), { nil: undefined }),
      });
      fc.assert(
        fc.property(options, ({ tickHz, faults, client, broadcast, ...load }) => {
          const limits = tickHz > 0 ? UNITY_LIMITS.filter((limit) => limit === "accept") : [];
          const server = { tickHz, faults, limits, ...(broadcast !== undefined && { broadcast }) };
          const { summary, stats } = virtualRun({ ...load, server, profile: { client, gracefulStopMs: 10_000 } });
          const { messages, clients } = summary;
          // A client that we cancelled while it joined may leave something behind that the server had sent it.
          fc.pre(clients.cancelled === 0);
          expect(stats.messagesIn).toBe(messages.sent);
          const unread = stats.faults.discarded + stats.unsentPackets + (messages.protocolDrops.afterClose ?? 0);
          expect({ gap: stats.messagesOut - messages.received, atMost: unread }).toSatisfy(
            ({ gap, atMost }: { gap: number; atMost: number }) => gap >= 0 && gap <= atMost,
          );
        }),
        propertyParameters("counts of virtual runs", COUNTS_RUNS),
      );
    },
    TIMEOUT_MS,
  );
});
