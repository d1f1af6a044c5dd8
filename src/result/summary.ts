// The shape of summary.json, "utp-load/summary@1". Types only; docs/results.md explains each field.
import type { ClientKind } from "../client/session-types.js";
import type { Distribution } from "../metrics/distribution.js";
import type { ThresholdResult } from "../metrics/thresholds.js";

export type { Distribution, ThresholdResult };

export type Counts = Record<string, number>;

export interface PipelineCounts {
  sent: number;
  received: number;
  resent: number;
  duplicates: number;
  dropped: number;
  outOfWindow: number;
  reassembled: number;
}

export interface Diagnosis {
  code: string;
  severity: "info" | "warning" | "error";
  message: string;
  evidence: string;
}

export type Verdict = "pass" | "fail" | "invalid";
export type Trust = "trusted" | "suspect" | "invalid";

export interface Summary {
  schema: "utp-load/summary@1";
  run: {
    id: string;
    profile: string;
    target: string;
    startedAt: string;
    endedAt: string;
    durationMs: number;
    /** Beyond the contract: length of the part that messages, distributions and thresholds are of (without the warm-up). */
    measuredMs: number;
    seed: number;
    version: string;
    node: string;
    workers: number;
    processes: number;
    shard: string | null;
    /** Beyond the contract: which client was imitated. */
    client: ClientKind;
    /** Beyond the contract: somebody paused it or changed the number of its clients while it ran. */
    adjusted: boolean;
  };
  partial: boolean;
  clients: {
    planned: number;
    notStarted: number;
    started: number;
    connected: number;
    failed: number;
    cancelled: number;
    peakConnected: number;
    aliveAtEnd: number;
  };
  connect: {
    attempts: number;
    established: number;
    failed: number;
    failures: Counts;
    latencyMs: { tcp: Distribution; tls: Distribution; upgrade: Distribution; utp: Distribution; total: Distribution };
    wouldHaveGivenUp: { native: Counts; webgl: Counts };
  };
  messages: {
    planned: number;
    sent: number;
    received: number;
    dropped: number;
    /** Beyond the contract: received messages that were answers to one of ours. */
    answered: number;
    payloadBytesSent: number;
    payloadBytesReceived: number;
    wireBytesSent: number;
    wireBytesReceived: number;
    protocolDrops: Counts;
    perPipeline: Record<string, PipelineCounts>;
  };
  latencyMs: {
    rtt: Distribution;
    rttUncorrected: Distribution;
    ping: Distribution;
    /** Beyond the contract: round trips that acks of reliable pipelines have shown. */
    pipelineRtt: Distribution;
    serverInterval: Distribution;
    sendLag: Distribution;
    sessionDuration: Distribution;
  };
  /** Beyond the contract: what `expect` steps waited for, and whether it came in time. */
  checks: { passed: number; failed: number };
  disconnects: { total: number; byReason: Counts; byUnityReason: Counts; reconnects: number };
  generator: {
    saturated: boolean;
    trust: Trust;
    why: string[];
    cpuSeconds: number;
    cpuPercent: number;
    eventLoopDelayMs: Distribution;
    /** Beyond the contract, as all below but the memory: the second of the run in which the trouble began; null: there was none. */
    troubleSinceSecond: number | null;
    /** Pauses of the workers' garbage collectors. */
    gcPauseMs: Distribution;
    /** By worker, percent of one core, and of all cores whoever uses them; null: not measured. */
    workerCpuPercent: number[];
    machineCpuPercent: number | null;
    /** Sends that left later than the limit of the send lag, and those that never left by the generator's own fault. */
    lateSends: number;
    droppedSends: number;
    /** Most bytes that waited on the socket of one client. */
    socketBacklogBytes: number;
    maxRssBytes: number;
  };
  thresholds: ThresholdResult[];
  diagnosis: Diagnosis[];
  verdict: Verdict;
}
