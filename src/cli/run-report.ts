// Carries out `report`: reads a result's folder, writes the reports asked for, prints the summary. Judges nothing anew.
import { storedSummary } from "../analysis/summarize.js";
import { readStoredResult } from "../result/stored-result.js";
import { ALL_REPORTS, outputOf, type ReportKind, tellGithub, writeReports } from "./ci-outputs.js";
import { showsColor } from "./shows-color.js";

export interface ReportWishes {
  readonly html: boolean;
  readonly md: boolean;
  readonly junit: boolean;
  readonly json: boolean;
  /** Folder of what is written; undefined: the result's own. */
  readonly out?: string | undefined;
  readonly color?: boolean | undefined;
}

/**
 * @returns The exit code.
 * @throws {UsageError} If the folder is no result that can be read.
 * @throws {EnvironmentError} If a report cannot be written.
 */
export function runReport(folder: string, wishes: ReportWishes): number {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const stored = readStoredResult(folder);
  for (const note of stored.notes) log(`note: ${note}`);
  const told = { summary: storedSummary(stored), endedWhy: stored.ended.why };
  const written = writeReports(kindsOf(wishes), told, folder, wishes.out);
  for (const path of written) (wishes.json ? process.stderr : process.stdout).write(`${path} written\n`);
  const forGithub = tellGithub(told, process.env, log);
  const useColor = showsColor(wishes.color);
  if (wishes.json || written.length === 0) {
    process.stdout.write(outputOf(told, { json: wishes.json, useColor, forGithub }));
  } else process.stdout.write(forGithub);
  return 0;
}

function kindsOf({ html, md, junit }: ReportWishes): ReportKind[] {
  const isWanted = { html, markdown: md, junit };
  return ALL_REPORTS.filter((kind) => isWanted[kind]);
}
