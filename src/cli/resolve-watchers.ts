// Who watches a run while it goes on: ports of flags, receivers of OTEL_* variables. Opens and sends nothing.
import { type OtelEnvironment, otlpSettings } from "../live/export/otlp-settings.js";
import type { ListenAddress } from "../live/http-listen.js";
import type { WatcherOptions } from "../live/run-watchers.js";
import type { SettingReader } from "./setting-reader.js";

const DEFAULT_HOST = "127.0.0.1";
/** What the exporters' list of Prometheus and OpenTelemetry's SDKs use. */
const PROMETHEUS_PORT = 9464;
/** Where users of k6 look for one. */
const DASHBOARD_PORT = 5665;
const ADDRESS = /^(?:(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):)?(\d{1,5})$/i;
const RULE = "a port from 0 to 65535 (0: any free one), or HOST:PORT";

/**
 * @param notes Takes what a person should know.
 * @throws {UsageError} If a flag or variable cannot be used.
 */
export function resolveWatchers(reader: SettingReader, environment: OtelEnvironment, notes: string[]): WatcherOptions {
  const prometheus = resolveAddress(reader, "prometheus", PROMETHEUS_PORT);
  const dashboard = resolveAddress(reader, "dashboard", DASHBOARD_PORT);
  const openTelemetry = otlpSettings(environment, (note) => notes.push(note));
  return {
    ...(prometheus !== undefined && { prometheus }),
    ...(dashboard !== undefined && { dashboard }),
    ...(openTelemetry !== undefined && { openTelemetry }),
  };
}

function resolveAddress(
  reader: SettingReader,
  flag: "prometheus" | "dashboard",
  defaultPort: number,
): ListenAddress | undefined {
  const typed = reader.raw(flag);
  if (typed === undefined) return undefined;
  const text = typed.values.at(-1) || String(defaultPort);
  const [, addressV6, name, port] = ADDRESS.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw reader.error(
      typed.source,
      RULE,
      text,
      `As in --${flag}=${defaultPort}; a profile or URL stands before the flag`,
    );
  }
  reader.note(flag, text, typed.source);
  return { host: addressV6 ?? name ?? DEFAULT_HOST, port: Number(port) };
}
