// Unity's transport settings of a run, TLS, and the settings of the embedded server. Pure but for the files that are named.
import type { ClientKind } from "../client/session-types.js";
import { formatDuration } from "../profile/duration.js";
import { FIELDS, type PingInterval } from "../profile/fields.js";
import type { Profile } from "../profile/profile.js";
import { DEFAULT_PARAMETERS, type UtpParameters } from "../protocol/parameters.js";
import { readNamedFile } from "./resolve-file.js";
import type { EmbeddedServerSettings } from "./resolved-run.js";
import type { SettingReader } from "./setting-reader.js";
import type { Machine } from "./this-machine.js";

const PATIENT_BUDGET_MS = 60_000;
const PATIENT_PING_MS = 5000;

export type TransportSettings = Pick<Profile, "parameters" | "connectBudgetMs" | "pingIntervalMs" | "updateHz">;

export function resolveTransport(reader: SettingReader, client: ClientKind): TransportSettings {
  const isPatient = client === "patient";
  const unity = DEFAULT_PARAMETERS;
  const { value: connectTimeoutMs } = readDuration(
    reader,
    "connect-timeout",
    "connectTimeout",
    isPatient ? PATIENT_BUDGET_MS : unity.connectTimeoutMs,
  );
  const attempts = { key: "transport.maxConnectAttempts", field: FIELDS.maxConnectAttempts };
  const maxConnectAttempts = reader.read(attempts, unity.maxConnectAttempts, String(unity.maxConnectAttempts)).value;
  const discovery = { key: "transport.pathMtuDiscovery", field: FIELDS.yesNo };
  const parameters: UtpParameters = {
    ...unity,
    connectTimeoutMs: isPatient ? unity.connectTimeoutMs : connectTimeoutMs,
    maxConnectAttempts,
    heartbeatTimeoutMs: readDuration(reader, "heartbeat", "heartbeat", unity.heartbeatTimeoutMs).value,
    disconnectTimeoutMs: readDuration(reader, "disconnect-timeout", "disconnectTimeout", unity.disconnectTimeoutMs)
      .value,
    maxMessageSize: readMaxMessageSize(reader),
    performPathMtuDiscovery: reader.read(discovery, false, "false").value,
  };
  return {
    parameters,
    connectBudgetMs: isPatient ? connectTimeoutMs : connectTimeoutMs * maxConnectAttempts,
    pingIntervalMs: pingIntervalMs(reader, isPatient, parameters),
    updateHz: reader.read({ key: "transport.updateHz", field: FIELDS.updateHz }, 60, "60").value,
  };
}

function readDuration(
  reader: SettingReader,
  flag: "connect-timeout" | "heartbeat" | "disconnect-timeout",
  field: "connectTimeout" | "heartbeat" | "disconnectTimeout",
  fallbackMs: number,
) {
  const spec = { flag, key: `transport.${field}`, field: FIELDS[field] };
  return reader.read(spec, fallbackMs, formatDuration(fallbackMs));
}

function readMaxMessageSize(reader: SettingReader): number {
  const spec = { flag: "max-message-size", key: "transport.maxMessageSize", field: FIELDS.maxMessageSize } as const;
  return reader.read(spec, DEFAULT_PARAMETERS.maxMessageSize, String(DEFAULT_PARAMETERS.maxMessageSize)).value;
}

/** `native` pings by Unity's rule anyway and `webgl` never; a patient client that is to ping like Unity's does so every heartbeat. */
function pingIntervalMs(reader: SettingReader, isPatient: boolean, parameters: UtpParameters): number {
  const spec = { flag: "ping-interval", key: "transport.pingInterval", field: FIELDS.pingInterval } as const;
  const fallback: PingInterval = isPatient ? { intervalMs: PATIENT_PING_MS } : "unity";
  const { value } = reader.read<PingInterval>(spec, fallback, isPatient ? formatDuration(PATIENT_PING_MS) : "unity");
  if (value === "off") return 0;
  if (value === "unity") return isPatient ? parameters.heartbeatTimeoutMs : 0;
  return value.intervalMs;
}

/** The authority's PEM text, and whether any certificate will do. */
export function resolveTls(
  reader: SettingReader,
  target: string,
  folder: string,
  machine: Machine,
  notes: string[],
): Pick<Profile, "ca" | "insecure"> {
  const insecure = reader.isOn("insecure", "tls.insecure");
  const found = reader.find({ flag: "ca", key: "tls.ca", field: FIELDS.caFile });
  if (found === undefined) return { insecure };
  reader.note("tls.ca", found.text, found.source);
  const pem = readNamedFile(reader, found.value, found.source, folder, machine).toString("latin1");
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    const hint = "Export the certificate as PEM: openssl x509 -inform der -in FILE -out ca.pem";
    throw reader.error(found.source, "a PEM file with a certificate", found.text, hint);
  }
  if (!/^wss:/i.test(target))
    notes.push(`${found.source.place}: the authority is not needed, the target is not wss://`);
  return { insecure, ca: pem };
}

/** Settings of `serve` for the embedded server: answers at once and echoes, unless the profile says otherwise. */
export function resolveServer(reader: SettingReader, parameters: UtpParameters): EmbeddedServerSettings {
  const duration = (key: string) => reader.read({ key: `server.${key}`, field: FIELDS.latency }, 0, "0s").value;
  const limit = reader.find({ key: "server.maxConnections", field: FIELDS.maxConnections });
  const broadcast = reader.find({ key: "server.broadcast", field: FIELDS.broadcast });
  if (broadcast !== undefined) reader.note("server.broadcast", broadcast.text, broadcast.source);
  if (limit !== undefined) reader.note("server.maxConnections", limit.text, limit.source);
  return {
    tickHz: reader.read({ key: "server.tick", field: FIELDS.tickHz }, 0, "0").value,
    echo: reader.read({ key: "server.echo", field: FIELDS.yesNo }, true, "true").value,
    queuePackets: reader.read({ key: "server.queue", field: FIELDS.queuePackets }, 512, "512").value,
    latencyMs: duration("latency"),
    jitterMs: duration("jitter"),
    dropRatio: reader.read({ key: "server.drop", field: FIELDS.share }, 0, "0%").value,
    maxConnections: limit?.value,
    broadcast: broadcast?.value,
    heartbeatMs: parameters.heartbeatTimeoutMs,
    disconnectTimeoutMs: parameters.disconnectTimeoutMs,
    maxMessageSize: parameters.maxMessageSize,
  };
}
