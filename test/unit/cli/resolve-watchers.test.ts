// Ports for whoever watches a run: with a value, without one, by variable, and those that are none.
import { describe, expect, it } from "vitest";
import { resolveRun } from "../../../src/cli/resolve-run.js";
import { UsageError } from "../../../src/errors.js";
import { machineWith } from "./machine.js";

function resolve(flags: Record<string, unknown>, environment: Record<string, string> = {}) {
  return resolveRun({ argument: "ws://127.0.0.1:7777/", flags, environment }, machineWith());
}

describe("--prometheus", () => {
  it.each<[string, Record<string, unknown>, Record<string, string>, object | undefined]>([
    ["is off", {}, {}, undefined],
    ["has a port of its own", { prometheus: "" }, {}, { host: "127.0.0.1", port: 9464 }],
    ["takes a port", { prometheus: "0" }, {}, { host: "127.0.0.1", port: 0 }],
    ["takes host and port", { prometheus: "0.0.0.0:9100" }, {}, { host: "0.0.0.0", port: 9100 }],
    ["takes an IPv6 address", { prometheus: "[::1]:9100" }, {}, { host: "::1", port: 9100 }],
    ["is set by its variable", {}, { UTP_LOAD_PROMETHEUS: "9100" }, { host: "127.0.0.1", port: 9100 }],
  ])("%s", (_, flags, environment, expected) => {
    expect(resolve(flags, environment).run.watchers.prometheus).toEqual(expected);
  });

  it.each(["load.yaml", "65536", "host:", ":80", "::1:80", "-1"])("refuses %s", (prometheus) => {
    expect(() => resolve({ prometheus })).toThrow(UsageError);
  });
});

describe("--dashboard", () => {
  it("has a port of its own", () => {
    expect(resolve({ dashboard: "" }).run.watchers).toEqual({ dashboard: { host: "127.0.0.1", port: 5665 } });
  });

  it("names itself where it is refused", () => {
    expect(() => resolve({}, { UTP_LOAD_DASHBOARD: "x" })).toThrow("UTP_LOAD_DASHBOARD must be a port");
  });
});

describe("OTEL_*", () => {
  it("switch OpenTelemetry on, and notes are told", () => {
    const { run, notes } = resolve(
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:4318", OTEL_EXPORTER_OTLP_PROTOCOL: "x" },
    );
    expect(run.watchers.openTelemetry?.url).toBe("http://h:4318/v1/metrics");
    expect(notes).toEqual(["OpenTelemetry: metrics leave as http/json, not as x"]);
  });
});
