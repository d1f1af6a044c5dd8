// histograms.hlog: HdrHistogram's interval log of every trend, a tag each, written and read. It makes text of it; the journal writes it.
import hdr, { type Histogram } from "hdr-histogram-js";
import { decodeHistogram } from "../metrics/histogram.js";
import type { Interval } from "../metrics/interval.js";

/** Interval_Max is in ms: values are microseconds. */
const MAX_UNIT_RATIO = 1000;

/** Tag of the generator's own event-loop delay: no metric, but the summary tells it. */
export const EVENT_LOOP_DELAY = "event_loop_delay";
/** Of the pauses of the workers' garbage collectors. */
export const GC_PAUSE = "gc_pause";

/** Collects what the library's writer says, so that a second's lines leave in one write. */
function written(tell: (writer: InstanceType<typeof hdr.HistogramLogWriter>) => void): string {
  let text = "";
  tell(
    new hdr.HistogramLogWriter((line) => {
      text += line;
    }),
  );
  return text;
}

/**
 * The head of the log: units, and from which second on an interval belongs to the summary.
 *
 * @param measuredFromMs Start of what the summary counts, ms since the epoch: the run's start and its warm-up.
 */
export function histogramLogHead(startedAtMs: number, measuredFromMs: number): string {
  return written((writer) => {
    writer.outputComment("[utp-load: one tag a metric; values in microseconds, Interval_Max in milliseconds]");
    writer.outputLogFormatVersion();
    // Not the library's outputStartTime: it adds an empty line and the machine's own time zone.
    const seconds = (startedAtMs / 1000).toFixed(3);
    writer.outputComment(`[StartTime: ${seconds} (seconds since epoch), ${new Date(startedAtMs).toISOString()}]`);
    if (measuredFromMs > startedAtMs) {
      writer.outputComment(
        `[Warm-up: intervals that start before ${(measuredFromMs / 1000).toFixed(3)} are not in the summary]`,
      );
    }
    writer.outputLegend();
  });
}

/** A line for each trend that has samples in the interval; time stamps are seconds since the epoch. */
export function histogramLogLines({ total, startMs, endMs }: Interval): string {
  return written((writer) => {
    const own = [[EVENT_LOOP_DELAY, total.eventLoopDelay] as const, [GC_PAUSE, total.gcPauses] as const];
    for (const [name, histogram] of [...total.trends, ...own]) {
      if (histogram.totalCount === 0) continue;
      histogram.tag = name;
      writer.outputIntervalHistogram(histogram, startMs / 1000, endMs / 1000, MAX_UNIT_RATIO);
    }
  });
}

/** One histogram of one interval, not decoded until somebody asks. */
export interface StoredHistogram {
  /** The trend's name with its tag in braces, `EVENT_LOOP_DELAY` or `GC_PAUSE`. */
  readonly metric: string;
  /** Wall clock, whole ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** Of microseconds. @throws If the text is none. */
  histogram(): Histogram;
}

/** A tag may hold commas of its own: the four fields behind it are counted from the end. */
const LINE = /^Tag=(.*),(\d+\.\d{3}),(\d+\.\d{3}),[\d.]+,([A-Za-z0-9+/=]+)$/s;

/** What a line says; undefined: it is a comment or the legend. "unreadable": it is neither. */
export function readHistogramLine(line: string): StoredHistogram | "unreadable" | undefined {
  if (line.startsWith("#") || line.startsWith('"')) return undefined;
  const [, metric, startSeconds, lengthSeconds, text] = LINE.exec(line) ?? [];
  if (metric === undefined || text === undefined) return "unreadable";
  const startMs = Math.round(Number(startSeconds) * 1000);
  return {
    metric,
    startMs,
    endMs: startMs + Math.round(Number(lengthSeconds) * 1000),
    histogram: () => decodeHistogram(text),
  };
}
