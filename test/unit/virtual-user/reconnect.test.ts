// Players that are thrown out and come back, a hundred thousand times: no event of an attempt that is over reaches them.
import { describe, expect, it } from "vitest";
import { SnapshotTotal } from "../../../src/metrics/snapshot.js";
import { LateEventsPool } from "../../support/late-events-pool.js";
import { seededRandom } from "../../support/random.js";
import { virtualScheduler } from "../../support/virtual-clock.js";
import { VirtualServer } from "../../support/virtual-server.js";
import { PROFILE, scenarioWith } from "./user-bench.js";

const CLIENTS = 20;
const RECONNECTS_PER_CLIENT = 5000;
const ATTEMPTS = CLIENTS * (RECONNECTS_PER_CLIENT + 1);

const RECONNECT = {
  reasons: ["ClosedByServer"],
  maxReconnects: RECONNECTS_PER_CLIENT,
  firstMs: 5,
  factor: 1,
  maxMs: 5,
  jitterShare: 0.5,
};

/** Plays until every client has used up its reconnects. */
function play(): { pool: LateEventsPool; server: VirtualServer; total: SnapshotTotal; tokens: Set<string> } {
  const { clock, queue } = virtualScheduler();
  const server = new VirtualServer(clock, { delayMs: 1, jitterMs: 1, duplicateRatio: 0.2 }, 5);
  const random = seededRandom(7);
  const tokens = new Set<string>();
  const newToken = (): Uint8Array => {
    const token = Uint8Array.from({ length: 8 }, () => random() * 256);
    tokens.add(token.join());
    return token;
  };
  let isDone = false;
  const clients = Array.from({ length: CLIENTS }, (_, number) => ({ number, startMs: number, stopMs: 3_600_000 }));
  const pool = new LateEventsPool({
    profile: { ...PROFILE, ratePerSecond: 0, scenarios: [scenarioWith({ reconnect: RECONNECT })] },
    clients,
    plannedClients: CLIENTS,
    url: PROFILE.target,
    address: undefined,
    originMs: 0,
    originEpochMs: 0,
    scheduler: queue,
    transportFactory: () => server.newTransport(),
    newToken,
    onDone: () => {
      isDone = true;
    },
    onFailed: () => undefined,
    onLog: () => undefined,
  });
  while (!isDone) clock.advanceBy(1000);
  const total = new SnapshotTotal();
  total.add(pool.takeSnapshot());
  return { pool, server, total, tokens };
}

describe("100,000 reconnects on the virtual link", () => {
  const { pool, server, total, tokens } = play();

  it("come with a new token each", () => {
    expect(total.sum("reconnects")).toBe(CLIENTS * RECONNECTS_PER_CLIENT);
    expect(total.sum("connect_attempts")).toBe(ATTEMPTS);
    expect(tokens.size).toBe(ATTEMPTS);
  });

  it("let no event of an earlier attempt through", () => {
    expect(pool.injected).toBe(LateEventsPool.EVENTS_PER_ATTEMPT * CLIENTS * RECONNECTS_PER_CLIENT);
    expect(total.sum("protocol_drops{why:staleAttempt}")).toBeGreaterThanOrEqual(pool.injected);
    expect(total.sum("protocol_drops{why:unexpected}")).toBeLessThan(ATTEMPTS);
    expect(total.sum("give_ups_native{reason:UpgradeTimeout}")).toBe(0);
    expect(total.trend("ping").totalCount + total.trend("pipeline_rtt").totalCount).toBe(0);
    expect(total.sum("dropped_sends{why:windowFull}")).toBe(0);
    // The late messages are 7 bytes long, the server's are 3, and now and then doubled.
    const received = total.sum("messages_received");
    expect(received).toBeGreaterThanOrEqual(ATTEMPTS);
    expect(total.sum("bytes_received")).toBe(3 * received);
  });

  it("keep the books", () => {
    expect(total.sum("clients_connected_ever")).toBe(CLIENTS);
    expect(total.sum("connect_established")).toBe(server.accepted);
    expect(total.byTag("disconnects", "reason")).toEqual({ ClosedByServer: ATTEMPTS });
    expect(total.trend("session_duration").totalCount).toBe(ATTEMPTS);
    expect(pool.connected).toBe(0);
  });
});
