// A run as the engine would give it, for tests of what reads results.
import type { Interval, RunResult } from "../../../src/engine/run-types.js";
import { encodeHistogram, newRecordingHistogram, recordMs } from "../../../src/metrics/histogram.js";
import type { TrendName } from "../../../src/metrics/names.js";
import { type Snapshot, SnapshotTotal } from "../../../src/metrics/snapshot.js";
import type { Profile } from "../../../src/profile/profile.js";
import { DEFAULT_PARAMETERS } from "../../../src/protocol/parameters.js";
import { buildSummary, type SummaryContext } from "../../../src/result/build-summary.js";
import type { Summary } from "../../../src/result/summary.js";

export const START_MS = Date.UTC(2026, 10, 23, 1, 46, 0);

export const PROFILE: Profile = {
  name: "smoke",
  target: "embedded",
  stages: [
    { durationMs: 1000, target: 100 },
    { durationMs: 9000, target: 100 },
  ],
  ratePerSecond: 10,
  payloadBytes: 64,
  pipelineId: 0,
  warmupMs: 0,
  seed: 1,
  client: "patient",
  updateHz: 60,
  parameters: DEFAULT_PARAMETERS,
  connectBudgetMs: 60_000,
  pingIntervalMs: 5000,
  headers: [],
  insecure: false,
  localAddresses: [],
  gracefulStopMs: 5000,
  thresholds: [],
};

export const CONTEXT: SummaryContext = {
  id: "smoke-20261123T014600Z",
  target: "ws://127.0.0.1:7777/",
  version: "0.1.0",
  node: "v20.19.0",
  workers: 1,
  processes: 1,
  shard: null,
};

/** 100 clients: 90 connected, 7 failed, 3 cancelled; of the 90, 85 left, 3 fell silent, 2 were alive at the end. */
export const SUMS: Record<string, number> = {
  clients_planned: 110,
  clients_started: 100,
  clients_connected_ever: 90,
  clients_failed: 7,
  clients_cancelled: 3,
  clients_alive_at_end: 2,
  connect_attempts: 100,
  connect_established: 90,
  connect_failed_attempts: 7,
  "connect_failures{reason:UpgradeTimeout}": 4,
  "connect_failures{reason:UpgradeRejected:503}": 3,
  disconnects: 88,
  "disconnects{reason:ClosedByClient}": 85,
  "disconnects{reason:Silence}": 3,
  "disconnects_unity{reason:Default}": 85,
  "disconnects_unity{reason:Timeout}": 3,
  "give_ups_native{reason:UpgradeTimeout}": 12,
  messages_planned: 9000,
  messages_sent: 8995,
  dropped_sends: 5,
  messages_received: 8990,
  messages_answered: 8980,
  bytes_sent: 8995 * 64,
  bytes_received: 8990 * 64,
  wire_bytes_sent: 8995 * 82,
  wire_bytes_received: 8990 * 78,
  protocol_drops: 1,
  "protocol_drops{why:unknownToken}": 1,
  "pipeline_sent{pipeline:0}": 8995,
  "pipeline_received{pipeline:0}": 8990,
};

export const TRENDS: Partial<Record<TrendName, number[]>> = {
  connect_tcp: [1, 2, 3],
  connect_upgrade: [10, 500, 1500],
  connect_utp: [12, 14, 16],
  connect_total: [25, 520, 1530],
  rtt: [5, 8, 11, 14, 40],
  rtt_uncorrected: [5, 7, 10, 13, 20],
  send_lag: [0, 0.1, 0.2, 1.5],
  session_duration: [9000, 9500],
};

export function snapshotOf(
  sums: Record<string, number>,
  trends: Partial<Record<TrendName, readonly number[]>> = {},
  connected = 0,
): Snapshot {
  const encoded: Partial<Record<TrendName, string>> = {};
  for (const [name, valuesMs] of Object.entries(trends)) {
    const histogram = newRecordingHistogram();
    for (const valueMs of valuesMs) recordMs(histogram, valueMs);
    encoded[name as TrendName] = encodeHistogram(histogram);
  }
  return { sums, gauges: { clients_connected: connected }, trends: encoded };
}

export function totalOf(...snapshots: Snapshot[]): SnapshotTotal {
  const total = new SnapshotTotal();
  for (const snapshot of snapshots) total.add(snapshot);
  return total;
}

/** Second `index` of a run, from 0. */
export function intervalOf(index: number, snapshot: Snapshot, phase: Interval["phase"] = "hold"): Interval {
  return {
    startMs: START_MS + index * 1000,
    endMs: START_MS + (index + 1) * 1000,
    elapsedMs: (index + 1) * 1000,
    phase,
    isWarmup: false,
    total: totalOf(snapshot),
    cpuMs: 420,
    cpuPercent: 42,
    rssBytes: 150e6,
    outcomes: [],
  };
}

export function resultOf(changes: Partial<RunResult> = {}, sums: Record<string, number> = {}): RunResult {
  const whole = totalOf(snapshotOf({ ...SUMS, ...sums }, TRENDS));
  return {
    end: "completed",
    why: undefined,
    startedAtMs: START_MS,
    endedAtMs: START_MS + 10_000,
    whole,
    measured: whole,
    measuredSeconds: 10,
    peakConnected: 90,
    laggingSeconds: 0,
    lagLimitMs: 25,
    cpuSeconds: 4.2,
    cpuPercent: 42,
    maxRssBytes: 150e6,
    cpu: undefined,
    maxBacklogBytes: 0,
    firstTroubleMs: undefined,
    outcomes: [],
    ...changes,
  };
}

export function summaryOf(
  changes: Partial<RunResult> = {},
  sums: Record<string, number> = {},
  profile: Partial<Profile> = {},
): Summary {
  return buildSummary(resultOf(changes, sums), { ...PROFILE, ...profile }, CONTEXT);
}
