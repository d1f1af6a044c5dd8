// What Prometheus reads: another house's parser finds every figure, in base units.
import { describe, expect, it } from "vitest";
import { prometheusText } from "../../../src/live/export/prometheus-text.js";
import { RunMetrics } from "../../../src/live/export/run-metrics.js";
import { COUNTER_NAMES, TREND_NAMES } from "../../../src/metrics/names.js";
import { type ParsedFamily, prometheusFamilies } from "../../support/prometheus-families.js";
import { intervalOf, SUMS, snapshotOf, TRENDS } from "../result/sample-run.js";

const IDENTITY = { id: "smoke-1", profile: "smoke", target: 'ws://h/"\\\n', version: "0.1.0" };

async function scrape(...seconds: ReturnType<typeof snapshotOf>[]): Promise<Map<string, ParsedFamily>> {
  const metrics = new RunMetrics(IDENTITY);
  for (const [index, second] of seconds.entries()) metrics.add(intervalOf(index, second));
  const { text, contentType } = await prometheusText(metrics.families());
  expect(contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  return prometheusFamilies(text);
}

const bySample = (family: ParsedFamily | undefined) =>
  Object.fromEntries(family?.metrics.map(({ labels, value }) => [JSON.stringify(labels ?? {}), Number(value)]) ?? []);

describe("prometheusText", () => {
  it("is well formed before the first second", async () => {
    const families = await scrape();
    expect([...families.keys()]).toContain("utp_run_info");
  });

  it("adds seconds up, as histograms in seconds with cumulative buckets", async () => {
    const families = await scrape(snapshotOf({}, { rtt: [5, 8] }), snapshotOf({}, { rtt: [11, 14, 40_000, 90_000] }));
    const rtt = families.get("utp_rtt_seconds");
    expect(rtt).toMatchObject({ type: "HISTOGRAM" });
    const { buckets = {}, count, sum } = rtt!.metrics[0]!;
    expect([buckets["0.003"], buckets["0.005"], buckets["0.01"], buckets["0.015"]]).toEqual(["0", "1", "2", "4"]);
    expect([buckets["30"], buckets["60"], buckets["+Inf"], count]).toEqual(["4", "5", "6", "6"]);
    expect(Number(sum)).toBeCloseTo(130.038, 0);
  });

  it("has counters by reason, gauges, bytes and the generator's own figures", async () => {
    const families = await scrape(
      snapshotOf(SUMS, TRENDS, 90),
      snapshotOf({ "disconnects{reason:Silence}": 1, disconnects: 1 }),
    );
    expect(bySample(families.get("utp_disconnects_total"))).toEqual({
      '{"reason":"ClosedByClient"}': 85,
      '{"reason":"Silence"}': 4,
    });
    expect(bySample(families.get("utp_bytes_sent_total"))).toEqual({ "{}": SUMS.bytes_sent });
    expect(bySample(families.get("utp_clients_connected"))).toEqual({ "{}": 0 });
    expect(bySample(families.get("utp_generator_cpu_seconds_total"))["{}"]).toBeCloseTo(0.84);
    expect(bySample(families.get("utp_generator_resident_memory_bytes"))).toEqual({ "{}": 150e6 });
    expect(families.get("utp_run_info")?.metrics[0]?.labels).toEqual(IDENTITY);
  });

  it("knows every metric of the list", async () => {
    const sums = Object.fromEntries(COUNTER_NAMES.map((name) => [name, 1]));
    const families = await scrape(snapshotOf(sums, Object.fromEntries(TREND_NAMES.map((name) => [name, [1]]))));
    const names = [
      ...TREND_NAMES.map((name) => `utp_${name}_seconds`),
      ...COUNTER_NAMES.map((name) => `utp_${name}_total`),
    ];
    expect(names.filter((name) => !families.has(name))).toEqual([]);
  });

  it("keeps a profile's own trend in its own measure", async () => {
    const second = snapshotOf({ loot: 3 }, { queue_length: [7, 70] } as object);
    const families = await scrape({ ...second, gauges: { "tick{scenario:a}": 4, tick: 4 } });
    const { buckets = {}, sum } = families.get("utp_queue_length")!.metrics[0]!;
    expect([buckets["5"], buckets["10"], buckets["100"]]).toEqual(["0", "1", "2"]);
    expect(Number(sum)).toBeCloseTo(77, 0);
    expect(bySample(families.get("utp_loot_total"))).toEqual({ "{}": 3 });
    expect(bySample(families.get("utp_tick"))).toEqual({ '{"scenario":"a"}': 4 });
  });
});
