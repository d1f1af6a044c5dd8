// Families as Prometheus' text format, by prom-client's registry. It only writes what is counted already; nothing is observed here.
import { Counter, Gauge, Histogram, Registry } from "prom-client";
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

/** The whole answer to a scrape, and its content type. */
export async function prometheusText(families: readonly Family[]): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  for (const family of families) register(family, registry);
  return { text: await registry.metrics(), contentType: registry.contentType };
}

function register(family: Family, registry: Registry): void {
  const labelNames = [...new Set(family.series.flatMap(({ labels }) => Object.keys(labels)))];
  const head = { name: prometheusName(family), help: family.help, labelNames, registers: [registry] };
  if (family.kind === "histogram") {
    new CountedHistogram(head, family.series);
  } else if (family.kind === "counter") {
    const counter = new Counter({ ...head });
    for (const { labels, value } of family.series) counter.inc(labels, value);
  } else {
    const gauge = new Gauge({ ...head });
    for (const { labels, value } of family.series) gauge.set(labels, value);
  }
}

type HistogramHead = ConstructorParameters<typeof Histogram<string>>[0];
type HistogramValues = Awaited<ReturnType<Histogram["get"]>>;

/** A histogram whose counts come from elsewhere: prom-client itself could only take samples one by one. */
class CountedHistogram extends Histogram {
  readonly #series: readonly Series<Buckets>[];

  constructor(head: HistogramHead, series: readonly Series<Buckets>[]) {
    super(head);
    this.#series = series;
  }

  override async get(): Promise<HistogramValues> {
    const own = await super.get();
    return { ...own, values: this.#series.flatMap(({ labels, value }) => samplesOf(own.name, labels, value)) };
  }
}

/** Prometheus' buckets hold all that is at or below their bound. */
function samplesOf(
  name: string,
  labels: Readonly<Record<string, string>>,
  { bounds, counts, sum, count }: Buckets,
): HistogramValues["values"] {
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
