// Carries out a resolved run for a person: progress and log on stderr, the summary on stdout, Ctrl-C, the exit code.
import { comparisonText } from "../report/comparison-text.js";
import { isLive, Progress } from "../report/progress.js";
import { exitCode, exitFactsOf } from "../result/exit-code.js";
import { begin, type RunOutcome } from "../run.js";
import { runPlan } from "../virtual-user/run-plan.js";
import { ALL_REPORTS, outputOf, tellGithub, writeReports } from "./ci-outputs.js";
import { compareWithBaseline } from "./compare-with-baseline.js";
import { interruptOnSignals } from "./interrupt-on-signals.js";
import type { ResolvedRun } from "./resolved-run.js";

/**
 * @returns The exit code.
 * @throws {EnvironmentError} If the results folder cannot be written or the embedded server does not start.
 */
export async function executeRun(resolved: ResolvedRun): Promise<number> {
  const progress = resolved.progress ? newProgress(resolved) : undefined;
  const log = (line: string): void => {
    if (progress !== undefined) progress.log(line);
    else if (!resolved.quiet) process.stderr.write(`${line}\n`);
  };
  try {
    return await carryOut(resolved, log, progress);
  } finally {
    progress?.stop();
  }
}

async function carryOut(
  resolved: ResolvedRun,
  log: (line: string) => void,
  progress: Progress | undefined,
): Promise<number> {
  tellShard(resolved, log);
  const started = await begin({
    profile: resolved.profile,
    workers: resolved.workers,
    failFast: resolved.failFast,
    coordination: resolved.coordination,
    flags: process.argv.slice(2),
    settings: resolved.settings,
    onLog: log,
    onInterval: (interval) => progress?.onInterval(interval),
    ...resolved.watchers,
    ...(resolved.server !== undefined && { server: resolved.server }),
    ...(resolved.outFolder !== undefined && { outFolder: resolved.outFolder }),
  });
  const stopListening = interruptOnSignals(started, log);
  try {
    const outcome = await started.outcome;
    progress?.stop();
    process.stdout.write(tell(outcome, resolved, log));
    const isRegression = isWorseThanBaseline(outcome, resolved, log);
    return isRegression
      ? exitCode({ ...exitFactsOf(outcome.summary, outcome.end), regression: true })
      : outcome.exitCode;
  } finally {
    stopListening();
  }
}

function tellShard({ profile, settings, coordination: { shard } }: ResolvedRun, log: (line: string) => void): void {
  if (shard === undefined) return;
  const plan = runPlan(profile);
  const from = settings.find(({ name }) => name === "shard")?.source ?? "";
  const clients = runPlan(profile, shard).clients.length;
  log(`shard ${shard.index} of ${shard.count} (${from}): ${clients} of the plan's ${plan.clients.length} clients`);
}

function newProgress({ profile }: ResolvedRun): Progress {
  return new Progress({
    profile,
    stream: process.stderr,
    isLive: isLive(process.env, process.stdout, process.stderr),
  });
}

/** Leaves the reports in the folder; gives what stdout is told. The run is over: a report that cannot be written is told, no more. */
function tell({ summary, why, folder }: RunOutcome, { json, color }: ResolvedRun, log: (line: string) => void): string {
  const told = { summary, endedWhy: why };
  try {
    if (folder !== undefined) writeReports(ALL_REPORTS, told, folder);
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
  }
  return outputOf(told, { json, useColor: color, folder, forGithub: tellGithub(told, process.env, log) });
}

/** Tells the comparison behind the summary; on stderr where stdout is one JSON object. */
function isWorseThanBaseline(
  { folder }: RunOutcome,
  { baseline, json, color, quiet }: ResolvedRun,
  log: (line: string) => void,
): boolean {
  if (baseline === undefined || folder === undefined) return false;
  const comparison = compareWithBaseline(baseline, folder, log);
  if (!json) process.stdout.write(`\n${comparisonText(comparison, { useColor: color })}`);
  else if (!quiet) process.stderr.write(comparisonText(comparison, { useColor: false }));
  return comparison.regressions.length > 0;
}
