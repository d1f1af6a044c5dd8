// When metrics leave for OpenTelemetry, what is in them, and what a receiver that fails costs: a line of log.
import { describe, expect, it } from "vitest";
import { OtlpExporter } from "../../../src/live/export/otlp-exporter.js";
import type { ExportFailure } from "../../../src/live/export/otlp-post.js";
import { intervalOf, START_MS, snapshotOf } from "../result/sample-run.js";

const SETTINGS = {
  url: "http://collector/v1/metrics",
  headers: {},
  timeoutMs: 1000,
  intervalMs: 2000,
  resource: { "service.name": "utp-load" },
};
const IDENTITY = { id: "smoke-1", profile: "smoke", target: "embedded", version: "0.1.0", shard: "1/4" };

type Post = (body: string, signal: AbortSignal) => Promise<ExportFailure | undefined>;

function exporter(post: Post): { watcher: OtlpExporter; bodies: string[]; logged: string[] } {
  const bodies: string[] = [];
  const logged: string[] = [];
  const watcher = new OtlpExporter({
    settings: SETTINGS,
    identity: IDENTITY,
    onLog: (line) => logged.push(line),
    post: (_settings, body, signal) => {
      bodies.push(body);
      return post(body, signal);
    },
  });
  return { watcher, bodies, logged };
}

const second = (index: number) => intervalOf(index, snapshotOf({ messages_sent: 5 }, { rtt: [4] }, 3));

/** A metric's only point in a body. */
function pointOf(body: string, name: string): Record<string, unknown> {
  const { metrics } = JSON.parse(body).resourceMetrics[0].scopeMetrics[0];
  const metric = metrics.find((candidate: { name: string }) => candidate.name === name);
  return (metric.sum ?? metric.gauge ?? metric.histogram).dataPoints[0];
}

describe("OtlpExporter", () => {
  it("exports the whole run up to now, every interval and at the end", async () => {
    const { watcher, bodies, logged } = exporter(async () => undefined);
    for (let index = 0; index < 5; index++) {
      watcher.onInterval(second(index));
      await Promise.resolve();
    }
    await watcher.finish();
    expect(bodies.map((body) => pointOf(body, "utp.messages_sent").asDouble)).toEqual([10, 20, 25]);
    expect(logged).toEqual([]);
  });

  it("writes the JSON encoding: 64-bit numbers as texts, enumerations as numbers, counts of single buckets", async () => {
    const { watcher, bodies } = exporter(async () => undefined);
    watcher.onInterval(second(0));
    await watcher.finish();
    const [resource] = JSON.parse(bodies[0]!).resourceMetrics;
    expect(resource.resource.attributes).toContainEqual({ key: "service.name", value: { stringValue: "utp-load" } });
    expect(resource.resource.attributes).toContainEqual({
      key: "service.instance.id",
      value: { stringValue: "smoke-1" },
    });
    expect(resource.resource.attributes).toContainEqual({ key: "shard", value: { stringValue: "1/4" } });
    expect(resource.scopeMetrics[0].scope).toEqual({ name: "utp-load", version: "0.1.0" });
    const rtt = resource.scopeMetrics[0].metrics.find(({ name }: { name: string }) => name === "utp.rtt");
    expect(rtt).toMatchObject({ unit: "s", histogram: { aggregationTemporality: 2 } });
    const point = pointOf(bodies[0]!, "utp.rtt") as { bucketCounts: string[]; explicitBounds: number[] };
    expect(point).toMatchObject({
      count: "1",
      sum: expect.closeTo(0.004, 4),
      startTimeUnixNano: `${START_MS}000000`,
      timeUnixNano: `${START_MS + 1000}000000`,
    });
    expect(point.bucketCounts.length).toBe(point.explicitBounds.length + 1);
    expect(point.bucketCounts[point.explicitBounds.indexOf(0.005)]).toBe("1");
    expect(pointOf(bodies[0]!, "utp.clients_connected")).toMatchObject({ asDouble: 3 });
  });

  it("tells the first failure at once and their number at the end", async () => {
    const { watcher, logged } = exporter(async () => ({ why: "HTTP 400", mayRetry: false }));
    for (let index = 0; index < 4; index++) {
      watcher.onInterval(second(index));
      await Promise.resolve();
    }
    await watcher.finish();
    expect(logged).toEqual([
      "OpenTelemetry: metrics were not taken by http://collector/v1/metrics: HTTP 400. The run goes on",
      "OpenTelemetry: of 3 exports 3 failed; 0 gave way to another one",
    ]);
  });

  it("has one export under way at most; at the end it gives way to the last", async () => {
    const signals: AbortSignal[] = [];
    const { watcher, bodies, logged } = exporter((_body, signal) => {
      signals.push(signal);
      if (signals.length > 1) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ why: "aborted", mayRetry: true }));
      });
    });
    for (let index = 0; index < 6; index++) watcher.onInterval(second(index));
    expect(bodies.length).toBe(1);
    await watcher.finish();
    expect([bodies.length, signals[0]!.aborted]).toEqual([2, true]);
    expect(logged).toEqual(["OpenTelemetry: of 2 exports 0 failed; 3 gave way to another one"]);
  });

  it("says nothing of a run that never began", async () => {
    const { watcher, bodies } = exporter(async () => undefined);
    await watcher.finish();
    expect(bodies).toEqual([]);
  });
});
