// The rule of every single value, once, for profiles, flags and environment variables alike. A failing value's message is
// the rule as words that follow "must be".
import { z } from "zod";
import { REASON_NAMES } from "../protocol/disconnect-reason.js";
import { formatDuration, parseDuration } from "./duration.js";

export const MAX_CLIENTS = 1_000_000;
export const MAX_RATE_PER_SECOND = 1000;
export const MAX_WORKERS = 256;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Longest stage: a soak of a month. */
const MAX_STAGE_MS = 31 * DAY_MS;
const MAX_SEED = 0xffff_ffff;

function integer(min: number, max: number, of = "an integer") {
  const error = `${of} from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A text that becomes a value; JSON Schema carries the pattern, `convert` refuses what the pattern cannot. */
function converted<Value>(regex: RegExp, error: string, convert: (text: string) => Value | undefined) {
  return pattern(regex, error).transform((text, context): Value => {
    const value = convert(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
}

function pattern(regex: RegExp, error: string) {
  return z.string({ error }).regex(regex, { error, abort: true });
}

function duration(minMs: number, maxMs: number) {
  const error = `a duration such as 10s, 500ms or 1m30s, from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return converted(DURATION, error, (text) => durationWithin(text, minMs, maxMs));
}

function durationWithin(text: string, minMs: number, maxMs: number): number | undefined {
  const durationMs = parseDuration(text);
  return durationMs !== undefined && durationMs >= minMs && durationMs <= maxMs ? durationMs : undefined;
}

const DURATION = /^(?:0|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/;
const RAMP = /^(?:0|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+|\d+(?:\.\d+)?\/s)$/;
const PING_INTERVAL = /^(?:unity|off|0|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/;
const INTERVAL = /^(?:(?:\d+(?:\.\d+)?(?:ms|s|m|h))+|\d+(?:\.\d+)?\/s)$/;
const ARRIVALS = /^\d+(?:\.\d+)?\/s$/;
const PERCENT = /^\d+(?:\.\d+)?%$/;
const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const PAYLOAD = /^(?:hex:(?:[0-9a-fA-F]{2})*|utf8:.*|file:.+)$/s;
const NAME_RULE = "1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit";
const RAMP_RULE = `a duration such as 10s, up to ${formatDuration(MAX_STAGE_MS)}, or clients a second such as 500/s`;
const ARRIVALS_RULE = `clients a second such as 5/s, above 0 and up to ${MAX_CLIENTS}/s`;
const PERCENT_RULE = "a percentage from 0% to 100%, such as 1%";
const INTERVAL_RULE = "a duration from 1ms to 1h such as 33ms, or times a second such as 60/s";
const PING_RULE = "a duration from 10ms to 1h such as 5s, or unity, or off";

/** How the load comes up: within a time, or so many clients a second. */
export type Ramp = { readonly durationMs: number } | { readonly clientsPerSecond: number };
/** `unity`: only where and when Unity's client pings; `off`: no pings of ours. */
export type PingInterval = { readonly intervalMs: number } | "unity" | "off";

function rampOf(text: string): Ramp | undefined {
  if (!text.endsWith("/s")) {
    const durationMs = durationWithin(text, 0, MAX_STAGE_MS);
    return durationMs === undefined ? undefined : { durationMs };
  }
  const clientsPerSecond = Number(text.slice(0, -2));
  return clientsPerSecond > 0 && clientsPerSecond <= MAX_CLIENTS ? { clientsPerSecond } : undefined;
}

function arrivalsOf(text: string): number | undefined {
  const perSecond = Number(text.slice(0, -2));
  return perSecond > 0 && perSecond <= MAX_CLIENTS ? perSecond : undefined;
}

function everyMsOf(text: string): number | undefined {
  if (!text.endsWith("/s")) return durationWithin(text, 1, HOUR_MS);
  const intervalMs = 1000 / Number(text.slice(0, -2));
  return intervalMs >= 1 && intervalMs <= HOUR_MS ? intervalMs : undefined;
}

function pingIntervalOf(text: string): PingInterval | undefined {
  if (text === "unity" || text === "off") return text;
  const intervalMs = durationWithin(text, 10, HOUR_MS);
  return intervalMs === undefined ? undefined : { intervalMs };
}

function shareOf(text: string): number | undefined {
  const percent = Number(text.slice(0, -1));
  return percent <= 100 ? percent / 100 : undefined;
}

const RATE_RULE = `a number from 0 to ${MAX_RATE_PER_SECOND}, messages a second per client`;
const PAYLOAD_RULE = "hex: and an even number of hex digits, utf8: and a text, or file: and a path";
const TEXT_RULE = "a text, in quotes where it looks like a number";
const YES_NO_RULE = "true or false";
const HEX_RULE = "an even number of hex digits, such as '07ff'";
const SCRIPT_RULE = "the path of a .mjs or .js file beside the profile";
const FILE_RULE = "the path of a file beside the profile";
const VARIABLE_NAME_RULE = "1 to 64 letters, digits, dashes or underscores, the first a letter or underscore";
const METRIC_NAME_RULE = "a name of 1 to 64 small letters, digits and underscores, the first a letter";
const PIPELINE_RULE = "the number of a pipeline from 0 to 255, or the name of one of its preset, such as reliable";
const WEIGHT_RULE = "a number above 0, up to 1000000";
const FACTOR_RULE = "a number from 1 to 100";
/** A connection that a player ends is not lost, and a broken script would only break again. */
const LOST_REASONS = REASON_NAMES.filter((name) => !["ClosedByClient", "ScriptError", "Cancelled"].includes(name));
/** Largest message that a fragmented pipeline can carry. */
const MAX_MESSAGE_BYTES = 24_115_775;

/** What texts of these patterns are called, for the page about profiles. */
export const PATTERN_WORDS: ReadonlyMap<string, string> = new Map([
  [DURATION.source, "duration"],
  [RAMP.source, "duration or `N/s`"],
  [INTERVAL.source, "duration or `N/s`"],
  [ARRIVALS.source, "`N/s`"],
  [PING_INTERVAL.source, "duration, `unity` or `off`"],
  [PERCENT.source, "percentage"],
  [HEX.source, "hex digits"],
]);

/** One schema a value. Profiles add descriptions and defaults, flags feed them what was typed. */
export const FIELDS = {
  name: pattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, NAME_RULE),
  target: z.string({ error: "a ws:// or wss:// URL, or embedded" }),
  client: z.enum(["patient", "native", "webgl"], { error: "one of patient, native and webgl" }),
  clients: integer(1, MAX_CLIENTS),
  stageClients: integer(0, MAX_CLIENTS),
  stageDuration: duration(0, MAX_STAGE_MS),
  duration: duration(1, MAX_STAGE_MS),
  ramp: converted(RAMP, RAMP_RULE, rampOf),
  arrivals: converted(ARRIVALS, ARRIVALS_RULE, arrivalsOf),
  ratePerSecond: z
    .number({ error: RATE_RULE })
    .min(0, { error: RATE_RULE })
    .max(MAX_RATE_PER_SECOND, { error: RATE_RULE }),
  payloadBytes: integer(0, MAX_MESSAGE_BYTES, "a whole number of bytes"),
  warmup: duration(0, MAX_STAGE_MS),
  seed: integer(0, MAX_SEED),
  connectTimeout: duration(1, HOUR_MS),
  heartbeat: duration(0, HOUR_MS),
  disconnectTimeout: duration(0, 24 * HOUR_MS),
  maxMessageSize: integer(64, 1472, "a whole number of bytes"),
  maxConnectAttempts: integer(1, 10_000),
  updateHz: integer(1, 1000),
  pingInterval: converted(PING_INTERVAL, PING_RULE, pingIntervalOf),
  connectPayload: pattern(PAYLOAD, PAYLOAD_RULE),
  caFile: z.string({ error: "the path of a PEM file" }).min(1, { error: "the path of a PEM file" }),
  localAddress: z.string({ error: "an IP address of this machine" }),
  gracefulStop: duration(0, HOUR_MS),
  workers: integer(1, MAX_WORKERS),
  barrierTimeout: duration(1, 24 * HOUR_MS),
  tickHz: integer(0, 1000),
  queuePackets: integer(2, 65_536),
  latency: duration(0, 60_000),
  share: converted(PERCENT, PERCENT_RULE, shareOf),
  maxConnections: integer(1, MAX_CLIENTS),
  folder: z.string().min(1, { error: "the path of a folder" }),
  text: z.string({ error: TEXT_RULE }),
  yesNo: z.boolean({ error: YES_NO_RULE }),
  yes: z.literal(true, { error: "true" }),
  hex: pattern(HEX, HEX_RULE),
  filePath: z.string({ error: FILE_RULE }).min(1, { error: FILE_RULE }),
  scriptPath: pattern(/\.m?js$/, SCRIPT_RULE),
  metricKind: z.enum(["counter", "gauge", "trend"], { error: "one of counter, gauge and trend" }),
  variableName: pattern(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, VARIABLE_NAME_RULE),
  metricName: pattern(/^[a-z][a-z0-9_]{0,63}$/, METRIC_NAME_RULE),
  pipelineRef: z.union([integer(0, 255), pattern(/^[A-Za-z][A-Za-z0-9]{0,63}$/, PIPELINE_RULE)], {
    error: PIPELINE_RULE,
  }),
  payloadCapacity: integer(1, MAX_MESSAGE_BYTES, "a whole number of bytes"),
  window: integer(1, 2040, "a number of packets"),
  resendTime: duration(1, 60_000),
  initialMask: z.enum(["ones", "zeros"], { error: "ones or zeros" }),
  bitCount: integer(1, 32),
  skipBytes: integer(1, MAX_MESSAGE_BYTES, "a whole number of bytes"),
  markedBytes: integer(16, MAX_MESSAGE_BYTES, "a whole number of bytes"),
  padToBytes: integer(1, MAX_MESSAGE_BYTES, "a whole number of bytes"),
  weight: z.number({ error: WEIGHT_RULE }).positive({ error: WEIGHT_RULE }).max(1_000_000, { error: WEIGHT_RULE }),
  every: converted(INTERVAL, INTERVAL_RULE, everyMsOf),
  waitTime: duration(0, DAY_MS),
  recordDuration: duration(1, DAY_MS),
  expectTimeout: duration(1, HOUR_MS),
  times: integer(1, 1_000_000_000),
  reason: z
    .enum(LOST_REASONS as [string, ...string[]], { error: `one of ${LOST_REASONS.join(", ")}` })
    .meta({ id: "reason" }),
  reconnects: integer(1, 1_000_000),
  factor: z.number({ error: FACTOR_RULE }).min(1, { error: FACTOR_RULE }).max(100, { error: FACTOR_RULE }),
  feederOrder: z.enum(["unique", "cyclic", "random"], { error: "one of unique, cyclic and random" }),
} as const;
