// Carries out a search for the limit: a run a load, each an ordinary result, a line each on stderr, the curve at the end.
import { join } from "node:path";
import { storedFigures } from "../analysis/summarize.js";
import { type LimitResult, limitExitFacts, limitResult } from "../limit/limit-result.js";
import { LoadSearch } from "../limit/load-search.js";
import { judgeTrial, type Trial, unstartedTrial } from "../limit/trial.js";
import { formatDuration } from "../profile/duration.js";
import { limitText, trialText } from "../report/limit-text.js";
import { exitCode } from "../result/exit-code.js";
import { readStoredResult } from "../result/stored-result.js";
import { begin } from "../run.js";
import { writeReport } from "./ci-outputs.js";
import { interruptOnSignals } from "./interrupt-on-signals.js";
import { shortageHere } from "./preflight.js";
import type { LimitPlan } from "./resolve-limit.js";
import { RunStop } from "./run-stop.js";

export interface LimitWishes {
  /** Folder of the whole search. */
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly useColor: boolean;
}

type Log = (line: string) => void;

/**
 * @returns The exit code.
 * @throws {EnvironmentError} If results cannot be written, the embedded server does not start, or not even the first load can be started.
 */
export async function runLimit(plan: LimitPlan, wishes: LimitWishes): Promise<number> {
  const log: Log = (line) => {
    if (!wishes.quiet) process.stderr.write(`${line}\n`);
  };
  for (const note of plan.notes) log(`note: ${note}`);
  log(planText(plan));
  const stop = new RunStop();
  const release = interruptOnSignals(stop, log);
  try {
    const limit = await searched(plan, wishes.out, stop, log);
    writeReport(wishes.out, "limit.json", `${JSON.stringify(limit, null, 2)}\n`);
    const text = () => limitText(limit, { useColor: wishes.useColor, folder: wishes.out });
    process.stdout.write(wishes.json ? `${JSON.stringify(limit)}\n` : text());
    return exitCode(limitExitFacts(limit));
  } finally {
    release();
  }
}

function planText({ axis, search: { climb, agree }, settleMs, holdMs }: LimitPlan): string {
  const time = `${formatDuration(settleMs)} to settle and ${formatDuration(holdMs)} judged`;
  const runs = agree === 1 ? "one run each" : `${agree} runs must agree near the limit`;
  return `find-limit: ${axis} from ${climb[0]} up to ${climb.at(-1)}, ${time} behind each ramp; ${runs}`;
}

async function searched(plan: LimitPlan, out: string, stop: RunStop, log: Log): Promise<LimitResult> {
  const search = new LoadSearch(plan.search);
  const trials: Trial[] = [];
  for (let load = search.next(); load !== undefined && !stop.isWanted; load = search.next()) {
    const runs = trials.filter((trial) => trial.load === load).length;
    const trial = await tried(plan, load, `${plan.axis}-${load}/run-${runs + 1}`, out, stop, trials.length === 0);
    if (trial === undefined) break;
    trials.push(trial);
    search.record(load, trial.outcome);
    log(`${plan.axis} ${load}, run ${runs + 1}: ${trialText(trial)}`);
  }
  const { profile, target, axis, objectives } = plan;
  const written = objectives.map(({ spec }) => `${spec.metric}: ${spec.expression}`);
  return limitResult({ profile, target, axis, objectives: written, end: search.end, held: search.held, trials });
}

/** undefined: interrupted, its figures say nothing. */
async function tried(
  plan: LimitPlan,
  load: number,
  below: string,
  out: string,
  stop: RunStop,
  isFirst: boolean,
): Promise<Trial | undefined> {
  const run = plan.runOf(load);
  const shortage = await shortageHere(run);
  if (shortage !== undefined) {
    if (isFirst) throw shortage;
    return unstartedTrial(load, `${shortage.message}. ${shortage.hint}`);
  }
  const folder = join(out, below);
  const started = await begin({
    profile: run.profile,
    workers: run.workers,
    flags: process.argv.slice(2),
    settings: run.settings,
    outFolder: folder,
    ...(run.server !== undefined && { server: run.server }),
  });
  stop.current = started;
  if (stop.isWanted) started.interrupt();
  const { summary, end } = await started.outcome;
  stop.current = undefined;
  if (end === "interrupted") return undefined;
  return judgeTrial(load, below, { summary, figures: storedFigures(readStoredResult(folder)) }, plan.objectives);
}
