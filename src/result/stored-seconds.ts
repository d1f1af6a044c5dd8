// The seconds of a result folder in order: each line of samples with its lines of histograms.hlog. Decodes and adds up nothing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHistogramLine, type StoredHistogram } from "./histogram-log.js";
import { RESULT_FILES } from "./results-folder.js";
import type { Sample } from "./sample.js";
import { unreadableLine } from "./unreadable.js";
import { wholeLines } from "./whole-lines.js";

export interface StoredSecond {
  readonly sample: Sample;
  /** Wall clock, whole ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly histograms: readonly StoredHistogram[];
}

/** What was found beside whole seconds. */
export interface Leftovers {
  /** Files whose last line was cut off. */
  readonly torn: Set<string>;
  /** Lines of histograms.hlog that belong to no sample. */
  strayHistograms: number;
}

/**
 * Every second whose line of samples is whole, the oldest first; nothing is kept between them.
 *
 * @throws {UsageError} If a line that is not the last of its file cannot be read: names the file and the line.
 */
export function* storedSeconds(folder: string, leftovers: Leftovers): Generator<StoredSecond> {
  const histograms = storedHistograms(folder, leftovers);
  let next = histograms.next();
  for (const sample of storedSamples(folder, leftovers)) {
    const endMs = Date.parse(sample.t);
    const startMs = endMs - sample.intervalMs;
    const own: StoredHistogram[] = [];
    for (
      ;
      !next.done && next.value.startMs <= startMs && own.length < sample.histogramLines;
      next = histograms.next()
    ) {
      if (next.value.startMs === startMs && next.value.endMs === endMs) own.push(next.value);
      else leftovers.strayHistograms++;
    }
    yield { sample, startMs, endMs, histograms: own };
  }
  for (; !next.done; next = histograms.next()) leftovers.strayHistograms++;
}

/** The samples alone, as `storedSeconds` has them. */
export function* storedSamples(folder: string, leftovers: Leftovers): Generator<Sample> {
  const name = RESULT_FILES.samples;
  for (const { text, number, isLast } of linesOf(folder, name, leftovers)) {
    const sample = sampleIn(text);
    if (sample !== undefined) yield sample;
    else if (isLast) leftovers.torn.add(name);
    else throw unreadableLine(join(folder, name), number, "the sample of one second", text);
  }
}

function* storedHistograms(folder: string, leftovers: Leftovers): Generator<StoredHistogram> {
  const name = RESULT_FILES.histograms;
  for (const { text, number, isLast } of linesOf(folder, name, leftovers)) {
    const found = readHistogramLine(text);
    if (found === undefined) continue;
    if (found !== "unreadable") yield found;
    else if (isLast) leftovers.torn.add(name);
    else throw unreadableLine(join(folder, name), number, "the histogram of one interval", text);
  }
}

/** A file that is not there has no lines: the run died before it wrote one. */
export function* linesOf(
  folder: string,
  name: string,
  leftovers: Leftovers,
): Generator<{ text: string; number: number; isLast: boolean }> {
  const path = join(folder, name);
  if (existsSync(path)) yield* wholeLines(path, () => leftovers.torn.add(name));
}

function sampleIn(text: string): Sample | undefined {
  try {
    const sample = JSON.parse(text) as Sample | null;
    const isSample =
      typeof sample === "object" &&
      Number.isFinite(Date.parse(sample?.t ?? "")) &&
      typeof sample?.intervalMs === "number" &&
      typeof sample.histogramLines === "number";
    return isSample ? sample : undefined;
  } catch {
    return undefined;
  }
}
