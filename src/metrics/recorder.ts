// Where one worker writes what it measures. Recording allocates nothing; a snapshot takes what came since the last one.
import type { Histogram } from "hdr-histogram-js";
import { encodeHistogram, newRecordingHistogram, recordMs } from "./histogram.js";
import { TREND_NAMES, type TrendName } from "./names.js";
import type { Snapshot } from "./snapshot.js";

/** Sums of the hot path, as plain fields; everything rare goes through `count`. */
export class HotCounters {
  messages_planned = 0;
  messages_sent = 0;
  messages_received = 0;
  messages_answered = 0;
  dropped_sends = 0;
  bytes_sent = 0;
  bytes_received = 0;
  wireBytesSent = 0;
  wireBytesReceived = 0;
}

export class Recorder {
  readonly hot = new HotCounters();
  readonly #trends = new Map<TrendName, Histogram>();
  #sums: Record<string, number> = {};

  constructor() {
    for (const name of TREND_NAMES) this.#trends.set(name, newRecordingHistogram());
  }

  /** Records one duration in ms. */
  trend(name: TrendName, valueMs: number): void {
    recordMs(this.#trends.get(name)!, valueMs);
  }

  /** Adds to a sum; `name` may carry a tag in braces, see snapshot.ts. */
  count(name: string, by = 1): void {
    this.#sums[name] = (this.#sums[name] ?? 0) + by;
  }

  /** Takes and clears everything since the last call. */
  take(gauges: Record<string, number>): Snapshot {
    const sums = this.#sums;
    this.#sums = {};
    const hot = this.hot;
    for (const key of Object.keys(hot) as (keyof HotCounters)[]) {
      if (hot[key] !== 0) sums[SUM_OF_FIELD[key] ?? key] = hot[key];
      hot[key] = 0;
    }
    const trends: Partial<Record<TrendName, string>> = {};
    for (const [name, histogram] of this.#trends) {
      if (histogram.totalCount === 0) continue;
      trends[name] = encodeHistogram(histogram);
      histogram.reset();
    }
    return { sums, gauges, trends };
  }
}

/** The transport's meter has its own field names. */
const SUM_OF_FIELD: Partial<Record<keyof HotCounters, string>> = {
  wireBytesSent: "wire_bytes_sent",
  wireBytesReceived: "wire_bytes_received",
};
