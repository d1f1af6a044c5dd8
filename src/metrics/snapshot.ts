// What was measured since the last snapshot, as plain data that crosses threads; adding snapshots loses nothing.
import type { Histogram } from "hdr-histogram-js";
import type { ClientOutcome } from "./client-outcome.js";
import { decodeHistogram, newHistogram } from "./histogram.js";
import { commonSilence, type Silence } from "./silence.js";

/**
 * Names of the sums beyond the metrics of names.ts that the books need. A tag stands in braces behind the name:
 * `disconnects{reason:Silence}`, `protocol_drops{why:unknownToken}`, `give_ups_native{reason:UpgradeTimeout}`.
 */
export type SumName = string;

/** What the thread of a worker took in an interval. */
export interface ThreadFigures {
  readonly cpuMs: number;
  /** Encoded, the pauses of its garbage collector. */
  readonly gcPauses: string;
}

/** One interval of one worker, or of several added up. */
export interface Snapshot {
  /** Sums of this interval only. */
  readonly sums: Record<SumName, number>;
  /** Values of the moment at the interval's end. Numbers of clients are added over workers; of a profile's own the largest stands. */
  readonly gauges: Record<string, number>;
  /** Encoded histograms of this interval only, by the trend's name with its tag; an empty one is left out. */
  readonly trends: Readonly<Record<string, string>>;
  /** Encoded, the worker's event-loop delay in this interval. */
  readonly eventLoopDelay?: string;
  /** Absent where no thread of its own ran the clients. */
  readonly thread?: ThreadFigures;
  /** The longest time up to or in this interval in which nothing arrived for any client; absent: none was connected. */
  readonly silence?: Silence;
  /** Clients of which something became known in this interval; a total does not keep them. */
  readonly outcomes?: readonly ClientOutcome[];
}

/** Snapshots added up: of workers for one second, or of seconds for a run. */
export class SnapshotTotal {
  readonly sums: Record<SumName, number> = {};
  readonly gauges: Record<string, number> = {};
  readonly trends = new Map<string, Histogram>();
  readonly eventLoopDelay: Histogram = newHistogram();
  readonly gcPauses: Histogram = newHistogram();
  /** Of the workers of one interval together; of several intervals it says nothing. */
  silence: Silence | undefined;

  /** Adds another interval; gauges are joined too, so clear them between seconds. */
  add(snapshot: Snapshot): void {
    this.addSums(snapshot.sums);
    this.joinGauges(snapshot.gauges);
    for (const [name, text] of Object.entries(snapshot.trends)) this.trend(name).add(decodeHistogram(text));
    this.silence = commonSilence(this.silence, snapshot.silence);
    if (snapshot.eventLoopDelay !== undefined) this.eventLoopDelay.add(decodeHistogram(snapshot.eventLoopDelay));
    if (snapshot.thread !== undefined) this.gcPauses.add(decodeHistogram(snapshot.thread.gcPauses));
  }

  /** Adds what another total has, but its gauges: they are of its moment only. */
  addTotal(other: SnapshotTotal): void {
    this.addSums(other.sums);
    for (const [name, histogram] of other.trends) this.trend(name).add(histogram);
    this.eventLoopDelay.add(other.eventLoopDelay);
    this.gcPauses.add(other.gcPauses);
  }

  /** Joins values of the same moment, seen by another part of the generator. */
  joinGauges(gauges: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(gauges)) this.gauges[name] = joined(name, this.gauges[name], value);
  }

  addSums(sums: Readonly<Record<SumName, number>>): void {
    for (const [name, value] of Object.entries(sums)) this.sums[name] = (this.sums[name] ?? 0) + value;
  }

  /** The histogram of a trend, empty if nothing was recorded. */
  trend(name: string): Histogram {
    const known = this.trends.get(name);
    if (known !== undefined) return known;
    const histogram = newHistogram();
    this.trends.set(name, histogram);
    return histogram;
  }

  sum(name: SumName): number {
    return this.sums[name] ?? 0;
  }

  /** All sums of one name by the value of one tag: `byTag("disconnects", "reason")` gives `{ Silence: 3 }`. */
  byTag(name: string, tag: string): Record<string, number> {
    const prefix = `${name}{${tag}:`;
    const found: Record<string, number> = {};
    for (const [key, value] of Object.entries(this.sums)) {
      if (value !== 0 && key.startsWith(prefix)) found[key.slice(prefix.length, -1)] = value;
    }
    return found;
  }
}

/** Clients of several workers add up; what one client saw on the wire, such as a tick, does not. */
function joined(name: string, before: number | undefined, value: number): number {
  if (before === undefined) return value;
  return name.startsWith("clients_") ? before + value : Math.max(before, value);
}
