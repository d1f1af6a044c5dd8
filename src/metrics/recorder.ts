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

/** A recorder whose figures count in another one as well, there with these tags (`scenario:fighter`). */
interface Part {
  readonly recorder: Recorder;
  readonly tags: readonly string[];
}

export class Recorder {
  readonly hot = new HotCounters();
  /** Most bytes that waited on the socket of one client when it sent, see `takeBacklogBytes`. */
  highestBacklogBytes = 0;
  readonly #trends = new Map<string, Histogram>();
  readonly #parts: Part[] = [];
  #sums: Record<string, number> = {};
  #gauges: Record<string, number> = {};

  constructor() {
    for (const name of TREND_NAMES) this.#histogram(name);
  }

  /** The histogram behind a trend, for a hot path that keeps it. */
  histogram(name: TrendName): Histogram {
    return this.#histogram(name);
  }

  /** Records one duration in ms; a trend that a profile made up may hold any number >= 0. */
  trend(name: string, valueMs: number): void {
    recordMs(this.#histogram(name), valueMs);
  }

  /** Adds to a sum; `name` may carry a tag in braces, see snapshot.ts. */
  count(name: string, by = 1): void {
    this.#sums[name] = (this.#sums[name] ?? 0) + by;
  }

  /** Sets a value of the moment, one that a profile made up. */
  gauge(name: string, value: number): void {
    this.#gauges[name] = value;
  }

  /**
   * A recorder for a part of the clients. What it records is added to this one's snapshots twice: under its plain name, and once for
   * each tag under `name{tag}`, sums that carry a tag already only as they are. The price is paid at the snapshot, not per sample.
   *
   * @param tags Such as `scenario:fighter`. Parts may share some.
   */
  part(tags: readonly string[]): Recorder {
    const recorder = new Recorder();
    this.#parts.push({ recorder, tags });
    return recorder;
  }

  /** Takes and clears everything since the last call. */
  take(gauges: Record<string, number>): Snapshot {
    for (const part of this.#parts) this.#addPart(part);
    const sums = this.#takeSums();
    const trends: Record<string, string> = {};
    for (const [name, histogram] of this.#trends) {
      if (histogram.totalCount === 0) continue;
      trends[name] = encodeHistogram(histogram);
      histogram.reset();
    }
    return { sums, gauges: { ...this.#gauges, ...gauges }, trends };
  }

  /** The highest backlog since the last call, of this one and its parts. */
  takeBacklogBytes(): number {
    const highest = Math.max(
      this.highestBacklogBytes,
      ...this.#parts.map(({ recorder }) => recorder.takeBacklogBytes()),
    );
    this.highestBacklogBytes = 0;
    return highest;
  }

  #addPart({ recorder, tags }: Part): void {
    for (const [name, value] of Object.entries(recorder.#takeSums())) {
      for (const key of keysOf(name, tags)) this.count(key, value);
    }
    for (const [name, histogram] of recorder.#trends) {
      if (histogram.totalCount === 0) continue;
      for (const key of keysOf(name, tags)) this.#histogram(key).add(histogram);
      histogram.reset();
    }
    for (const [name, value] of Object.entries(recorder.#gauges)) {
      for (const key of keysOf(name, tags)) this.#gauges[key] = value;
    }
  }

  #takeSums(): Record<string, number> {
    const sums = this.#sums;
    this.#sums = {};
    const hot = this.hot;
    for (const key of Object.keys(hot) as (keyof HotCounters)[]) {
      const name = SUM_OF_FIELD[key] ?? key;
      if (hot[key] !== 0) sums[name] = (sums[name] ?? 0) + hot[key];
      hot[key] = 0;
    }
    return sums;
  }

  #histogram(name: string): Histogram {
    const known = this.#trends.get(name);
    if (known !== undefined) return known;
    const histogram = newRecordingHistogram();
    this.#trends.set(name, histogram);
    return histogram;
  }
}

/** A sum with a tag stays as it is: the parts of its name would not come apart again. */
function keysOf(name: string, tags: readonly string[]): string[] {
  return name.includes("{") ? [name] : [name, ...tags.map((tag) => `${name}{${tag}}`)];
}

/** The transport's meter has its own field names. */
const SUM_OF_FIELD: Partial<Record<keyof HotCounters, string>> = {
  wireBytesSent: "wire_bytes_sent",
  wireBytesReceived: "wire_bytes_received",
};
