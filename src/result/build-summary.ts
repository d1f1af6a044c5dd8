// Turns what a run measured into its summary. Pure: it reads no file, no clock and no machine.
import type { RunResult } from "../engine/run-types.js";
import { countAbove, distributionOf } from "../metrics/distribution.js";
import type { TrendName } from "../metrics/names.js";
import type { SnapshotTotal } from "../metrics/snapshot.js";
import { evaluateThresholds } from "../metrics/thresholds.js";
import type { Profile } from "../profile/profile.js";
import { type Shard, shardText } from "./run-file.js";
import type { Distribution, PipelineCounts, Summary } from "./summary.js";
import { type GeneratorFacts, generatorTrust, verdictOf } from "./verdict.js";

/** What the run itself does not know. */
export interface SummaryContext {
  readonly id: string;
  /** The URL that was loaded, where the profile says `embedded`. */
  readonly target: string;
  /** Of utp-load, and Node's. */
  readonly version: string;
  readonly node: string;
  readonly workers: number;
  readonly processes: number;
  /** Null: the whole load. */
  readonly shard: Shard | null;
}

/**
 * The summary of a run. Clients, connections and disconnects are of the whole run, so that their books balance; messages,
 * distributions and thresholds of the measured part, without the warm-up. `diagnosis` is empty: `diagnose` (src/analysis) reads the
 * summary to make it.
 *
 * @throws {UsageError} If a threshold of the profile cannot be read.
 */
export function buildSummary(result: RunResult, profile: Profile, context: SummaryContext): Summary {
  const { whole, measured } = result;
  const clients = clientsOf(result);
  // Those of a shard are judged on the whole: a part of the load says nothing of what all of it counts.
  const judged = context.shard === null ? profile.thresholds : [];
  const thresholds = evaluateThresholds(judged, measured, result.measuredSeconds);
  const generator = generatorOf(result, context.workers);
  return {
    schema: "utp-load/summary@1",
    run: runOf(result, profile, context),
    partial: result.end !== "completed",
    clients,
    connect: connectOf(whole, measured),
    messages: messagesOf(measured),
    latencyMs: {
      rtt: trend(measured, "rtt"),
      rttUncorrected: trend(measured, "rtt_uncorrected"),
      ping: trend(measured, "ping"),
      pipelineRtt: trend(measured, "pipeline_rtt"),
      serverInterval: trend(measured, "server_interval"),
      sendLag: trend(measured, "send_lag"),
      sessionDuration: trend(measured, "session_duration"),
    },
    checks: { passed: measured.sum("checks_passed"), failed: measured.sum("checks_failed") },
    disconnects: {
      total: whole.sum("disconnects"),
      byReason: whole.byTag("disconnects", "reason"),
      byUnityReason: whole.byTag("disconnects_unity", "reason"),
      reconnects: whole.sum("reconnects"),
    },
    generator,
    thresholds,
    diagnosis: [],
    verdict: verdictOf(generator.trust, thresholds, clients),
  };
}

function trend(total: SnapshotTotal, name: TrendName): Distribution {
  return distributionOf(total.trend(name));
}

function runOf(result: RunResult, profile: Profile, context: SummaryContext): Summary["run"] {
  return {
    id: context.id,
    profile: profile.name,
    target: context.target,
    startedAt: new Date(result.startedAtMs).toISOString(),
    endedAt: new Date(result.endedAtMs).toISOString(),
    durationMs: Math.round(result.endedAtMs - result.startedAtMs),
    measuredMs: Math.round(result.measuredSeconds * 1000),
    seed: profile.seed,
    version: context.version,
    node: context.node,
    workers: context.workers,
    processes: context.processes,
    shard: context.shard === null ? null : shardText(context.shard),
    client: profile.client,
    adjusted: result.whole.sum("run_adjustments") > 0,
  };
}

function clientsOf({ whole, peakConnected }: RunResult): Summary["clients"] {
  const planned = whole.sum("clients_planned");
  const started = whole.sum("clients_started");
  return {
    planned,
    notStarted: planned - started,
    started,
    connected: whole.sum("clients_connected_ever"),
    failed: whole.sum("clients_failed"),
    cancelled: whole.sum("clients_cancelled"),
    peakConnected,
    aliveAtEnd: whole.sum("clients_alive_at_end"),
  };
}

function connectOf(whole: SnapshotTotal, measured: SnapshotTotal): Summary["connect"] {
  return {
    attempts: whole.sum("connect_attempts"),
    established: whole.sum("connect_established"),
    failed: whole.sum("connect_failed_attempts"),
    failures: whole.byTag("connect_failures", "reason"),
    latencyMs: {
      tcp: trend(measured, "connect_tcp"),
      tls: trend(measured, "connect_tls"),
      upgrade: trend(measured, "connect_upgrade"),
      utp: trend(measured, "connect_utp"),
      total: trend(measured, "connect_total"),
    },
    wouldHaveGivenUp: {
      native: whole.byTag("give_ups_native", "reason"),
      webgl: whole.byTag("give_ups_webgl", "reason"),
    },
  };
}

function messagesOf(measured: SnapshotTotal): Summary["messages"] {
  return {
    planned: measured.sum("messages_planned"),
    sent: measured.sum("messages_sent"),
    received: measured.sum("messages_received"),
    dropped: measured.sum("dropped_sends"),
    answered: measured.sum("messages_answered"),
    payloadBytesSent: measured.sum("bytes_sent"),
    payloadBytesReceived: measured.sum("bytes_received"),
    wireBytesSent: measured.sum("wire_bytes_sent"),
    wireBytesReceived: measured.sum("wire_bytes_received"),
    protocolDrops: measured.byTag("protocol_drops", "why"),
    perPipeline: perPipelineOf(measured),
  };
}

function perPipelineOf(measured: SnapshotTotal): Record<string, PipelineCounts> {
  const sent = measured.byTag("pipeline_sent", "pipeline");
  const received = measured.byTag("pipeline_received", "pipeline");
  const of = (name: string, pipeline: string): number => measured.sum(`pipeline_${name}{pipeline:${pipeline}}`);
  const names = [...new Set([...Object.keys(sent), ...Object.keys(received)])].sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        sent: sent[name] ?? 0,
        received: received[name] ?? 0,
        resent: of("resent", name),
        duplicates: of("duplicates", name),
        dropped: of("dropped", name),
        outOfWindow: of("out_of_window", name),
        reassembled: of("reassembled", name),
      },
    ]),
  );
}

function generatorOf(result: RunResult, workers: number): Summary["generator"] {
  const { measured, cpu } = result;
  const facts = generatorFacts(result, workers);
  const { trust, saturated, why } = generatorTrust(facts);
  return {
    saturated,
    trust,
    why,
    cpuSeconds: Math.round(result.cpuSeconds * 1000) / 1000,
    cpuPercent: tenths(result.cpuPercent),
    eventLoopDelayMs: distributionOf(measured.eventLoopDelay),
    // What shows only in the sums of the whole run was there from its beginning.
    troubleSinceSecond: trust === "trusted" ? null : Math.floor((result.firstTroubleMs ?? 0) / 1000),
    gcPauseMs: distributionOf(measured.gcPauses),
    workerCpuPercent: (cpu?.workerPercent ?? []).map(tenths),
    machineCpuPercent: cpu === undefined ? null : tenths(cpu.machinePercent),
    lateSends: countAbove(measured.trend("send_lag"), result.lagLimitMs),
    droppedSends: facts.messagesDropped - facts.droppedByServer - facts.droppedByWindow,
    socketBacklogBytes: result.maxBacklogBytes ?? 0,
    maxRssBytes: result.maxRssBytes,
  };
}

function generatorFacts(result: RunResult, workers: number): GeneratorFacts {
  const { whole, measured } = result;
  return {
    messagesPlanned: measured.sum("messages_planned"),
    messagesDropped: measured.sum("dropped_sends"),
    droppedByServer: measured.sum("dropped_sends{why:serverNotReading}"),
    droppedByWindow: measured.sum("dropped_sends{why:windowFull}"),
    laggingSeconds: result.laggingSeconds,
    lagLimitMs: result.lagLimitMs,
    sendLagP99Ms: trend(measured, "send_lag").p99,
    eventLoopDelayP99Ms: distributionOf(measured.eventLoopDelay).p99,
    cpuPercent: result.cpuPercent,
    workers,
    localFailures: whole.sum("connect_failures{reason:LocalResourceLimit}"),
    lost: result.end === "generatorLost" ? (result.why ?? "a worker ended") : undefined,
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
