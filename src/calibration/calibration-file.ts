// Where the calibration of this machine is kept: in the user's cache, as each system has it. It measures and prints nothing.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, posix, win32 } from "node:path";
import { EnvironmentError } from "../errors.js";
import { type Calibration, calibrationOf, type MachineIdentity } from "./calibration.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME` or `~/.cache` on Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows. */
export function calibrationPath(platform: NodeJS.Platform, environment: Environment, home: string): string {
  const { join: joined } = platform === "win32" ? win32 : posix;
  return joined(cacheFolder(platform, environment, home), "utp-load", "calibration.json");
}

function cacheFolder(platform: NodeJS.Platform, environment: Environment, home: string): string {
  const { XDG_CACHE_HOME: xdg = "", LOCALAPPDATA: local = "" } = environment;
  if (platform === "win32") return local === "" ? win32.join(home, "AppData", "Local") : local;
  if (platform === "darwin") return posix.join(home, "Library", "Caches");
  // A relative path is to be ignored, says the XDG specification.
  return posix.isAbsolute(xdg) ? xdg : posix.join(home, ".cache");
}

/** Of this user on this computer. */
export function ownCalibrationPath(): string {
  return calibrationPath(process.platform, process.env, homedir());
}

/** undefined: there is none, or none of this machine. */
export function readCalibration(path: string, machine: MachineIdentity): Calibration | undefined {
  try {
    return calibrationOf(readFileSync(path, "utf8"), machine);
  } catch {
    // Nobody has calibrated, or the file is not ours to read: a run needs neither.
    return undefined;
  }
}

/** @throws {EnvironmentError} If it cannot be written. */
export function writeCalibration(path: string, calibration: Calibration): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(calibration, null, 2)}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Cannot store the calibration: ${path} must be a file that can be written, got "${why}"`;
    throw new EnvironmentError(message, "Set XDG_CACHE_HOME (Linux) or LOCALAPPDATA (Windows) to a folder of yours", {
      cause: error,
    });
  }
}
