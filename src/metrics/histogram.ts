// HDR histograms as this project uses them: microseconds inside, 3 significant digits, milliseconds to people.
import hdr, { type Histogram } from "hdr-histogram-js";

const ONE_HOUR_US = 3_600_000_000;

/** A new, empty histogram of microseconds; it grows by itself beyond an hour. */
export function newHistogram(): Histogram {
  return hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: ONE_HOUR_US,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    autoResize: true,
  });
}

/** Records `valueMs` >= 0 (a negative value, from two clocks that disagree by a hair, counts as 0). */
export function recordMs(histogram: Histogram, valueMs: number): void {
  histogram.recordValue(valueMs > 0 ? Math.round(valueMs * 1000) : 0);
}

/** The histogram as text, exactly; `decodeHistogram` gives it back. */
export function encodeHistogram(histogram: Histogram): string {
  return hdr.encodeIntoCompressedBase64(histogram, 1);
}

export function decodeHistogram(text: string): Histogram {
  return hdr.decodeFromCompressedBase64(text, 32, false);
}
