// Families as Prometheus' text format, by prom-client's registry. It only writes what is counted already; nothing is observed here.
import { Counter, Gauge, type Metric, Registry } from "prom-client";
import type { ExportUnit } from "./export-names.js";
import type { Buckets, Family } from "./run-metrics.js";
import type { Series } from "./series-by-family.js";

const UNIT_SUFFIX: Readonly<Record<ExportUnit, string>> = {
  seconds: "_seconds",
  bytes: "_bytes",
  ratio: "_ratio",
  "1": "",
};

/** `utp_rtt_seconds`, `utp_messages_sent_total`; a unit that the name tells already is not told twice. */
export function prometheusName({ name, unit, kind }: Pick<Family, "name" | "unit" | "kind">): string {
  const isTold = name.split("_").includes(unit);
  return `utp_${name}${isTold ? "" : UNIT_SUFFIX[unit]}${kind === "counter" ? "_total" : ""}`;
}

/**
 * The whole answer to a scrape, and its content type.
 *
 * @param labels Of every series: whose figures these are, where several generators play one run.
 */
export async function prometheusText(
  families: readonly Family[],
  labels: Readonly<Record<string, string>> = {},
): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  for (const family of families) register(family, registry);
  return { text: await registry.metrics(), contentType: registry.contentType };
}

function register(family: Family, registry: Registry): void {
  const { help, kind, series } = family;
  const name = prometheusName(family);
  if (kind === "histogram") return registry.registerMetric(countedHistogram(name, help, series));
  const labelNames = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
  const head = { name, help, labelNames, registers: [registry] };
  const metric = kind === "counter" ? new Counter(head) : new Gauge(head);
  for (const { labels, value } of series) metric.inc(labels, value);
}

/**
 * A histogram whose counts come from elsewhere: prom-client's own could only take samples one by one. This is all that a registry asks of
 * a metric, though its types want a whole class.
 */
function countedHistogram(name: string, help: string, series: readonly Series<Buckets>[]): Metric {
  const values = series.flatMap(({ labels, value }) => samplesOf(name, labels, value));
  const counted = { name, help, type: "histogram", get: async () => ({ name, help, type: "histogram", values }) };
  return counted as unknown as Metric;
}

/** Prometheus' buckets hold all that is at or below their bound. */
function samplesOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  { bounds, counts, sum, count }: Buckets,
): object[] {
  let below = 0;
  const buckets = counts.map((inBucket, index) => {
    below += inBucket;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? "+Inf" }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
