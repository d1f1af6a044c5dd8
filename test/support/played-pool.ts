// A client pool on real sockets that plays scenarios until all its clients are done, for tests against a server on loopback.
import { randomBytes } from "node:crypto";
import type { ClientPool, ClientPoolOptions } from "../../src/engine/client-pool.js";
import { SnapshotTotal } from "../../src/metrics/snapshot.js";
import type { Profile } from "../../src/profile/profile.js";
import type { Scenario } from "../../src/profile/scenario.js";
import { DEFAULT_PARAMETERS } from "../../src/protocol/parameters.js";
import { DeadlineQueue } from "../../src/time/deadline-queue.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";

export interface PlayedOptions {
  readonly url: string;
  readonly clients: number;
  readonly scenarios: readonly Scenario[];
  readonly client?: Profile["client"];
  /** When a client leaves that has not left before, ms since the start. */
  readonly stopMs?: number;
}

export interface Played<Pool> {
  readonly pool: Pool;
  readonly total: SnapshotTotal;
  readonly logged: readonly string[];
}

/** A scenario that does nothing, with what the test gives it. */
export function scenarioOf(parts: Partial<Scenario>): Scenario {
  return {
    name: "test",
    weight: 1,
    tags: {},
    connectPayload: undefined,
    steps: [],
    decode: [],
    feeders: [],
    reconnect: undefined,
    ...parts,
  };
}

/** Plays until every client is done; they start a millisecond apart. */
export async function playPool<Pool extends ClientPool>(
  newPool: new (options: ClientPoolOptions) => Pool,
  options: PlayedOptions,
): Promise<Played<Pool>> {
  const { url, clients, stopMs = 30_000 } = options;
  const scheduler = new DeadlineQueue();
  const logged: string[] = [];
  let pool: Pool | undefined;
  await new Promise<void>((resolve) => {
    pool = new newPool({
      profile: profileOf(options),
      clients: Array.from({ length: clients }, (_, number) => ({ number, startMs: number, stopMs })),
      plannedClients: clients,
      url,
      address: undefined,
      originMs: scheduler.nowMs(),
      originEpochMs: performance.timeOrigin + performance.now(),
      scheduler,
      transportFactory: () => new WebSocketTransport(),
      newToken: () => randomBytes(8),
      onDone: () => resolve(),
      onFailed: () => undefined,
      onLog: (line) => logged.push(line),
    });
  });
  scheduler.stop();
  const total = new SnapshotTotal();
  total.add(pool!.takeSnapshot());
  return { pool: pool!, total, logged };
}

function profileOf({ url, scenarios, client = "patient" }: PlayedOptions): Profile {
  return {
    name: "played",
    target: url,
    stages: [],
    ratePerSecond: 0,
    payloadBytes: 0,
    pipelineId: 0,
    warmupMs: 0,
    seed: 1,
    client,
    updateHz: 60,
    parameters: DEFAULT_PARAMETERS,
    connectBudgetMs: 20_000,
    pingIntervalMs: 0,
    headers: [],
    insecure: false,
    localAddresses: [],
    gracefulStopMs: 1000,
    thresholds: [],
    scenarios,
  };
}
