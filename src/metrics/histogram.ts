// HDR histograms as this project uses them: microseconds inside, 3 significant digits, milliseconds to people.
import hdr, { type Histogram } from "hdr-histogram-js";
// The library declares `JsHistogram.decode` in this file only, and its index does not lead there.
import type {} from "hdr-histogram-js/dist/JsHistogram.encoding.js";

export type { Histogram };

const { JsHistogram, WasmHistogram } = hdr;

const ONE_HOUR_US = 3_600_000_000;
/** Nothing here lasts longer; it keeps an infinite value, a bug elsewhere, from growing a histogram without end. */
const LONGEST_MS = 30 * 24 * 3_600_000;

const SHAPE = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: ONE_HOUR_US,
  numberOfSignificantValueDigits: 3,
  autoResize: true,
} as const;

/** A new, empty histogram of microseconds to add others to; it grows by itself beyond an hour and counts to 2^53 a bucket. */
export function newHistogram(): Histogram {
  return hdr.build({ ...SHAPE, bitBucketSize: 64 });
}

/**
 * A new, empty histogram for a hot path: WebAssembly where there is any (recording takes a fifth of the time, bench/histogram.js).
 * It lives as long as its thread, counts to 2^32 a bucket between two resets, and reaches others only through
 * `encodeHistogram`: a histogram of the one kind cannot be added to the other.
 */
export function newRecordingHistogram(): Histogram {
  if (!("WebAssembly" in globalThis)) return hdr.build({ ...SHAPE, bitBucketSize: 32 });
  hdr.initWebAssemblySync();
  return hdr.build({ ...SHAPE, bitBucketSize: 32, useWebAssembly: true });
}

/** Records `valueMs` >= 0 (a negative value, from two clocks that disagree by a hair, counts as 0; 30 days is the most). */
export function recordMs(histogram: Histogram, valueMs: number): void {
  histogram.recordValue(valueMs > 0 ? Math.round(Math.min(valueMs, LONGEST_MS) * 1000) : 0);
}

/**
 * The counts as text, exactly; `decodeHistogram` gives them back. Base64 of HdrHistogram's V2 encoding: compressed, or plain where
 * the histogram is a recording one, because deflate would be half of the time that a snapshot holds the clients up.
 */
export function encodeHistogram(histogram: Histogram): string {
  if (!(histogram instanceof WasmHistogram)) return hdr.encodeIntoCompressedBase64(histogram, 1);
  const bytes = histogram.encode();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Base64 of the first three bytes that start a compressed and a plain encoding: 1c849314, 1c849313. */
const PLAIN_START = "HISTE";

/** A histogram with the counts of `encodeHistogram`'s text; minimum and maximum are known to 3 digits only. */
export function decodeHistogram(text: string): Histogram {
  if (!text.startsWith(PLAIN_START)) return hdr.decodeFromCompressedBase64(text, 32, false);
  return JsHistogram.decode(Buffer.from(text, "base64"), 32);
}

/** Every bucket that holds something, by ascending value: the largest value that it may stand for in ms, and its count. */
export interface Buckets {
  readonly valuesMs: readonly number[];
  readonly counts: readonly number[];
}

/** The buckets of a histogram that `newHistogram` or `decodeHistogram` gave. @throws {RangeError} For a recording one. */
export function bucketsOf(histogram: Histogram): Buckets {
  if (!(histogram instanceof JsHistogram))
    throw new RangeError("Cannot read buckets: the histogram must be no recording one");
  const valuesMs: number[] = [];
  const counts: number[] = [];
  let left = histogram.totalCount;
  for (let index = 0; left > 0; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    left -= count;
    valuesMs.push(histogram.highestEquivalentValue(histogram.valueFromIndex(index)) / 1000);
    counts.push(count);
  }
  return { valuesMs, counts };
}
