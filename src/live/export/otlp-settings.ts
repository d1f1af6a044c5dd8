// Where OpenTelemetry metrics go, from the standard OTEL_* variables. Reads nothing else and sends nothing.
import { UsageError } from "../../errors.js";

export type OtelEnvironment = Readonly<Record<string, string | undefined>>;

export interface OtlpSettings {
  /** Receives the POSTs. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One export may take this long. */
  readonly timeoutMs: number;
  /** Between two exports. */
  readonly intervalMs: number;
  /** Attributes of the resource, `service.name` among them. */
  readonly resource: Readonly<Record<string, string>>;
}

const METRICS_PATH = "v1/metrics";
const SERVICE_NAME = "utp-load";
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_INTERVAL_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The settings of OpenTelemetry's specification; undefined: nothing is to be exported. Export is on where an endpoint is set.
 *
 * @param onNote Told, in words, of what is set and not followed.
 * @throws {UsageError} If a variable that is needed cannot be used.
 */
export function otlpSettings(environment: OtelEnvironment, onNote: (note: string) => void): OtlpSettings | undefined {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const url = endpointUrl(read);
  if (url === undefined || read("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return undefined;
  const exporters = read("OTEL_METRICS_EXPORTER")?.split(",");
  if (exporters !== undefined && !exporters.some((name) => name.trim() === "otlp")) return undefined;
  const protocol = read("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL") ?? read("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/json";
  if (protocol === "grpc") {
    onNote(
      "OpenTelemetry: no metrics are exported, because the protocol is set to grpc; http/json is what is spoken here",
    );
    return undefined;
  }
  if (protocol !== "http/json") onNote(`OpenTelemetry: metrics leave as http/json, not as ${protocol}`);
  return {
    url,
    headers: {
      ...pairs(read, "OTEL_EXPORTER_OTLP_HEADERS"),
      ...pairs(read, "OTEL_EXPORTER_OTLP_METRICS_HEADERS"),
    },
    timeoutMs:
      milliseconds(read, "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT") ??
      milliseconds(read, "OTEL_EXPORTER_OTLP_TIMEOUT") ??
      DEFAULT_TIMEOUT_MS,
    intervalMs: milliseconds(read, "OTEL_METRIC_EXPORT_INTERVAL") ?? DEFAULT_INTERVAL_MS,
    resource: resourceOf(read),
  };
}

type Read = (name: string) => string | undefined;

/** The metrics' own endpoint is taken as it is, the general one gets the path of metrics. */
function endpointUrl(read: Read): string | undefined {
  const own = read("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
  if (own !== undefined) return checkedUrl("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", own).href;
  const general = read("OTEL_EXPORTER_OTLP_ENDPOINT");
  if (general === undefined) return undefined;
  const url = checkedUrl("OTEL_EXPORTER_OTLP_ENDPOINT", general);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${METRICS_PATH}`;
  return url.href;
}

function checkedUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw unusable(name, "an http:// or https:// URL", text, "As in http://127.0.0.1:4318");
  }
  if (url.username !== "" || url.password !== "") {
    const hint = "Send them as a header: OTEL_EXPORTER_OTLP_HEADERS='authorization=Basic%20...'";
    throw unusable(name, "a URL without user and password", text.replace(/\/\/[^@]*@/, "//...@"), hint);
  }
  return url;
}

/** `key=value,key2=value2`, values percent-encoded. */
function pairs(read: Read, name: string): Record<string, string> {
  const text = read(name);
  if (text === undefined) return {};
  const found: Record<string, string> = {};
  for (const part of text.split(",").filter((piece) => piece.trim() !== "")) {
    const [, key, value] = /^\s*([^\s=]+)\s*=(.*)$/s.exec(part) ?? [];
    // The value may be a secret: only its place is told.
    if (key === undefined || value === undefined) {
      throw unusable(
        name,
        "key=value pairs with commas between them",
        "something else",
        "As in api-key=abc,tenant=game",
      );
    }
    found[key] = decoded(value.trim());
  }
  return found;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function milliseconds(read: Read, name: string): number | undefined {
  const text = read(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= DAY_MS) return value;
  throw unusable(name, `a whole number of milliseconds from 1 to ${DAY_MS}`, text, "As in 10000 for ten seconds");
}

function resourceOf(read: Read): Record<string, string> {
  const attributes = pairs(read, "OTEL_RESOURCE_ATTRIBUTES");
  const name = read("OTEL_SERVICE_NAME") ?? attributes["service.name"] ?? SERVICE_NAME;
  return { ...attributes, "service.name": name };
}

function unusable(name: string, rule: string, got: string, hint: string): UsageError {
  return new UsageError(`Cannot start: ${name} must be ${rule}, got ${got}`, hint);
}
