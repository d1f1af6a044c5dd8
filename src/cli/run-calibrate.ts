// Measures this machine's ceiling: short runs on the embedded server, more messages each time, until the sends are late. Stores it.
import type { Calibration, Ceiling } from "../calibration/calibration.js";
import { ownCalibrationPath, writeCalibration } from "../calibration/calibration-file.js";
import { machineIdentity } from "../calibration/machine-identity.js";
import { EnvironmentError } from "../errors.js";
import { LoadSearch, type SearchEnd, type TrialOutcome } from "../limit/load-search.js";
import { MIN_LAG_LIMIT_MS } from "../metrics/send-lag-limit.js";
import { formatDuration } from "../profile/duration.js";
import { calibrationText } from "../report/calibration-text.js";
import { exitCode } from "../result/exit-code.js";
import type { Summary } from "../result/summary.js";
import { begin } from "../run.js";
import { type EmbeddedServer, startEmbeddedServer } from "../server/embedded-server.js";
import { VERSION } from "../version.js";
import { reportError } from "./exit.js";
import { interruptOnSignals } from "./interrupt-on-signals.js";
import { socketLimits, socketShortage } from "./preflight.js";
import { profileFrom } from "./profile-from.js";
import type { FlagValues } from "./run-flags.js";
import { RunStop } from "./run-stop.js";

export interface CalibrateWishes {
  /** Of each measurement at full load. */
  readonly durationMs: number;
  readonly workers: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Few enough for the usual limit of descriptors on both ends. */
const CLIENTS = 400;
const RAMP_MS = 500;
/** Messages a second of all clients together; the last is beyond any machine of today. */
const CLIMB = [4, 8, 16, 32, 64, 128, 256, 400].map((thousands) => thousands * 1000);
const SEARCH = { climb: CLIMB, unit: 1000, precision: 0.1, agree: 1 };
/** Clients a second that are sent to the door, each time more, until they queue there. */
const DOOR_CLIMB = [1000, 2000, 4000, 8000, 16_000];
const LONGEST_QUEUE_MS = 500;

/** One run with flags of `run`; undefined: interrupted. */
type Measure = (flags: FlagValues) => Promise<Summary | undefined>;
type Log = (line: string) => void;

/**
 * @returns The exit code.
 * @throws {EnvironmentError} If the server does not start or the calibration cannot be stored.
 */
export async function runCalibrate(wishes: CalibrateWishes): Promise<number> {
  const log: Log = (line) => {
    if (!wishes.quiet) process.stderr.write(`${line}\n`);
  };
  const stop = new RunStop();
  const server = await startEmbeddedServer();
  const release = interruptOnSignals(stop, log);
  try {
    const workers = `${wishes.workers} ${wishes.workers === 1 ? "worker" : "workers"}`;
    log(`calibrate: ${workers}, measurements of ${formatDuration(wishes.durationMs)}; about a minute`);
    const ceiling = await measuredCeiling(measureOn(server, wishes.workers, stop), wishes, log);
    if (ceiling === undefined) return stop.isWanted ? exitCode({ interrupted: true }) : tooBusy(wishes.json);
    tell(ceiling, wishes.json);
    return exitCode({});
  } finally {
    release();
    await server.stop();
  }
}

/** Nothing is stored: the figures would be those of whatever else runs here. */
function tooBusy(json: boolean): number {
  const message = `Cannot calibrate: the machine must send ${SEARCH.unit} messages a second without delay, got late sends`;
  reportError(new EnvironmentError(message, "Close other programs and try again"), json);
  return exitCode({ invalid: true });
}

function tell(ceiling: Ceiling, json: boolean): void {
  const calibration: Calibration = {
    schema: "utp-load/calibration@1",
    measuredAt: new Date().toISOString(),
    machine: machineIdentity(VERSION),
    ceiling,
  };
  const path = ownCalibrationPath();
  writeCalibration(path, calibration);
  process.stdout.write(json ? `${JSON.stringify(calibration)}\n` : calibrationText(calibration, path));
}

function measureOn({ url }: EmbeddedServer, workers: number, stop: RunStop): Measure {
  return async (flags) => {
    if (stop.isWanted) return undefined;
    const started = await begin({ profile: profileFrom(url, flags), workers, outFolder: null });
    stop.current = started;
    if (stop.isWanted) started.interrupt();
    const { summary, end } = await started.outcome;
    stop.current = undefined;
    return end === "interrupted" ? undefined : summary;
  };
}

/** undefined: interrupted, or not even the smallest load was sent in time. */
async function measuredCeiling(
  measure: Measure,
  { durationMs, workers }: CalibrateWishes,
  log: Log,
): Promise<Ceiling | undefined> {
  const connectsPerSecond = await measuredConnects(measure, log);
  if (connectsPerSecond === undefined) return undefined;
  const end = await searchedMessages(measure, durationMs, log);
  if (end?.kind !== "found" && end?.kind !== "unbroken") return undefined;
  const half = await measure(messageFlags(end.limit / 2, durationMs));
  if (half === undefined) return undefined;
  return {
    workers,
    messagesPerSecond: end.limit,
    isReached: end.kind === "found",
    connectsPerSecond,
    halfLoadLagP50Ms: half.latencyMs.sendLag.p50,
    halfLoadLagP99Ms: half.latencyMs.sendLag.p99,
  };
}

/** The best of several rushes: clients that got in, over the time from the first start to the last accept. */
async function measuredConnects(measure: Measure, log: Log): Promise<number | undefined> {
  const limits = await socketLimits(process.platform);
  let best = 0;
  for (const offered of DOOR_CLIMB) {
    const clients = (offered * RAMP_MS) / 1000;
    if (socketShortage({ peakClients: clients, localAddresses: 0 }, limits) !== undefined) break;
    const flags = { clients: String(clients), ramp: formatDuration(RAMP_MS), duration: "1s", rate: "0" };
    const summary = await measure(flags);
    if (summary === undefined) return undefined;
    const queueMs = summary.connect.latencyMs.total.max ?? Number.POSITIVE_INFINITY;
    const connectsPerSecond = Math.round((1000 * summary.clients.connected) / (RAMP_MS + queueMs));
    log(`${offered} clients a second at the door: ${connectsPerSecond} a second got in`);
    best = Math.max(best, connectsPerSecond);
    if (queueMs > LONGEST_QUEUE_MS) break;
  }
  return best;
}

async function searchedMessages(measure: Measure, durationMs: number, log: Log): Promise<SearchEnd | undefined> {
  const search = new LoadSearch(SEARCH);
  for (let load = search.next(); load !== undefined; load = search.next()) {
    const summary = await measure(messageFlags(load, durationMs));
    if (summary === undefined) return undefined;
    const outcome = outcomeOf(summary);
    search.record(load, outcome);
    const words = outcome === "held" ? "in time" : "too many";
    log(`${load} messages a second: ${words}, send lag p99 ${summary.latencyMs.sendLag.p99 ?? "-"} ms`);
  }
  return search.end;
}

function messageFlags(messagesPerSecond: number, durationMs: number): FlagValues {
  return {
    clients: String(CLIENTS),
    ramp: formatDuration(RAMP_MS),
    duration: formatDuration(durationMs),
    warmup: formatDuration(RAMP_MS),
    rate: String(messagesPerSecond / CLIENTS),
  };
}

/** Here the generator is what is tested: late sends are what breaks. */
function outcomeOf({ generator, latencyMs }: Summary): TrialOutcome {
  const lagMs = latencyMs.sendLag.p99 ?? Number.POSITIVE_INFINITY;
  return generator.trust !== "invalid" && lagMs <= MIN_LAG_LIMIT_MS ? "held" : "broke";
}
