// Measures this machine's ceiling: short runs on the embedded server, more messages each time, until the sends are late. Stores it.
import type { Calibration, Ceiling } from "../calibration/calibration.js";
import { ownCalibrationPath, writeCalibration } from "../calibration/calibration-file.js";
import { machineIdentity } from "../calibration/machine-identity.js";
import { EnvironmentError } from "../errors.js";
import { formatDuration } from "../profile/duration.js";
import { calibrationText } from "../report/calibration-text.js";
import { exitCode } from "../result/exit-code.js";
import { begin } from "../run.js";
import { type EmbeddedServer, startEmbeddedServer } from "../server/embedded-server.js";
import { VERSION } from "../version.js";
import { reportError } from "./exit.js";
import { interruptOnSignals } from "./interrupt-on-signals.js";
import { LEAST_MESSAGES_PER_SECOND, type Measure, measuredCeiling } from "./measured-ceiling.js";
import { socketLimits } from "./preflight.js";
import { profileFrom } from "./profile-from.js";
import { RunStop } from "./run-stop.js";

export interface CalibrateWishes {
  /** Of each measurement at full load. */
  readonly durationMs: number;
  readonly workers: number;
  readonly json: boolean;
  readonly quiet: boolean;
}

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
    const limits = await socketLimits(process.platform);
    const ceiling = await measuredCeiling(measureOn(server, wishes.workers, stop), { ...wishes, limits }, log);
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
  const message = `Cannot calibrate: the machine must send ${LEAST_MESSAGES_PER_SECOND} messages a second without delay, got late sends`;
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
