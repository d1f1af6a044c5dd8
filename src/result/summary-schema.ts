// JSON Schema (2020-12) of summary.json, "utp-load/summary@1". Data only; the types are in summary.ts, a test holds the two together.

const COUNT = { type: "integer", minimum: 0 };
const NUMBER = { type: "number", minimum: 0 };
const TEXT = { type: "string" };
const FLAG = { type: "boolean" };
const INSTANT = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" };
const COUNTS = { type: "object", additionalProperties: COUNT };
const DISTRIBUTION = { $ref: "#/$defs/distribution" };

/** An object that has all of these properties and no others. */
function exactly(properties: Record<string, object>): object {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

function oneOf(...values: string[]): object {
  return { type: "string", enum: values };
}

function each(names: readonly string[], schema: object): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, schema]));
}

const PIPELINE = exactly(
  each(["sent", "received", "resent", "duplicates", "dropped", "outOfWindow", "reassembled"], COUNT),
);

const RUN = exactly({
  ...each(["id", "profile", "target", "version", "node"], TEXT),
  startedAt: INSTANT,
  endedAt: INSTANT,
  durationMs: NUMBER,
  measuredMs: NUMBER,
  seed: { type: "number" },
  workers: COUNT,
  processes: COUNT,
  shard: { type: ["string", "null"] },
  client: oneOf("patient", "native", "webgl"),
  adjusted: FLAG,
});

const CONNECT = exactly({
  ...each(["attempts", "established", "failed"], COUNT),
  failures: COUNTS,
  latencyMs: exactly(each(["tcp", "tls", "upgrade", "utp", "total"], DISTRIBUTION)),
  wouldHaveGivenUp: exactly({ native: COUNTS, webgl: COUNTS }),
});

const MESSAGES = exactly({
  ...each(["planned", "sent", "received", "dropped", "answered"], COUNT),
  ...each(["payloadBytesSent", "payloadBytesReceived", "wireBytesSent", "wireBytesReceived"], COUNT),
  protocolDrops: COUNTS,
  perPipeline: { type: "object", additionalProperties: PIPELINE },
});

const GENERATOR = exactly({
  saturated: FLAG,
  trust: oneOf("trusted", "suspect", "invalid"),
  why: { type: "array", items: TEXT },
  cpuSeconds: NUMBER,
  cpuPercent: NUMBER,
  eventLoopDelayMs: DISTRIBUTION,
  troubleSinceSecond: { type: ["integer", "null"], minimum: 0 },
  gcPauseMs: DISTRIBUTION,
  workerCpuPercent: { type: "array", items: NUMBER },
  machineCpuPercent: { type: ["number", "null"], minimum: 0 },
  ...each(["lateSends", "droppedSends", "socketBacklogBytes"], COUNT),
  maxRssBytes: NUMBER,
});

/** Times in ms, `null` where there were no samples. */
const DISTRIBUTION_SHAPE = exactly({
  count: COUNT,
  ...each(["min", "mean", "max", "stdDev", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99"], {
    type: ["number", "null"],
    minimum: 0,
  }),
});

/** What every summary.json of this version obeys. */
export const SUMMARY_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "utp-load summary",
  ...exactly({
    schema: { type: "string", const: "utp-load/summary@1" },
    run: RUN,
    partial: FLAG,
    clients: exactly(
      each(
        ["planned", "notStarted", "started", "connected", "failed", "cancelled", "peakConnected", "aliveAtEnd"],
        COUNT,
      ),
    ),
    connect: CONNECT,
    messages: MESSAGES,
    latencyMs: exactly(
      each(
        ["rtt", "rttUncorrected", "ping", "pipelineRtt", "serverInterval", "sendLag", "sessionDuration"],
        DISTRIBUTION,
      ),
    ),
    checks: exactly(each(["passed", "failed"], COUNT)),
    disconnects: exactly({ total: COUNT, byReason: COUNTS, byUnityReason: COUNTS, reconnects: COUNT }),
    generator: GENERATOR,
    thresholds: {
      type: "array",
      items: exactly({ metric: TEXT, expression: TEXT, value: { type: ["number", "null"] }, ok: FLAG }),
    },
    diagnosis: {
      type: "array",
      items: exactly({
        code: TEXT,
        severity: oneOf("info", "warning", "error"),
        message: TEXT,
        evidence: TEXT,
      }),
    },
    verdict: oneOf("pass", "fail", "invalid"),
  }),
  $defs: { distribution: DISTRIBUTION_SHAPE },
} as const;
