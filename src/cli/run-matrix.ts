// Carries out a planned matrix for a person: a line a cell on stderr, every cell an ordinary result, the table at the end.
import { join } from "node:path";
import { storedSummary } from "../analysis/summarize.js";
import type { RunFacts } from "../comparison/run-facts.js";
import { runFactsOf } from "../comparison/run-facts-of.js";
import { UtpLoadError } from "../errors.js";
import { type CellResult, type MatrixResult, rankVariants } from "../matrix/matrix-result.js";
import type { Cell } from "../matrix/schedule.js";
import { startVariantServer } from "../matrix/variant-server.js";
import { formatDuration } from "../profile/duration.js";
import { matrixMarkdown } from "../report/matrix-markdown.js";
import { matrixText } from "../report/matrix-text.js";
import { exitCode } from "../result/exit-code.js";
import { readStoredResult } from "../result/stored-result.js";
import type { Summary } from "../result/summary.js";
import { begin } from "../run.js";
import { writeReport } from "./ci-outputs.js";
import { interruptOnSignals } from "./interrupt-on-signals.js";
import type { MatrixPlan, PlannedVariant } from "./resolve-matrix.js";
import { RunStop } from "./run-stop.js";

export interface MatrixWishes {
  /** The matrix's folder. */
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly useColor: boolean;
}

/** A cell and, where its figures count, what it measured. */
interface DoneCell {
  readonly result: CellResult;
  readonly facts: RunFacts | undefined;
}

/**
 * @returns The exit code.
 * @throws {EnvironmentError} If the reports cannot be written.
 */
export async function runMatrix(plan: MatrixPlan, wishes: MatrixWishes): Promise<number> {
  const log = (line: string): void => {
    if (!wishes.quiet) process.stderr.write(`${line}\n`);
  };
  for (const line of planLines(plan)) log(line);
  const stop = new RunStop();
  const release = interruptOnSignals(stop, log);
  try {
    const done = await runCells(plan, wishes.out, stop, log);
    const matrix = matrixOf(plan, done);
    writeReport(wishes.out, "matrix.json", `${JSON.stringify(matrix, null, 2)}\n`);
    writeReport(wishes.out, "matrix.md", matrixMarkdown(matrix));
    process.stdout.write(
      wishes.json ? `${JSON.stringify(matrix)}\n` : matrixText(matrix, { ...wishes, folder: wishes.out }),
    );
    return exitCode({
      interrupted: stop.isWanted,
      neverReached: matrix.cells.every(({ verdict }) => verdict === null),
      invalid: matrix.cells.some(({ verdict }) => verdict === "invalid"),
    });
  } finally {
    release();
  }
}

function planLines({ cells, variants, repeat, durationMs, notes }: MatrixPlan): string[] {
  const what = `${cells.length} cells: ${variants.length} variants, ${repeat} runs each, in an order shuffled for each round`;
  return [...notes.map((note) => `note: ${note}`), `matrix: ${what}; ${formatDuration(durationMs)} and a little more`];
}

async function runCells(
  plan: MatrixPlan,
  out: string,
  stop: RunStop,
  log: (line: string) => void,
): Promise<DoneCell[]> {
  const done: DoneCell[] = [];
  for (const [number, cell] of plan.cells.entries()) {
    if (stop.isWanted) break;
    const one = await runCell(cell, plan.variants[cell.index]!, out, stop);
    done.push(one);
    log(`${number + 1}/${plan.cells.length} ${cell.variant.name}, run ${cell.round}: ${cellText(one)}`);
  }
  return done;
}

function cellText({ result: { verdict, problem }, facts }: DoneCell): string {
  if (verdict === null) return `failed: ${problem}`;
  return facts === undefined ? `${verdict.toUpperCase()}, left out: ${problem}` : verdict.toUpperCase();
}

async function runCell(
  cell: Cell,
  { variant, run, server }: PlannedVariant,
  out: string,
  stop: RunStop,
): Promise<DoneCell> {
  const failed = (problem: string): DoneCell => {
    return {
      result: { variant: variant.name, round: cell.round, folder: cell.folder, verdict: null, problem },
      facts: undefined,
    };
  };
  const folder = join(out, cell.folder);
  const logPath = join(out, `${cell.folder.replace("/run-", "/server-")}.log`);
  const running = server === undefined ? undefined : await startVariantServer({ ...server, logPath });
  if (typeof running === "string") return failed(running);
  try {
    const started = await begin({
      profile: run.profile,
      workers: run.workers,
      flags: process.argv.slice(2),
      settings: run.settings,
      outFolder: folder,
      ...(run.server !== undefined && { server: run.server }),
    });
    stop.current = started;
    const { summary, why } = await started.outcome;
    const death = running?.death();
    return judged(
      cell,
      folder,
      summary,
      death === undefined ? why : `the server ${death} during the run, see ${logPath}`,
    );
  } catch (error) {
    if (error instanceof UtpLoadError) return failed(error.message);
    throw error;
  } finally {
    stop.current = undefined;
    await running?.stop();
  }
}

/** Figures that are not the server's, or of a part of the plan, are left out of the comparison. */
function judged(
  { variant, round, folder: below }: Cell,
  folder: string,
  summary: Summary,
  why: string | undefined,
): DoneCell {
  const { verdict, generator, clients, partial } = summary;
  const problems = [
    ...(why === undefined ? [] : [why]),
    ...(partial && why === undefined ? ["the run did not run to its end"] : []),
    ...(verdict === "invalid" ? generator.why : []),
    ...(clients.connected === 0 ? ["no client became connected"] : []),
  ];
  const problem = problems.length === 0 ? null : problems.join("; ");
  const result = { variant: variant.name, round, folder: below, verdict, problem };
  if (problem !== null) return { result, facts: undefined };
  const stored = readStoredResult(folder);
  return { result, facts: runFactsOf(stored, storedSummary(stored)) };
}

function matrixOf({ profile, varied, repeat, variants }: MatrixPlan, done: readonly DoneCell[]): MatrixResult {
  const measured = variants.map(({ variant }) => {
    const own = done.filter(({ result }) => result.variant === variant.name);
    return { variant, runs: own.flatMap(({ facts }) => facts ?? []) };
  });
  const cells = done.map(({ result }) => result);
  return { schema: "utp-load/matrix@1", profile, vary: varied, repeat, cells, ...rankVariants(measured) };
}
