// A whole run on a virtual clock: plan, client pool, server core, seconds, summary and diagnosis, all of the code that a real run has
// but threads and sockets. No sleep; minutes pass in moments.

import { type Observations, seriesPointOf } from "../../src/analysis/observations.js";
import { summarize } from "../../src/analysis/summarize.js";
import { ClientPool } from "../../src/engine/client-pool.js";
import { RunRecord } from "../../src/engine/run-record.js";
import type { Interval, RunResult } from "../../src/engine/run-types.js";
import type { Profile } from "../../src/profile/profile.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../../src/protocol/parameters.js";
import type { Summary } from "../../src/result/summary.js";
import type { ServerBehaviour } from "../../src/server/server-options.js";
import type { ServerStats } from "../../src/server/server-stats.js";
import { DeadlineQueue, type Waker } from "../../src/time/deadline-queue.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { makePlan } from "../../src/workload/plan.js";
import type { AppliedDelays } from "./applied-delays.js";
import { VirtualClock } from "./virtual-clock.js";
import { VirtualNetwork } from "./virtual-network.js";

const SECOND_MS = 1000;
const EPOCH_MS = Date.UTC(2026, 10, 23);
/** Moment of the plan's start on the virtual clock. */
export const ORIGIN_MS = 1000;

export interface VirtualRunOptions {
  readonly server?: ServerBehaviour;
  readonly clients: number;
  readonly rampMs?: number;
  readonly holdMs: number;
  readonly profile?: Partial<Omit<Profile, "parameters" | "stages">>;
  readonly parameters?: Partial<UtpParameters>;
  /** Of the network, one way; default 0.5 ms. */
  readonly delayMs?: number;
  /** Without a tick, how often the server looks at its clock; default 1 ms. */
  readonly stepMs?: number;
  /** Keep what the server did to each message. */
  readonly isWatched?: boolean;
  /** The generator's thread does nothing in this time of the plan. */
  readonly blocked?: { readonly fromMs: number; readonly toMs: number };
  /** A person holds the run in this time of the plan. */
  readonly paused?: { readonly fromMs: number; readonly toMs: number };
  /** Called once before the run; `at` calls back at a time of the plan. */
  readonly script?: (network: VirtualNetwork, at: (planMs: number, act: () => void) => void) => void;
}

export interface VirtualRun {
  readonly result: RunResult;
  readonly summary: Summary;
  readonly intervals: readonly Interval[];
  readonly observations: Observations;
  /** Codes of the diagnosis, the gravest first. */
  readonly codes: readonly string[];
  readonly stats: ServerStats;
  readonly applied: AppliedDelays;
}

/** Plays a run to its end. */
export function virtualRun(options: VirtualRunOptions): VirtualRun {
  const clock = new VirtualClock();
  const clientTime = (atMs: number): number => unblocked(options.blocked, atMs);
  const network = new VirtualNetwork(clock, {
    server: { echo: true, ...options.server },
    delayMs: options.delayMs ?? 0.5,
    stepMs: options.stepMs ?? 1,
    isWatched: options.isWatched === true,
    clientTime,
  });
  options.script?.(network, (planMs, act) => clock.at(ORIGIN_MS + planMs, act));
  const profile = profileOf(options);
  const queue = new DeadlineQueue(clock, new LateWaker(clock, clientTime));
  const { result, intervals } = play(profile, clock, queue, network, clientTime, options.paused);
  const context = { ...CONTEXT, target: profile.target };
  // What this test's own process takes of the machine is no matter of the run.
  const series = intervals.map(seriesPointOf);
  const summary = summarize({ ...result, cpuPercent: 0 }, profile, context, series);
  const observations = { profile, series, outcomes: result.outcomes };
  const codes = summary.diagnosis.map(({ code }) => code);
  return { result, summary, intervals, observations, codes, stats: network.core.stats(), applied: network.applied };
}

const ENDED = { end: "completed", why: undefined } as const;
const CONTEXT = { id: "virtual", version: "test", node: "test", workers: 1, processes: 1, shard: null };

function play(
  profile: Profile,
  clock: VirtualClock,
  queue: DeadlineQueue,
  network: VirtualNetwork,
  clientTime: (atMs: number) => number,
  paused: VirtualRunOptions["paused"],
): { result: RunResult; intervals: Interval[] } {
  const plan = makePlan(profile.stages);
  const record = new RunRecord(profile, plan, 1, EPOCH_MS);
  let isDone = false;
  clock.advanceTo(ORIGIN_MS);
  const pool = new ClientPool({
    profile,
    clients: plan.clients,
    plannedClients: plan.clients.length,
    url: profile.target,
    address: undefined,
    originMs: ORIGIN_MS,
    originEpochMs: EPOCH_MS,
    scheduler: queue,
    transportFactory: () => new WebSocketTransport({ connectSocket: () => network.newSocket() }),
    newToken: tokens(),
    onDone: () => {
      isDone = true;
    },
    onFailed: () => undefined,
    onLog: () => undefined,
  });
  if (paused !== undefined) {
    clock.at(ORIGIN_MS + paused.fromMs, () => pool.pauseAll());
    clock.at(ORIGIN_MS + paused.toMs, () => pool.resumeAll());
  }
  const intervals: Interval[] = [];
  const cutMs = plan.durationMs + profile.gracefulStopMs;
  for (let planMs = SECOND_MS; ; planMs += SECOND_MS) {
    clock.advanceTo(ORIGIN_MS + Math.min(planMs, cutMs));
    if (planMs >= cutMs) pool.cutAll();
    const isLast = isDone || planMs >= cutMs;
    // A thread that is blocked does not answer: its figures come with a later second.
    const isBlocked = !isLast && clientTime(clock.nowMs()) > clock.nowMs();
    const parts = isBlocked ? [] : [{ index: 0, snapshot: pool.takeSnapshot() }];
    const nowMs = EPOCH_MS + clock.nowMs() - ORIGIN_MS;
    const isStopping = planMs > plan.durationMs;
    intervals.push(isLast ? record.addLast(parts, nowMs, isStopping, ENDED, []) : record.add(parts, nowMs, isStopping));
    if (isLast) break;
  }
  queue.stop();
  return { result: { ...record.figures(), ...ENDED }, intervals };
}

function profileOf({ clients, rampMs = 1000, holdMs, profile, parameters }: VirtualRunOptions): Profile {
  return {
    name: "virtual",
    target: "ws://127.0.0.1:7777/",
    stages: [
      { durationMs: rampMs, target: clients },
      { durationMs: holdMs, target: clients },
    ],
    ratePerSecond: 10,
    payloadBytes: 64,
    pipelineId: 0,
    warmupMs: 0,
    seed: 1,
    client: "patient",
    updateHz: 60,
    parameters: { ...DEFAULT_PARAMETERS, ...parameters },
    connectBudgetMs: 60_000,
    pingIntervalMs: 5000,
    headers: [],
    insecure: false,
    localAddresses: [],
    gracefulStopMs: 5000,
    thresholds: [],
    ...profile,
  };
}

function unblocked(blocked: VirtualRunOptions["blocked"], atMs: number): number {
  if (blocked === undefined) return atMs;
  const isBlocked = atMs >= ORIGIN_MS + blocked.fromMs && atMs < ORIGIN_MS + blocked.toMs;
  return isBlocked ? ORIGIN_MS + blocked.toMs : atMs;
}

/** Different for each connection, the same in each run. */
function tokens(): () => Uint8Array {
  let count = 0;
  return () => {
    count++;
    return Uint8Array.of(0xc1, 0, 0, 0, 0, count >> 16, (count >> 8) & 0xff, count & 0xff);
  };
}

/** The queue's timer on a thread that may be blocked. */
class LateWaker implements Waker {
  readonly #clock: VirtualClock;
  readonly #clientTime: (atMs: number) => number;
  #cancel: (() => void) | undefined;

  constructor(clock: VirtualClock, clientTime: (atMs: number) => number) {
    this.#clock = clock;
    this.#clientTime = clientTime;
  }

  wake(delayMs: number, callback: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#clock.at(this.#clientTime(this.#clock.nowMs() + delayMs), callback);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
