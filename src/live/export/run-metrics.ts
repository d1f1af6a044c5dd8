// All that a run has measured so far, as other systems take it: families of series with labels, in base units. Sends nothing.

import { BucketCounts } from "../../metrics/bucket-counts.js";
import type { Interval } from "../../metrics/interval.js";
import { boundsOf, type ExportUnit, helpOf, isTimeTrend, unitOfCounter } from "./export-names.js";
import { type NumberSeries, type Series, seriesByFamily } from "./series-by-family.js";

/** A distribution of one series, in the family's unit. */
export interface Buckets {
  /** Upper ends, inclusive. */
  readonly bounds: readonly number[];
  /** Of each bucket by itself; the last lies above all bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

interface FamilyHead {
  /** Snake case, without prefix and unit: `connect_total`. */
  readonly name: string;
  readonly help: string;
  readonly unit: ExportUnit;
}

export type Family =
  | (FamilyHead & { readonly kind: "counter" | "gauge"; readonly series: readonly NumberSeries[] })
  | (FamilyHead & { readonly kind: "histogram"; readonly series: readonly Series<Buckets>[] });

/** What a run is, for a series that never changes. */
export interface RunIdentity {
  readonly id: string;
  readonly profile: string;
  readonly target: string;
  readonly version: string;
  /** `I/N`, where this is one of the shards of a run. */
  readonly shard?: string;
}

const US_PER_SECOND = 1_000_000;
/** A trend that a profile made up is kept as if it were ms: docs/metrics.md. */
const US_PER_OWN = 1000;
const EVENT_LOOP = "generator_event_loop_delay";

export class RunMetrics {
  readonly #identity: RunIdentity;
  readonly #sums = new Map<string, number>();
  readonly #gauges = new Map<string, number>();
  readonly #trends = new Map<string, BucketCounts>();
  #cpuSeconds = 0;
  #rssBytes = 0;

  constructor(identity: RunIdentity) {
    this.#identity = identity;
  }

  /** Adds one second, warm-up included. */
  add({ total, cpuMs, rssBytes }: Interval): void {
    for (const [name, value] of Object.entries(total.sums)) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
    for (const [name, value] of Object.entries(total.gauges)) this.#gauges.set(name, value);
    for (const [name, histogram] of total.trends) this.#trend(name).add(histogram);
    this.#trend(EVENT_LOOP).add(total.eventLoopDelay);
    this.#cpuSeconds += cpuMs / 1000;
    this.#rssBytes = rssBytes;
  }

  /** Everything up to now, in the same order each time. */
  families(): Family[] {
    return [...this.#runFamilies(), ...this.#trendFamilies(), ...this.#sumFamilies(), ...this.#gaugeFamilies()];
  }

  #runFamilies(): Family[] {
    const one = (value: number): NumberSeries[] => [{ labels: {}, value }];
    // A shard is told of every series, or of the whole export: it is none of the run's own labels.
    const { id, profile, target, version } = this.#identity;
    return [
      {
        name: "run_info",
        help: "What is run, in the labels",
        unit: "1",
        kind: "gauge",
        series: [{ labels: { id, profile, target, version }, value: 1 }],
      },
      {
        name: "generator_cpu",
        help: "CPU time of the load generator",
        unit: "seconds",
        kind: "counter",
        series: one(this.#cpuSeconds),
      },
      {
        name: "generator_resident_memory",
        help: "Resident memory of the load generator",
        unit: "bytes",
        kind: "gauge",
        series: one(this.#rssBytes),
      },
    ];
  }

  #trendFamilies(): Family[] {
    const without = (whole: BucketCounts, parts: readonly BucketCounts[]): BucketCounts | undefined => {
      const rest = whole.without(parts);
      return rest.totalCount > 0 ? rest : undefined;
    };
    return seriesByFamily(this.#trends, without).map(({ base, name, series }) => ({
      name,
      help: base === EVENT_LOOP ? "How late timers of the load generator fired" : helpOf(base),
      unit: isTime(base) ? "seconds" : "1",
      kind: "histogram",
      series: series.map(({ labels, value }) => ({ labels, value: bucketsOf(base, value) })),
    }));
  }

  #sumFamilies(): Family[] {
    const without = (whole: number, parts: readonly number[]): number | undefined => {
      const rest = parts.reduce((left, part) => left - part, whole);
      return rest > 0 ? rest : undefined;
    };
    return seriesByFamily(this.#sums, without).map(({ base, name, series }) => ({
      name,
      help: helpOf(base),
      unit: unitOfCounter(base),
      kind: "counter",
      series,
    }));
  }

  /** Values of the moment are not parts of a sum: where there are labels, only they say whose it is. */
  #gaugeFamilies(): Family[] {
    return seriesByFamily(this.#gauges, () => undefined).map(({ base, name, series }) => ({
      name,
      help: helpOf(base),
      unit: "1",
      kind: "gauge",
      series,
    }));
  }

  #trend(name: string): BucketCounts {
    const known = this.#trends.get(name);
    if (known !== undefined) return known;
    const base = name.split("{", 1)[0]!;
    const perUnit = isTime(base) ? US_PER_SECOND : US_PER_OWN;
    const made = new BucketCounts(boundsIn(base).map((bound) => Math.round(bound * perUnit)));
    this.#trends.set(name, made);
    return made;
  }
}

function isTime(base: string): boolean {
  return base === EVENT_LOOP || isTimeTrend(base);
}

function boundsIn(base: string): readonly number[] {
  return boundsOf(base === EVENT_LOOP ? "send_lag" : base);
}

function bucketsOf(base: string, { counts, sumUs, totalCount }: BucketCounts): Buckets {
  const perUnit = isTime(base) ? US_PER_SECOND : US_PER_OWN;
  return { bounds: boundsIn(base), counts, sum: sumUs / perUnit, count: totalCount };
}
