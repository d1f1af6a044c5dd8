// The OTEL_* variables, as OpenTelemetry's specification has them.
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { type OtlpSettings, otlpSettings } from "../../../src/live/export/otlp-settings.js";

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };

function settings(environment: Record<string, string>): { found: OtlpSettings | undefined; notes: string[] } {
  const notes: string[] = [];
  return { found: otlpSettings(environment, (note) => notes.push(note)), notes };
}

describe("otlpSettings", () => {
  it.each<[string, Record<string, string>]>([
    ["no endpoint is set", { OTEL_SERVICE_NAME: "game" }],
    ["the endpoint is empty", { OTEL_EXPORTER_OTLP_ENDPOINT: " " }],
    ["the SDK is disabled", { ...ENDPOINT, OTEL_SDK_DISABLED: "TRUE" }],
    ["another exporter is chosen", { ...ENDPOINT, OTEL_METRICS_EXPORTER: "none" }],
    ["the protocol is gRPC", { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
  ])("exports nothing where %s", (_, environment) => {
    expect(settings(environment).found).toBeUndefined();
  });

  it("has the specification's defaults", () => {
    expect(settings(ENDPOINT)).toEqual({
      found: {
        url: "http://collector:4318/v1/metrics",
        headers: {},
        timeoutMs: 10_000,
        intervalMs: 60_000,
        resource: { "service.name": "utp-load" },
      },
      notes: [],
    });
  });

  it.each<[string, Record<string, string>, Partial<OtlpSettings>]>([
    ["a path in front", { OTEL_EXPORTER_OTLP_ENDPOINT: "https://h/otlp/" }, { url: "https://h/otlp/v1/metrics" }],
    [
      "the metrics' own endpoint as it is",
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://m:1/x" },
      { url: "http://m:1/x" },
    ],
    [
      "headers, decoded, the metrics' own over the general ones",
      {
        ...ENDPOINT,
        OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, tenant=x=y,",
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: "tenant=z",
      },
      { headers: { "api-key": "a b", tenant: "z" } },
    ],
    [
      "times in ms",
      {
        ...ENDPOINT,
        OTEL_EXPORTER_OTLP_TIMEOUT: "1",
        OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "2000",
        OTEL_METRIC_EXPORT_INTERVAL: "5000",
      },
      { timeoutMs: 2000, intervalMs: 5000 },
    ],
    [
      "the service's name over its attribute",
      { ...ENDPOINT, OTEL_RESOURCE_ATTRIBUTES: "service.name=a,build=7", OTEL_SERVICE_NAME: "b" },
      { resource: { "service.name": "b", build: "7" } },
    ],
  ])("reads %s", (_, environment, expected) => {
    expect(settings(environment).found).toMatchObject(expected);
  });

  it("says what it does not follow", () => {
    expect(settings({ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }).notes).toEqual([
      "OpenTelemetry: metrics leave as http/json, not as http/protobuf",
    ]);
    expect(settings({ ...ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "grpc" }).notes[0]).toContain("grpc");
  });

  it.each<[string, Record<string, string>, string]>([
    ["an endpoint without a scheme", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "collector:4318"],
    ["a password in it", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:secret@h/" }, "http://...@h/"],
    ["a time that is none", { ...ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: "10s" }, "10s"],
    ["headers that are none", { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: "secret" }, "something else"],
  ])("refuses %s, and shows no secret", (_, environment, got) => {
    let thrown: unknown;
    try {
      settings(environment);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect(String(thrown)).toContain(`got ${got}`);
    expect(String(thrown)).not.toContain("secret");
  });
});
