// The seconds of a run as columns of numbers, for charts and for tables of its course. It keeps what they show and nothing else.
import { type Sample, sumsOf } from "../../result/sample.js";
import type { ChartBand } from "../page/chart-spec.js";

/** Trends of a sample whose percentiles are shown. */
const TRENDS = [
  ..."rtt rttUncorrected ping serverInterval sendLag eventLoopDelay".split(" "),
  ..."connectTcp connectTls connectUpgrade connectUtp connectTotal".split(" "),
];
const PERCENTILES = TRENDS.flatMap((trend) => ["P50", "P95", "P99", "Max"].map((of) => `${trend}${of}Ms`));
/** Of a moment or a second, as the sample has them. */
const MOMENTS = ["clientsConnected", "rssBytes"];
const RATES = ["sentPerSecond", "receivedPerSecond", "answeredPerSecond", "droppedPerSecond", "connectedPerSecond"];
/** Sums that are shown as rates a second, by the name that their column gets. */
const SUM_RATES: Record<string, string> = {
  wireBytesSentPerSecond: "wire_bytes_sent",
  wireBytesReceivedPerSecond: "wire_bytes_received",
  failedPerSecond: "connect_failed_attempts",
};
/** Sums by reason, which are shown as they are; their names are not known before. */
const BY_REASON = ["disconnects{reason:", "connect_failures{reason:"];

/** The last second of a run is cut where the run ends: a rate of a few milliseconds says nothing. */
const SHORTEST_RATE_MS = 200;

export class RunSeries {
  /** End of each interval since the plan's start, seconds. */
  readonly seconds: number[] = [];
  readonly #columns = new Map<string, number[]>();
  readonly #bands: { kind: ChartBand["kind"]; from: number; to: number }[] = [];
  #lastKind: ChartBand["kind"] | "hold" = "hold";

  constructor(samples: Iterable<Sample> = []) {
    for (const sample of samples) this.add(sample);
  }

  /** The next second, in order. `sums`: those of the sample, where the caller has them already. */
  add(sample: Sample, sums: Readonly<Record<string, number>> = sumsOf(sample)): void {
    const index = this.seconds.length;
    const endS = number(sample.elapsedMs) / 1000;
    const intervalMs = Math.max(1, number(sample.intervalMs));
    this.seconds.push(endS);
    const isWhole = intervalMs >= SHORTEST_RATE_MS;
    for (const name of [...PERCENTILES, ...MOMENTS]) this.#put(name, index, number(sample[name]));
    for (const name of [...RATES, "cpuPercent"]) this.#put(name, index, isWhole ? number(sample[name]) : Number.NaN);
    for (const [name, sum] of Object.entries(SUM_RATES)) {
      this.#put(name, index, isWhole ? ((sums[sum] ?? 0) * 1000) / intervalMs : Number.NaN);
    }
    for (const [name, value] of Object.entries(sums)) {
      if (BY_REASON.some((prefix) => name.startsWith(prefix))) this.#put(name, index, value);
    }
    this.#shade(sample, Math.max(0, endS - intervalMs / 1000), endS);
  }

  /** A value for each of `seconds`; NaN: nothing was measured. Of a sum by reason: 0 where it did not grow. */
  column(name: string): readonly number[] {
    const column = this.#columns.get(name) ?? [];
    const isSum = name.includes("{");
    return this.seconds.map((_, index) => column[index] ?? (isSum ? 0 : Number.NaN));
  }

  /** Values of the tag `reason` that a sum was told with, in order of appearance. */
  reasons(sum: "disconnects" | "connect_failures"): string[] {
    const prefix = `${sum}{reason:`;
    return [...this.#columns.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length, -1));
  }

  /** Warm-up, ramps and the stopping at the end. */
  get bands(): readonly ChartBand[] {
    return this.#bands;
  }

  #put(name: string, index: number, value: number): void {
    let column = this.#columns.get(name);
    if (column === undefined) {
      if (Number.isNaN(value)) return;
      column = [];
      this.#columns.set(name, column);
    }
    while (column.length < index) column.push(name.includes("{") ? 0 : Number.NaN);
    column[index] = value;
  }

  #shade({ phase, isWarmup }: Sample, fromS: number, toS: number): void {
    // A ramp within the warm-up is shaded as what it is to the summary.
    const kind = isWarmup ? "warmup" : phase;
    const isNext = kind === this.#lastKind;
    this.#lastKind = kind;
    if (kind === "hold") return;
    if (isNext) this.#bands.at(-1)!.to = toS;
    else this.#bands.push({ kind, from: fromS, to: toS });
  }
}

function number(value: Sample[string] | undefined): number {
  return typeof value === "number" ? value : Number.NaN;
}
