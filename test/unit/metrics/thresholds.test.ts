import { describe, expect, it } from "vitest";
import { encodeHistogram, newRecordingHistogram, recordMs } from "../../../src/metrics/histogram.js";
import type { TrendName } from "../../../src/metrics/names.js";
import { SnapshotTotal } from "../../../src/metrics/snapshot.js";
import { evaluateThresholds, thresholdAbort } from "../../../src/metrics/thresholds.js";
import { REASON_NAMES, UNITY_REASONS } from "../../../src/protocol/disconnect-reason.js";

function totalOf(sums: Record<string, number>, trends: Partial<Record<TrendName, number[]>> = {}): SnapshotTotal {
  const encoded: Partial<Record<TrendName, string>> = {};
  for (const [name, valuesMs] of Object.entries(trends)) {
    const histogram = newRecordingHistogram();
    for (const valueMs of valuesMs) recordMs(histogram, valueMs);
    encoded[name as TrendName] = encodeHistogram(histogram);
  }
  const total = new SnapshotTotal();
  total.add({ sums, gauges: { clients_connected: 7 }, trends: encoded });
  return total;
}

const SUMS = {
  connect_established: 90,
  connect_failed_attempts: 10,
  "connect_failures{reason:UpgradeTimeout}": 6,
  "connect_failures{reason:UpgradeRejected:404}": 4,
  disconnects: 12,
  "disconnects{reason:Silence}": 2,
  "disconnects_unity{reason:Timeout}": 4,
  "disconnects{reason:WebSocketClose:1001}": 3,
  messages_received: 5000,
  "protocol_drops{why:unknownToken}": 1,
  "pipeline_sent{pipeline:0}": 40,
};
const MEASURED = totalOf(SUMS, {
  // Below 2 ms a histogram tells every microsecond apart, so that equality can be asked for.
  rtt: [0.1, 0.2, 0.3, 0.4, 1],
});

describe("evaluateThresholds() over 10 seconds", () => {
  it.each([
    ["disconnects{reason:Timeout}", "count<4", 4, false],
    ["rtt", "avg<3", 0.4, true],
    ["rtt", "min>=0.1", 0.1, true],
    ["rtt", "max<=0.99", 1, false],
    ["rtt", "med==0.3", 0.3, true],
    ["rtt", "p(50)==0.3", 0.3, true],
    ["rtt", "p(0)==0.1", 0.1, true],
    ["rtt", "p(80)<.4", 0.4, false],
    ["rtt", "p(100)===1", 1, true],
    ["rtt", "count==5", 5, true],
    ["rtt", "count!=5", 5, false],
    ["rtt", "count>5", 5, false],
    ["rtt", "count>=5", 5, true],
    ["rtt", "count<5", 5, false],
    ["rtt", "count<=5", 5, true],
    ["disconnects", "count<13", 12, true],
    ["disconnects", "rate<1", 1.2, false],
    ["disconnects{reason:Silence}", "count==0", 2, false],
    ["disconnects{reason:WebSocketClose:1001}", "count==3", 3, true],
    ["disconnects{reason:ConnectionReset}", "count==0", 0, true],
    ["protocol_drops{why:unknownToken}", "count==1", 1, true],
    ["messages_sent{pipeline:0}", "rate==4", 4, true],
    ["messages_received", "rate>499", 500, true],
    ["reconnects", "count==0", 0, true],
    ["connect_failed", "rate<0.1", 0.1, false],
    ["connect_failed{reason:UpgradeRejected:404}", "rate<0.05", 0.04, true],
    ["connect_failed{reason:Silence}", "rate==0", 0, true],
    ["clients_connected", "value>=7", 7, true],
  ])("%s: %s", (metric, expression, value, ok) => {
    const [result] = evaluateThresholds([{ metric, expression }], MEASURED, 10);
    expect(result).toMatchObject({ metric, expression, ok });
    expect(Math.abs(result!.value! - value)).toBeLessThanOrEqual(value * 0.001);
  });
});

describe("evaluateThresholds() of parts of the clients, and of a profile's own metrics", () => {
  const total = totalOf({
    "connect_established{scenario:a}": 3,
    "connect_failed_attempts{scenario:a}": 1,
    connect_established: 90,
    "messages_sent{scenario:a}": 70,
    hits: 20,
    "hits{scenario:a}": 5,
  });
  total.trend("rtt{scenario:a}").recordValue(2000);
  total.trend("snapshot_bytes").recordValue(64_000);
  total.gauges.server_tick = 12;

  it.each<[metric: string, expression: string, value: number, type?: "counter" | "gauge" | "trend"]>([
    ["connect_failed{scenario:a}", "rate<0.3", 0.25],
    ["messages_sent{scenario:a}", "count==70", 70],
    ["rtt{scenario:a}", "max<3", 2],
    ["hits", "count==20", 20, "counter"],
    ["hits{scenario:a}", "rate==0.5", 0.5, "counter"],
    ["snapshot_bytes", "max<65", 64, "trend"],
    ["server_tick", "value==12", 12, "gauge"],
  ])("%s: %s", (metric, expression, value, type) => {
    const spec = { metric, expression, ...(type !== undefined && { type }) };
    const [result] = evaluateThresholds([spec], total, 10);
    expect(result).toMatchObject({ ok: true });
    expect(result?.value).toBeCloseTo(value, 1);
  });
});

describe("evaluateThresholds() without samples", () => {
  it.each([
    ["rtt", "p(95)<80", null, false],
    ["rtt", "count==0", null, false],
    ["rtt", "max>0", null, false],
    ["connect_failed", "rate<1", null, false],
    ["checks", "rate>=0", null, false],
    ["disconnects", "count==0", 0, true],
    ["messages_received", "rate>10", 0, false],
    ["clients_connected", "value==0", 0, true],
  ])("%s: %s", (metric, expression, value, ok) => {
    const [result] = evaluateThresholds([{ metric, expression }], new SnapshotTotal(), 0);
    expect(result).toEqual({ metric, expression, value, ok });
  });
});

describe("thresholdAbort()", () => {
  const crossed = { metric: "rtt", expression: "max<0.5" };
  it.each([
    { what: "does not stop without abortOnFail", spec: crossed, stops: false },
    { what: "stops at once", spec: { ...crossed, abortOnFail: true }, stops: true },
    { what: "waits for its delay", spec: { ...crossed, abortOnFail: true, delayAbortEvalMs: 5001 }, stops: false },
    { what: "stops after its delay", spec: { ...crossed, abortOnFail: true, delayAbortEvalMs: 5000 }, stops: true },
    { what: "lets a holding one run", spec: { metric: "rtt", expression: "max<500", abortOnFail: true }, stops: false },
    { what: "waits for samples", spec: { metric: "ping", expression: "max<5", abortOnFail: true }, stops: false },
  ])("$what", ({ spec, stops }) => {
    const why = thresholdAbort([spec], MEASURED, 10, 5000);
    if (stops) expect(why).toMatch(/^threshold rtt: max<0\.5 was crossed, measured 1$/);
    else expect(why).toBeUndefined();
  });
});

it("knows the words of a Unity client that are no causes", () => {
  const words = Object.keys(UNITY_REASONS).filter((word) => !REASON_NAMES.includes(word));
  const sums = Object.fromEntries(words.map((word) => [`disconnects_unity{reason:${word}}`, 3]));
  const specs = words.map((word) => ({ metric: `disconnects{reason:${word}}`, expression: "count==3" }));
  expect(evaluateThresholds(specs, totalOf(sums), 1).filter(({ ok }) => !ok)).toEqual([]);
});
