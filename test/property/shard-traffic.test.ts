// One machine and ten make the same traffic: what a client sends, and when, depends on its number in the whole plan and on nothing else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveRun } from "../../src/cli/resolve-run.js";
import type { SessionListener } from "../../src/client/session-types.js";
import { ClientPool, type ClientPoolOptions } from "../../src/engine/client-pool.js";
import type { Profile } from "../../src/profile/profile.js";
import type { Session } from "../../src/virtual-user/attempt.js";
import type { Role } from "../../src/virtual-user/role.js";
import { runPlan } from "../../src/virtual-user/run-plan.js";
import { type PlannedClient, type Shard, shareOfClients } from "../../src/workload/plan.js";
import { hex } from "../support/bytes.js";
import { propertyParameters } from "../support/property.js";
import { type VirtualClock, virtualScheduler } from "../support/virtual-clock.js";
import { machineWith } from "../unit/cli/machine.js";
import { EPOCH_MS, PlayedSession } from "../unit/virtual-user/user-bench.js";

const PLAY_MS = 3500;
const ANSWER = new Uint8Array([9, 9]);

const scenarios = `scenarios:
  fighter:
    weight: 3
    feeders:
      players: { file: players.csv, order: unique }
      maps: { file: maps.csv, order: random }
    connectPayload: [{ text: $players.name }]
    steps:
      - every: 90ms
        send: [{ byte: 1 }, { packedUInt: { counter: 0 } }, { float: { random: [-1, 1] } }, { padTo: 24 }]
      - repeat:
          steps:
            - wait: { uniform: [100ms, 700ms] }
            - choose:
                - { weight: 2, steps: [{ send: [{ byte: 2 }, { text: $maps.map }] }] }
                - { steps: [{ send: { marked: 32 } }, { expect: { startsWith: "0909", timeout: 300ms } }] }
            - reconnect: { after: { exponential: 200ms } }
  watcher:
    feeders: { maps: { file: maps.csv } }
    connectPayload: [{ text: $maps.map }]
    steps: [{ repeat: { steps: [{ wait: { normal: [200ms, 50ms] } }, { send: [{ uint: { random: [0, 99999] } }] }] } }]
`;

function profileOf(clients: number, seed: number, leaves: boolean): Profile {
  const rows = Array.from({ length: clients }, (_, number) => `player${number}\n`);
  const last = leaves ? `  - { duration: 1s, target: ${Math.floor(clients / 2)} }\n` : "";
  const stages = `stages:\n  - { duration: 1s, target: ${clients} }\n  - { duration: 1s, target: ${clients} }\n${last}`;
  const files = {
    "load.yaml": `target: ws://h/\nseed: ${seed}\n${stages}${scenarios}`,
    "players.csv": `name\n${rows.join("")}`,
    "maps.csv": "map\nharbour\nforest\nruin\n",
  };
  return resolveRun({ argument: "load.yaml", flags: {}, environment: {} }, machineWith(files)).run.profile;
}

/** What one client did on the wire, in order. */
type Traffic = Map<number, string[]>;

/** A thread's clients, each on a connection that is accepted some time later and answers what it is sent. */
class NotingPool extends ClientPool {
  readonly traffic: Traffic = new Map();
  readonly #clock: VirtualClock;

  constructor(options: ClientPoolOptions, clock: VirtualClock) {
    super(options);
    this.#clock = clock;
  }

  override connect(listener: SessionListener, role: Role, number: number, payload: Uint8Array | undefined): Session {
    const clock = this.#clock;
    const told = this.traffic.get(number) ?? [];
    this.traffic.set(number, told);
    told.push(`${clock.nowMs()} ${role.scenario.name} connects with ${new TextDecoder().decode(payload)}`);
    const session = new PlayedSession(listener, payload, () => clock.nowMs());
    const send = session.send.bind(session);
    session.send = (pipelineId, bytes) => {
      told.push(`${clock.nowMs()} ${pipelineId} ${hex(bytes)}`);
      if (bytes.length === 32) clock.at(clock.nowMs() + 11, () => session.isEnded || session.says(ANSWER));
      return send(pipelineId, bytes);
    };
    clock.at(clock.nowMs() + 5 + (number % 7), () => session.isEnded || session.accepts());
    return session;
  }
}

function played(profile: Profile, clients: readonly PlannedClient[]): Traffic {
  const { clock, queue } = virtualScheduler();
  const options = {
    profile,
    clients,
    plannedClients: runPlan(profile).clients.length,
    url: profile.target,
    address: undefined,
    originMs: 0,
    originEpochMs: EPOCH_MS,
    scheduler: queue,
    transportFactory: () => {
      throw new Error("no socket is to be opened");
    },
    newToken: () => new Uint8Array(8),
    onDone: () => undefined,
    onFailed: () => undefined,
    onLog: () => undefined,
  };
  const pool = new NotingPool(options, clock);
  clock.advanceTo(PLAY_MS);
  return pool.traffic;
}

/** Every process by itself, its clients on so many threads. */
function playedInShards(profile: Profile, count: number, workers: number): Traffic[] {
  return Array.from({ length: count }, (_, index) => {
    const shard: Shard = { index, count };
    const { clients } = runPlan(profile, shard);
    const threads = Array.from({ length: workers }, (_, thread) => ({ index: thread, count: workers }));
    return new Map(threads.flatMap((thread) => [...played(profile, shareOfClients(clients, thread))]));
  });
}

const byNumber = (traffic: Iterable<[number, string[]]>): [number, string[]][] =>
  [...traffic].sort(([a], [b]) => a - b);

const LOAD = fc.record({
  clients: fc.integer({ min: 1, max: 16 }),
  seed: fc.nat(100_000),
  leaves: fc.boolean(),
  shards: fc.integer({ min: 1, max: 10 }),
  workers: fc.integer({ min: 1, max: 2 }),
});

describe("shards", () => {
  it("make together the connections, payloads and send times of the whole run", () => {
    fc.assert(
      fc.property(LOAD, ({ clients, seed, leaves, shards, workers }) => {
        const profile = profileOf(clients, seed, leaves);
        const whole = byNumber(played(profile, runPlan(profile).clients));
        const parts = playedInShards(profile, shards, workers);
        expect(whole.map(([number]) => number)).toEqual(Array.from({ length: clients }, (_, number) => number));
        expect(byNumber(parts.flatMap((traffic) => [...traffic]))).toEqual(whole);
      }),
      propertyParameters("traffic of shards", 10),
    );
  });

  it("share the rows of a unique feeder without overlap, each with its client", () => {
    const profile = profileOf(20, 7, false);
    const rows = playedInShards(profile, 10, 2).map((traffic) =>
      [...traffic].flatMap(([number, told]) => {
        const name = /fighter connects with player(\d+)$/.exec(told[0]!)?.[1];
        return name === undefined ? [] : [[number, Number(name)] as const];
      }),
    );
    const all = rows.flat();
    expect(all.length).toBe(15);
    expect(new Set(all.map(([, row]) => row)).size).toBe(all.length);
    expect(all.filter(([number, row]) => number !== row)).toEqual([]);
  });

  it("would differ with another seed", () => {
    const [one, other] = [1, 2].map((seed) => playedInShards(profileOf(8, seed, false), 2, 1).map(byNumber));
    expect(one).not.toEqual(other);
  });
});
