// A thousand reconnects on real sockets: a server that throws everybody out, players that come back, and no event of an old attempt.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SnapshotTotal } from "../../src/metrics/snapshot.js";
import type { Profile } from "../../src/profile/profile.js";
import { DEFAULT_PARAMETERS } from "../../src/protocol/parameters.js";
import { UtpServer } from "../../src/server/index.js";
import { DeadlineQueue } from "../../src/time/deadline-queue.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { LateEventsPool } from "../support/late-events-pool.js";

const CLIENTS = 50;
const RECONNECTS_PER_CLIENT = 20;
const ATTEMPTS = CLIENTS * (RECONNECTS_PER_CLIENT + 1);
const GREETING = Uint8Array.of(1, 2, 3);

let server: UtpServer;
let greeted = 0;

beforeAll(async () => {
  server = await UtpServer.listen({
    tickHz: 0,
    kickAfterMs: 30,
    onConnect: (peer) => {
      if (server.send(peer, GREETING)) greeted++;
    },
  });
});
afterAll(async () => {
  await server.close();
});

function profileOf(url: string): Profile {
  return {
    name: "reconnect",
    target: url,
    stages: [],
    ratePerSecond: 0,
    payloadBytes: 0,
    pipelineId: 0,
    warmupMs: 0,
    seed: 1,
    client: "patient",
    updateHz: 60,
    parameters: DEFAULT_PARAMETERS,
    connectBudgetMs: 20_000,
    pingIntervalMs: 0,
    headers: [],
    insecure: false,
    localAddresses: [],
    gracefulStopMs: 1000,
    thresholds: [],
    scenarios: [
      {
        name: "comeback",
        weight: 1,
        tags: {},
        connectPayload: undefined,
        steps: [],
        decode: [],
        feeders: [],
        reconnect: {
          reasons: ["ClosedByServer"],
          maxReconnects: RECONNECTS_PER_CLIENT,
          firstMs: 5,
          factor: 1,
          maxMs: 5,
          jitterShare: 1,
        },
      },
    ],
  };
}

/** Plays until every client has used up its reconnects. */
async function play(): Promise<{ pool: LateEventsPool; total: SnapshotTotal }> {
  const scheduler = new DeadlineQueue();
  let pool: LateEventsPool | undefined;
  await new Promise<void>((resolve) => {
    pool = new LateEventsPool({
      profile: profileOf(server.url),
      clients: Array.from({ length: CLIENTS }, (_, number) => ({ number, startMs: number, stopMs: 50_000 })),
      plannedClients: CLIENTS,
      url: server.url,
      address: undefined,
      originMs: scheduler.nowMs(),
      originEpochMs: 0,
      scheduler,
      transportFactory: () => new WebSocketTransport(),
      newToken: () => randomBytes(8),
      onDone: resolve,
      onFailed: () => undefined,
      onLog: () => undefined,
    });
  });
  scheduler.stop();
  const total = new SnapshotTotal();
  total.add(pool!.takeSnapshot());
  return { pool: pool!, total };
}

describe("1,000 reconnects on real sockets", () => {
  it("let no event of an earlier attempt through, and keep the books", async () => {
    const { pool, total } = await play();
    expect(total.sum("reconnects")).toBe(CLIENTS * RECONNECTS_PER_CLIENT);
    expect(total.sum("connect_established")).toBe(ATTEMPTS);
    expect(total.sum("clients_connected_ever")).toBe(CLIENTS);
    expect(total.byTag("disconnects", "reason")).toEqual({ ClosedByServer: ATTEMPTS });
    expect(pool.injected).toBe(6 * CLIENTS * RECONNECTS_PER_CLIENT);
    expect(total.byTag("protocol_drops", "why")).toEqual({ staleAttempt: pool.injected });
    expect([total.sum("messages_received"), total.sum("bytes_received")]).toEqual([ATTEMPTS, 3 * ATTEMPTS]);
    expect(greeted).toBe(ATTEMPTS);
    expect(total.trend("ping").totalCount).toBe(0);
    expect(server.peers.length).toBe(0);
  });
});
