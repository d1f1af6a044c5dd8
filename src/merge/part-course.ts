// One part of a merged result, second by second of the wall clock: what it measured in each, and what it was at its end. Adds up no others.
import type { Interval } from "../metrics/interval.js";
import { openClients } from "../metrics/run-totals.js";
import { SnapshotTotal } from "../metrics/snapshot.js";
import type { StoredResult } from "../result/stored-result.js";
import { spanOf } from "./mergeable.js";

/** What a part was at the end of a second, whether it told of one then or before. */
export interface PartState {
  readonly gauges: Readonly<Record<string, number>>;
  readonly rssBytes: number;
  readonly phase: Interval["phase"];
}

/** The wall-clock second, counted from the epoch, that an instant lies in. */
export function secondOf(atMs: number): number {
  return Math.floor(atMs / 1000);
}

/**
 * An interval counts in the second that its middle lies in. A part tells of every second from its start to its end: in one without an
 * interval of its own it is what it was before.
 */
export class PartCourse {
  readonly firstSecond: number;
  readonly lastSecond: number;
  readonly #intervals: Generator<Interval>;
  #next: Interval | undefined;
  #state: PartState;

  constructor(stored: StoredResult) {
    const { startMs, endMs } = spanOf(stored);
    this.firstSecond = secondOf(startMs);
    this.lastSecond = secondOf(Math.max(startMs, endMs - 1));
    this.#intervals = withClosedBooks(stored);
    this.#advance();
    this.#state = { gauges: {}, rssBytes: 0, phase: this.#next?.phase ?? "stopping" };
  }

  /** Its intervals of a second; ask for the seconds in their order. */
  take(second: number): Interval[] {
    const taken: Interval[] = [];
    while (this.#next !== undefined && secondOf((this.#next.startMs + this.#next.endMs) / 2) <= second) {
      taken.push(this.#next);
      this.#advance();
    }
    if (taken.length > 0) this.#state = stateAfter(taken);
    else this.#state = { ...this.#state, gauges: withoutPeaks(this.#state.gauges) };
    return taken;
  }

  /** Undefined before its start and after its end. */
  stateIn(second: number): PartState | undefined {
    return second >= this.firstSecond && second <= this.lastSecond ? this.#state : undefined;
  }

  #advance(): void {
    const next = this.#intervals.next();
    this.#next = next.done ? undefined : next.value;
  }
}

const CONNECTED = "clients_connected";
const PEAK = "clients_connected_peak";
const BACKLOG = "socket_backlog_bytes";

function stateAfter(intervals: readonly Interval[]): PartState {
  const last = intervals.at(-1)!;
  const highest = (name: string): number => Math.max(...intervals.map(({ total }) => total.gauges[name] ?? 0));
  const gauges = Object.assign({}, ...intervals.map(({ total }) => total.gauges)) as Record<string, number>;
  const peaks = { [PEAK]: highest(PEAK), [BACKLOG]: highest(BACKLOG) };
  return { gauges: { ...gauges, ...peaks }, rssBytes: last.rssBytes, phase: last.phase };
}

/** Where nothing was told, nobody came and nothing was sent. */
function withoutPeaks(gauges: Readonly<Record<string, number>>): Record<string, number> {
  return { ...gauges, [PEAK]: gauges[CONNECTED] ?? 0, [BACKLOG]: 0 };
}

/** The intervals of a part; of one that was killed, the last accounts for the clients whose end nobody told. */
function* withClosedBooks(stored: StoredResult): Generator<Interval> {
  const sums = new SnapshotTotal();
  let held: Interval | undefined;
  for (const interval of stored.intervals()) {
    if (held !== undefined) yield held;
    held = interval;
    sums.addSums(interval.total.sums);
  }
  if (held === undefined) return;
  if (stored.ended.end === "cut") held.total.addSums(openClients(sums));
  yield held;
}
