// A thousand reconnects on real sockets: a server that throws everybody out, players that come back, and no event of an old attempt.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UtpServer } from "../../src/server/index.js";
import { LateEventsPool } from "../support/late-events-pool.js";
import { playPool, scenarioOf } from "../support/played-pool.js";

const CLIENTS = 50;
const RECONNECTS_PER_CLIENT = 20;
const ATTEMPTS = CLIENTS * (RECONNECTS_PER_CLIENT + 1);
const GREETING = Uint8Array.of(1, 2, 3);

const RECONNECT = {
  reasons: ["ClosedByServer"],
  maxReconnects: RECONNECTS_PER_CLIENT,
  firstMs: 5,
  factor: 1,
  maxMs: 5,
  jitterShare: 1,
};

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

describe("1,000 reconnects on real sockets", () => {
  it("let no event of an earlier attempt through, and keep the books", async () => {
    const scenarios = [scenarioOf({ reconnect: RECONNECT })];
    const { pool, total } = await playPool(LateEventsPool, { url: server.url, clients: CLIENTS, scenarios });
    expect(total.sum("reconnects")).toBe(CLIENTS * RECONNECTS_PER_CLIENT);
    expect(total.sum("connect_established")).toBe(ATTEMPTS);
    expect(total.sum("clients_connected_ever")).toBe(CLIENTS);
    expect(total.byTag("disconnects", "reason")).toEqual({ ClosedByServer: ATTEMPTS });
    expect(pool.injected).toBe(LateEventsPool.EVENTS_PER_ATTEMPT * CLIENTS * RECONNECTS_PER_CLIENT);
    expect(total.byTag("protocol_drops", "why")).toEqual({ staleAttempt: pool.injected });
    expect([total.sum("messages_received"), total.sum("bytes_received")]).toEqual([ATTEMPTS, 3 * ATTEMPTS]);
    expect(greeted).toBe(ATTEMPTS);
    expect(total.trend("ping").totalCount).toBe(0);
    expect(server.peers.length).toBe(0);
  });
});
