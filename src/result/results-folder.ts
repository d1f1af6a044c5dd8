// The folder of a result: its name, its files, and the proof that it can be written before anything is sent.
import { accessSync, existsSync, mkdirSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../errors.js";

/** Files of a result; the last three are made by `report`. */
export const RESULT_FILES = {
  run: "run.json",
  samples: "samples.ndjson",
  histograms: "histograms.hlog",
  clients: "clients.ndjson",
  summary: "summary.json",
  html: "report.html",
  markdown: "summary.md",
  junit: "junit.xml",
  comparison: "comparison.json",
  comparisonMarkdown: "comparison.md",
  comparisonHtml: "comparison.html",
} as const;

export interface ResultsFolder {
  readonly path: string;
  /** An earlier result was there and is gone: worth a word to the user. */
  readonly replaced: boolean;
}

/** Identifies a run, and names its folder: `smoke-20261123T014600Z`. No colon, so that every file system takes it. */
export function runIdOf(profileName: string, startedAtMs: number): string {
  const instant = new Date(startedAtMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const safeName = profileName.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|[.-]+$/g, "");
  return `${safeName === "" ? "run" : safeName.slice(0, 80)}-${instant}`;
}

/** The default folder of a run; a number is added where two runs start in the same second. */
export function defaultResultsPath(runId: string, parent = "results"): string {
  const first = join(parent, runId);
  for (let number = 2, path = first; ; path = `${first}-${number++}`) if (!existsSync(path)) return path;
}

/**
 * Makes the folder, clears it of an earlier result's files (of nothing else), and proves that it can be written.
 *
 * @throws {EnvironmentError} If it cannot: names the path, the cause and a remedy. Nothing has been sent by then.
 */
export function createResultsFolder(path: string): ResultsFolder {
  try {
    makeFolder(path);
    const old = Object.values(RESULT_FILES).filter((name) => existsSync(join(path, name)));
    for (const name of old) rmSync(join(path, name));
    const probe = join(path, `.writable-${process.pid}`);
    writeFileSync(probe, "");
    accessSync(probe);
    unlinkSync(probe);
    return { path, replaced: old.length > 0 };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `Cannot write results: ${path} must be a folder that can be written, got "${why}"`,
      "Name another folder with --out, or give yourself the right to write there; check that the disk is not full",
      { cause: error },
    );
  }
}

/** With those above it. Node's `recursive` never returns where the system refuses a folder with ENOENT, as below /proc. */
export function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
