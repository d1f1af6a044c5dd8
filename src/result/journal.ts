// The results folder of a run under way: run.json first, a second at a time, summary.json last. What cannot be written is told and
// counted.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "../errors.js";
import type { Interval } from "../metrics/interval.js";
import { AppendedFile } from "./appended-file.js";
import { histogramLogHead, histogramLogLines } from "./histogram-log.js";
import { RESULT_FILES } from "./results-folder.js";
import type { RunFile } from "./run-file.js";
import { sampleOf } from "./sample.js";
import type { Summary } from "./summary.js";

export class Journal {
  readonly #folder: string;
  readonly #samples: AppendedFile;
  readonly #histograms: AppendedFile;
  readonly #clients: AppendedFile;
  readonly #onProblem: (problem: string) => void;
  /** Files whose first failure was told. */
  readonly #told = new Set<string>();
  #lostWrites = 0;

  /**
   * Writes run.json and the heads of the two logs, before the first connection.
   *
   * @param folder One that `createResultsFolder` has made.
   * @param onProblem Told of the first write that fails in each file, in words; `lostWrites` counts them all.
   * @throws {EnvironmentError} If even these cannot be written.
   */
  constructor(folder: string, run: RunFile, onProblem: (problem: string) => void) {
    this.#folder = folder;
    this.#onProblem = onProblem;
    try {
      writeWhole(join(folder, RESULT_FILES.run), run);
      this.#samples = new AppendedFile(join(folder, RESULT_FILES.samples));
      this.#histograms = new AppendedFile(join(folder, RESULT_FILES.histograms));
      this.#clients = new AppendedFile(join(folder, RESULT_FILES.clients));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const hint = "Name another folder with --out; check that the disk is not full";
      throw new EnvironmentError(`Cannot write results: ${folder} must take run.json, got "${why}"`, hint, {
        cause: error,
      });
    }
    const startedAtMs = Date.parse(run.startedAt);
    this.#append(this.#histograms, histogramLogHead(startedAtMs, startedAtMs + run.profile.warmupMs));
  }

  /** Appends that failed: seconds of a file that are missing in the folder. 0: all is there. */
  get lostWrites(): number {
    return this.#lostWrites;
  }

  /**
   * One second, a write a file, on disk's side of the process when this returns. The line of samples comes last: it says that the
   * second is whole.
   */
  onInterval(interval: Interval): void {
    const histograms = histogramLogLines(interval);
    this.#append(this.#histograms, histograms);
    this.#append(this.#clients, interval.outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(""));
    this.#append(this.#samples, `${JSON.stringify(sampleOf(interval, lineCount(histograms)))}\n`);
  }

  /** Writes summary.json, all of it or nothing, and closes the folder. Call it once. */
  finish(summary: Summary): void {
    this.#samples.close();
    this.#histograms.close();
    this.#clients.close();
    try {
      writeWhole(join(this.#folder, RESULT_FILES.summary), summary);
    } catch (error) {
      this.#lost(RESULT_FILES.summary, error instanceof Error ? error.message : String(error));
    }
  }

  #append(file: AppendedFile, text: string): void {
    if (text === "") return;
    const problem = file.append(text);
    if (problem !== undefined) this.#lost(file.path, problem);
  }

  #lost(path: string, why: string): void {
    this.#lostWrites++;
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#onProblem(`Cannot write ${path}: ${why}. The run goes on; this part of its results is lost`);
  }
}

function lineCount(text: string): number {
  return text.split("\n").length - 1;
}

/** A reader sees the old file or the new one, never half of it. */
function writeWhole(path: string, value: unknown): void {
  const temporary = `${path}.part`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, path);
}
