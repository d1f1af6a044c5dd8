// One whole run, as the command line and the library do it: embedded server, engine, journal, summary. Prints nothing.
import { KeptSeries } from "./analysis/kept-series.js";
import { seriesPointOf } from "./analysis/observations.js";
import { summarize } from "./analysis/summarize.js";
import { startRun } from "./engine/run.js";
import type { RunControl } from "./engine/run-control.js";
import type { Interval, RunEnd } from "./engine/run-types.js";
import { RunWatchers, type WatcherOptions } from "./live/run-watchers.js";
import type { SnapshotTotal } from "./metrics/snapshot.js";
import { thresholdAbort } from "./metrics/thresholds.js";
import { pipelinesText } from "./profile/pipelines-text.js";
import type { Profile } from "./profile/profile.js";
import { exitCode, exitFactsOf } from "./result/exit-code.js";
import { Journal } from "./result/journal.js";
import { createResultsFolder, defaultResultsPath, runIdOf } from "./result/results-folder.js";
import { runFileOf, type Setting, shardText } from "./result/run-file.js";
import type { Summary } from "./result/summary.js";
import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from "./server/embedded-server.js";
import { Coordination, type CoordinationOptions } from "./shard/coordination.js";
import { VERSION } from "./version.js";

export interface RunOptions extends WatcherOptions {
  readonly profile: Profile;
  /** The embedded server's settings, where `profile.target` is `embedded`. */
  readonly server?: EmbeddedServerOptions;
  /** Worker threads; default 1. */
  readonly workers?: number;
  /** Stop at the first failed connection or crossed threshold. */
  readonly failFast?: boolean;
  /** The part of the plan to run, and what to wait for; default: all of it, at once. */
  readonly coordination?: CoordinationOptions;
  /** Results folder; default `results/<profile>-<time>`; null: none is written. */
  readonly outFolder?: string | null;
  /** What was typed, for run.json. */
  readonly flags?: readonly string[];
  /** Each setting with its origin, for run.json. */
  readonly settings?: readonly Setting[];
  /** The clients are about to start; with `control` the load can be changed while it goes on. */
  readonly onStart?: (control: RunControl) => void;
  /** Once a second. */
  readonly onInterval?: (interval: Interval) => void;
  /** Lines that a person should see while it runs. */
  readonly onLog?: (line: string) => void;
}

export interface RunOutcome {
  readonly summary: Summary;
  readonly end: RunEnd;
  /** In words, where the end was not `completed`. */
  readonly why: string | undefined;
  /** Where the results are; undefined: not written. */
  readonly folder: string | undefined;
  /** As the command line would exit. */
  readonly exitCode: number;
}

/** A run that has been started. */
export interface StartedRun {
  readonly outcome: Promise<RunOutcome>;
  /** First call: every client leaves and results are written. Second call: now. */
  interrupt(): void;
}

/**
 * Runs a profile from start to summary.
 *
 * @throws {EnvironmentError} If the results folder cannot be written, a port for watchers cannot be opened or the embedded server does
 *   not start: nothing was sent then.
 */
export async function run(options: RunOptions): Promise<RunOutcome> {
  return (await begin(options)).outcome;
}

/** As `run`, for callers that may want to interrupt it. Resolves when the clients are about to start. */
export async function begin(options: RunOptions): Promise<StartedRun> {
  const id = runIdOf(options.profile.name, Date.now());
  const { name: profile, target } = options.profile;
  const shard = options.coordination?.shard;
  const identity = { id, profile, target, version: VERSION, ...(shard !== undefined && { shard: shardText(shard) }) };
  const log = (line: string): void => options.onLog?.(line);
  // First: a port that is in use, or a run that has begun without us, must cost nobody an earlier result.
  const coordination = new Coordination(options.coordination ?? {}, planText(options.profile), log);
  const watchers = await RunWatchers.open(options, options.profile, identity, log);
  try {
    return await start(options, id, watchers, coordination);
  } catch (error) {
    await watchers.finish();
    throw error;
  }
}

async function start(
  options: RunOptions,
  id: string,
  watchers: RunWatchers,
  coordination: Coordination,
): Promise<StartedRun> {
  const { shard } = options.coordination ?? {};
  const folder =
    options.outFolder === null ? undefined : createFolder(options.outFolder ?? defaultResultsPath(id), options);
  const server = options.profile.target === "embedded" ? await startServer(options) : undefined;
  const profile = server === undefined ? options.profile : { ...options.profile, target: server.url };
  const workers = options.workers ?? 1;
  const context = {
    id,
    target: profile.target,
    version: VERSION,
    node: process.version,
    workers,
    processes: 1,
    shard: shard ?? null,
  };
  const log = (line: string): void => options.onLog?.(line);
  const series = new KeptSeries();
  let journal: Journal | undefined;
  const handle = startRun(
    { profile, workers, failFast: options.failFast ?? false, ...(shard !== undefined && { shard }) },
    {
      startAt: (signal) => coordination.startAt(signal),
      onStart: (start, control) => {
        watchers.onStart(control);
        options.onStart?.(control);
        if (folder === undefined) return;
        const typed = { flags: options.flags ?? [], settings: options.settings ?? [] };
        const clock = coordination.clock;
        const facts = { ...context, ...start, ...typed, profile, ...(clock !== undefined && { clock }) };
        journal = new Journal(folder, runFileOf(facts), log);
      },
      onInterval: (interval) => {
        journal?.onInterval(interval);
        series.add(seriesPointOf(interval));
        watchers.onInterval(interval);
        options.onInterval?.(interval);
      },
      shouldAbort: (measured, seconds, elapsedMs) =>
        coordination.stopReason() ?? abortReason(options, measured, seconds, elapsedMs),
      onStopping: (end, why) => {
        if (end === "aborted") coordination.stopAll(why);
      },
      onLog: log,
    },
  );
  let summary: Summary | undefined;
  const outcome = handle.result
    .then((result) => {
      summary = summarize(result, profile, context, series.points);
      journal?.finish(summary);
      const { end, why } = result;
      return { summary, end, why, folder, exitCode: exitCode(exitFactsOf(summary, end)) };
    })
    .finally(() => Promise.all([server?.stop(), watchers.finish(summary)]));
  return { outcome, interrupt: () => handle.interrupt() };
}

/** What all shards of a run have in common; source addresses and the places of files are each machine's own. */
function planText(profile: Profile): string {
  const scenarios = profile.scenarios?.map(({ bot, ...rest }) => ({ ...rest, bot: { ...bot, path: "" } }));
  return JSON.stringify([VERSION, { ...profile, localAddresses: [], scenarios }]);
}

function createFolder(path: string, options: RunOptions): string {
  const { replaced } = createResultsFolder(path);
  if (replaced) options.onLog?.(`results: an earlier result in ${path} is replaced`);
  return path;
}

async function startServer(options: RunOptions): Promise<EmbeddedServer> {
  const { heartbeatTimeoutMs, disconnectTimeoutMs, maxMessageSize } = options.profile.parameters;
  const pipelines = pipelinesText(options.profile.pipelines ?? "none");
  const shared = { heartbeatMs: heartbeatTimeoutMs, disconnectTimeoutMs, maxMessageSize, pipelines };
  const server = await startEmbeddedServer({ ...shared, ...options.server });
  options.onLog?.(`embedded server: started at ${server.url}, in a process of its own`);
  server.onExit((why) => options.onLog?.(`the embedded server ended: ${why}`));
  return server;
}

/** With `failFast` every threshold aborts, as soon as it has samples. */
function abortReason(
  { profile, failFast }: RunOptions,
  measured: SnapshotTotal,
  seconds: number,
  elapsedMs: number,
): string | undefined {
  const specs = failFast ? profile.thresholds.map((spec) => ({ ...spec, abortOnFail: true })) : profile.thresholds;
  return thresholdAbort(specs, measured, seconds, elapsedMs);
}
