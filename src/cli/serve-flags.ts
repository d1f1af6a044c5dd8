// The flags of `serve`, from text to the settings of a server. Reads the files that they name and nothing else; opens no port.
import { readFileSync } from "node:fs";
import { FIELDS } from "../profile/fields.js";
import { UNITY_LIMITS, type UnityLimit } from "../server/server-options.js";
import type { UtpServerOptions } from "../server/utp-server.js";
import { flagReader, type GivenFlags } from "./flag-reader.js";
import { checkTogether, globalSimulatorOf, malformationsOf, stageSimulatorOf } from "./serve-simulators.js";
import { typedPipelines } from "./typed-pipelines.js";

export type ServeFlags = GivenFlags;

/** What the layers below (14) and a message's own header (10) take of the message size. */
const RESERVED_BYTES = 24;
/** Of what is left, an Accept's payload is this much smaller. */
const HANDSHAKE_EXTRA_BYTES = 15;
const { text, field, whole, wrong } = flagReader("serve");
const PATH = /^\/[\x21-\x7e]{0,124}$/;

/** @throws {UsageError} That names the flag, its rule and the value. */
export function serverOptions(flags: ServeFlags): UtpServerOptions {
  const tickHz = field(flags, "tick", FIELDS.tickHz) ?? 60;
  const maxMessageSize = field(flags, "max-message-size", FIELDS.maxMessageSize) ?? 1400;
  const largestBytes = maxMessageSize - RESERVED_BYTES;
  const options: UtpServerOptions = {
    port: whole(flags, "port", 0, 65_535) ?? 7777,
    host: text(flags, "host") ?? "127.0.0.1",
    path: path(flags),
    tickHz,
    limits: limits(flags, tickHz),
    echo: flags.echo === true,
    parameters: {
      maxMessageSize,
      ...defined("heartbeatTimeoutMs", field(flags, "heartbeat", FIELDS.heartbeat)),
      ...defined("disconnectTimeoutMs", field(flags, "disconnect-timeout", FIELDS.disconnectTimeout)),
    },
    faults: {
      latencyMs: field(flags, "latency", FIELDS.latency) ?? 0,
      jitterMs: field(flags, "jitter", FIELDS.latency) ?? 0,
      dropRatio: field(flags, "drop", FIELDS.share) ?? 0,
      duplicateRatio: field(flags, "duplicate", FIELDS.share) ?? 0,
      ...defined("stall", stall(flags)),
    },
    ...defined(
      "pipelines",
      listed(flags, "pipelines", (given) => typedPipelines(given, "serve")),
    ),
    ...defined("globalSimulator", listed(flags, "global-simulator", globalSimulatorOf)),
    ...defined("stageSimulator", listed(flags, "stage-simulator", stageSimulatorOf)),
    ...defined("malform", listed(flags, "malform", malformationsOf)),
    ...defined("queuePackets", whole(flags, "queue", 2, 65_536)),
    ...defined("broadcast", broadcast(flags, largestBytes)),
    ...defined("maxConnections", whole(flags, "max-connections", 0, 1_000_000)),
    ...defined("kickAfterMs", field(flags, "kick-after", FIELDS.disconnectTimeout)),
    ...defined("acceptPayload", payload(flags, largestBytes - HANDSHAKE_EXTRA_BYTES)),
    ...defined("refuseWith", choice(flags, "refuse-with", ["disconnect", "close"] as const)),
    ...defined("earlyData", choice(flags, "early-data", ["queue", "drop"] as const)),
    ...defined("mtuProbes", choice(flags, "mtu-discovery", ["2.5.0", "2.5.2", "2.6.0"] as const)),
    ...defined("tls", tls(flags)),
    ...defined("seed", field(flags, "seed", FIELDS.seed)),
  };
  checkTogether(options);
  return options;
}

/** An optional setting: left out where nobody gave it. */
function defined<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

/** A flag whose value is a small language of its own. */
function listed<Value>(flags: ServeFlags, name: string, read: (given: string) => Value): Value | undefined {
  const given = text(flags, name);
  return given === undefined ? undefined : read(given);
}

function choice<Choice extends string>(
  flags: ServeFlags,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const given = text(flags, name);
  const chosen = choices.find((known) => known === given);
  if (given !== undefined && chosen === undefined) throw wrong(name, `one of ${choices.join(", ")}`, given);
  return chosen;
}

function path(flags: ServeFlags): string {
  const given = text(flags, "ws-path") ?? "/";
  if (PATH.test(given)) return given;
  throw wrong("ws-path", "a slash and at most 124 printable ASCII characters", given, "As in --ws-path /game");
}

function limits(flags: ServeFlags, tickHz: number): readonly UnityLimit[] {
  const given = text(flags, "limits");
  if (given === undefined) return tickHz > 0 ? UNITY_LIMITS : [];
  if (given === "none") return [];
  const names = given.split(",").map((name) => name.trim());
  const found = UNITY_LIMITS.filter((limit) => names.includes(limit));
  if (found.length !== new Set(names).size) {
    throw wrong("limits", `none, or some of ${UNITY_LIMITS.join(",")}`, given);
  }
  if (tickHz === 0) throw wrong("limits", "none with --tick 0, as they bite once per update", given, "Give --tick 60");
  return found;
}

function broadcast(flags: ServeFlags, largestBytes: number): UtpServerOptions["broadcast"] {
  const given = text(flags, "broadcast");
  if (given === undefined) return undefined;
  const [, bytes, hz] = /^(\d{1,9})@(\d+(?:\.\d+)?)$/.exec(given) ?? [];
  const payloadBytes = Number(bytes);
  const isRight = payloadBytes >= 1 && payloadBytes <= largestBytes && Number(hz) >= 0.001 && Number(hz) <= 1000;
  if (isRight) return { payloadBytes, hz: Number(hz) };
  throw wrong("broadcast", `BYTES@HZ, 1 to ${largestBytes} bytes, 0.001 to 1000 a second`, given, "As in 100@20");
}

function stall(flags: ServeFlags): { forMs: number; everyMs: number } | undefined {
  const given = text(flags, "stall");
  if (given === undefined) return undefined;
  const [forText, everyText, more] = given.split("@");
  const forMs = FIELDS.duration.safeParse(forText).data ?? 0;
  const everyMs = FIELDS.duration.safeParse(everyText).data ?? 0;
  if (more === undefined && forMs >= 1 && forMs < everyMs && everyMs <= 3_600_000) return { forMs, everyMs };
  throw wrong("stall", "FOR@EVERY, two durations, the first shorter than the second, up to 1h", given, "As in 1s@10s");
}

function payload(flags: ServeFlags, largestBytes: number): Uint8Array | undefined {
  const given = field(flags, "accept-payload", FIELDS.connectPayload);
  if (given === undefined) return undefined;
  const content = given.slice(given.indexOf(":") + 1);
  const bytes = given.startsWith("file:")
    ? contentOf("accept-payload", content)
    : Buffer.from(content, given.startsWith("hex:") ? "hex" : "utf8");
  if (bytes.length <= largestBytes) return bytes;
  throw wrong("accept-payload", `at most ${largestBytes} bytes, as in Unity`, `${bytes.length} bytes`);
}

function tls(flags: ServeFlags): UtpServerOptions["tls"] {
  const cert = text(flags, "tls-cert");
  const key = text(flags, "tls-key");
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw wrong("tls-cert", "given together with --tls-key", "nothing");
  if (key === undefined) throw wrong("tls-key", "given together with --tls-cert", "nothing");
  return { cert: contentOf("tls-cert", cert), key: contentOf("tls-key", key) };
}

function contentOf(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw wrong(name, "a file that can be read", file, `Reading it gave ${reason}`);
  }
}
