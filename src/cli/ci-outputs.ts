// A result as it leaves the command line: stdout, and where build servers look for it: files, GitHub's job summary and annotations.
// Judges nothing.
import { appendFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnvironmentError } from "../errors.js";
import { annotations } from "../report/annotations.js";
import { htmlReport } from "../report/html/html-report.js";
import { junitXml } from "../report/junit.js";
import { summaryMarkdown } from "../report/markdown.js";
import { summaryText } from "../report/text.js";
import { RESULT_FILES } from "../result/results-folder.js";
import { readStoredResult } from "../result/stored-result.js";
import type { Summary } from "../result/summary.js";
import type { Environment } from "./setting-reader.js";

/** A summary and what it does not say: why the run did not run to its end. */
export interface Told {
  readonly summary: Summary;
  readonly endedWhy: string | undefined;
}

export type ReportKind = "html" | "markdown" | "junit";
export const ALL_REPORTS: readonly ReportKind[] = ["markdown", "junit", "html"];

const REPORTS: Readonly<Record<ReportKind, (told: Told, resultFolder: string) => string>> = {
  html: ({ summary }, resultFolder) => htmlReport(readStoredResult(resultFolder), summary),
  markdown: ({ summary, endedWhy }) => summaryMarkdown(summary, endedWhy),
  junit: ({ summary, endedWhy }) => junitXml(summary, endedWhy),
};

/**
 * Writes reports of a result into a folder, which is made where it is not there.
 *
 * @param outFolder The result's own, or another.
 * @returns Their paths.
 * @throws {EnvironmentError} If one cannot be written.
 * @throws {UsageError} If the result cannot be read.
 */
export function writeReports(
  kinds: readonly ReportKind[],
  told: Told,
  resultFolder: string,
  outFolder = resultFolder,
): string[] {
  return kinds.map((kind) => writeReport(outFolder, RESULT_FILES[kind], REPORTS[kind](told, resultFolder)));
}

/**
 * Writes one report, whatever makes it.
 *
 * @returns Its path.
 * @throws {EnvironmentError} If it cannot be written.
 */
export function writeReport(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
    return path;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Cannot write a report: ${path} must be a file that can be written, got "${why}"`;
    throw new EnvironmentError(message, "Name another folder with --out; check that the disk is not full", {
      cause: error,
    });
  }
}

export interface Output {
  /** One JSON object, and nothing else. */
  readonly json: boolean;
  readonly useColor: boolean;
  /** Where the result is; undefined: nowhere. */
  readonly folder?: string | undefined;
  /** From `tellGithub`. */
  readonly forGithub: string;
}

/** What `run` and `merge` print at their end. */
export function outputOf({ summary, endedWhy }: Told, { json, useColor, folder, forGithub }: Output): string {
  if (json) return `${JSON.stringify(summary)}\n`;
  const text = summaryText(summary, {
    useColor,
    ...(folder !== undefined && { resultsPath: folder }),
    ...(endedWhy !== undefined && { endedWhy }),
  });
  return text + forGithub;
}

/** GitHub refuses the whole job summary where it is larger. */
const MAX_STEP_SUMMARY_BYTES = 1024 * 1024;
const CUT_NOTE = "\n\n_The rest is in summary.md: GitHub takes no more here._\n";

/**
 * Under GitHub Actions: the summary for the job's page, and the annotations.
 *
 * @param log Told where the job's page could not be written: that fails no run.
 * @returns Lines for stdout, with their line ends; empty elsewhere.
 */
export function tellGithub(told: Told, environment: Environment, log: (line: string) => void): string {
  const path = environment.GITHUB_STEP_SUMMARY;
  if (path !== undefined && path !== "") {
    try {
      appendStepSummary(path, summaryMarkdown(told.summary, told.endedWhy));
    } catch (error) {
      log(`Cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (environment.GITHUB_ACTIONS !== "true") return "";
  return annotations(told.summary, told.endedWhy)
    .map((line) => `${line}\n`)
    .join("");
}

function appendStepSummary(path: string, markdown: string): void {
  const taken = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const room = MAX_STEP_SUMMARY_BYTES - 1 - taken;
  appendFileSync(path, Buffer.byteLength(markdown) < room ? `${markdown}\n` : cut(markdown, room));
}

/** Whole lines only; nothing where not even the note has room. */
function cut(markdown: string, roomBytes: number): string {
  let left = roomBytes - Buffer.byteLength(CUT_NOTE);
  if (left <= 0) return "";
  const lines: string[] = [];
  for (const line of markdown.split("\n")) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    lines.push(line);
  }
  return lines.join("\n") + CUT_NOTE;
}
