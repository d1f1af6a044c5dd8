// histograms.hlog: HdrHistogram's interval log of every trend, a tag each. It makes the text; the journal writes it.
import hdr from "hdr-histogram-js";
import type { Interval } from "../engine/run-types.js";

/** Interval_Max is in ms: values are microseconds. */
const MAX_UNIT_RATIO = 1000;

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
    for (const [name, histogram] of total.trends) {
      if (histogram.totalCount === 0) continue;
      histogram.tag = name;
      writer.outputIntervalHistogram(histogram, startMs / 1000, endMs / 1000, MAX_UNIT_RATIO);
    }
  });
}
