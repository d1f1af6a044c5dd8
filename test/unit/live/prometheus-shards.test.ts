// What Prometheus reads of a run in shards: every series says whose it is, and summed over the shards they are those of the whole run.
import { describe, expect, it } from "vitest";
import { PrometheusEndpoint } from "../../../src/live/export/prometheus-endpoint.js";
import type { Snapshot } from "../../../src/metrics/snapshot.js";
import { prometheusFamilies } from "../../support/prometheus-families.js";
import { seededRandom } from "../../support/random.js";
import { intervalOf, SUMS, snapshotOf } from "../result/sample-run.js";

const SHARDS = 4;
const IDENTITY = { id: "smoke-1", profile: "smoke", target: "ws://h/", version: "0.1.0" };
const ADDRESS = { host: "127.0.0.1", port: 0 };

/** A second of one shard: its round trips lie elsewhere than those of the others. */
function secondOf(shard: number): Snapshot {
  const random = seededRandom(shard);
  const rtt = Array.from({ length: 50 * (shard + 1) }, () => 10 ** (shard * random()));
  const { sums, ...rest } = snapshotOf({ ...SUMS, messages_sent: 10 + shard }, {
    rtt,
    "rtt{scenario:a}": rtt,
  } as object);
  return { ...rest, sums, gauges: { clients_connected: shard } };
}

/** What an endpoint answers that was told these seconds. */
async function scraped(seconds: readonly Snapshot[], shard?: string): Promise<string> {
  const endpoint = await PrometheusEndpoint.listen(ADDRESS, { ...IDENTITY, ...(shard !== undefined && { shard }) });
  for (const [index, second] of seconds.entries()) endpoint.onInterval(intervalOf(index, second));
  const text = await (await fetch(endpoint.url)).text();
  await endpoint.finish();
  return text;
}

const ofShards = (): Promise<string[]> =>
  Promise.all(Array.from({ length: SHARDS }, (_, index) => scraped([secondOf(index)], `${index}/${SHARDS}`)));

const samplesOf = (text: string): string[] => text.split("\n").filter((line) => /^[a-z]/.test(line));

/** As `sum without (shard)` does: by the labels that are left, buckets by their bound. */
function summed(texts: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const text of texts)
    for (const line of samplesOf(text)) {
      const space = line.lastIndexOf(" ");
      const series = line
        .slice(0, space)
        .replace(/,?shard="[^"]*"/, "")
        .replace("{,", "{")
        .replace("{}", "");
      sums.set(series, (sums.get(series) ?? 0) + Number(line.slice(space + 1)));
    }
  return sums;
}

describe("the endpoint of a shard", () => {
  it("has its shard as a label on every series, and still the format", async () => {
    for (const [index, text] of (await ofShards()).entries()) {
      const lines = samplesOf(text);
      expect(lines.length).toBeGreaterThan(50);
      expect(lines.filter((line) => !line.includes(`shard="${index}/${SHARDS}"`))).toEqual([]);
      expect([...prometheusFamilies(text).keys()]).toContain("utp_rtt_seconds");
    }
  });

  it("has no such label where the run has no shards", async () => {
    expect(await scraped([secondOf(0)])).not.toContain("shard=");
  });

  it("adds up with the others to what one endpoint says of the whole", async () => {
    const whole = summed([await scraped(Array.from({ length: SHARDS }, (_, index) => secondOf(index)))]);
    const parts = summed(await ofShards());
    expect([...parts.keys()].sort()).toEqual([...whole.keys()].sort());
    const isAdded = (series: string): boolean => /^utp_\w+(?:_bucket|_sum|_count|_total)(?:\{|$)/.test(series);
    const added = [...whole].filter(([series]) => isAdded(series));
    expect(added.filter(([series]) => series.includes("_bucket"))).not.toEqual([]);
    for (const [series, value] of added)
      expect([series, parts.get(series)]).toEqual([series, expect.closeTo(value, 6)]);
    const rtts = 'utp_rtt_seconds_count{scenario="a"}';
    expect(parts.get(rtts)).toBe(50 * (1 + 2 + 3 + 4));
  });
});
