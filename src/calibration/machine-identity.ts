// Which machine this is, as far as its ceiling depends on it. It names no host and no user.
import { arch, availableParallelism, cpus, platform } from "node:os";
import type { MachineIdentity } from "./calibration.js";

/** @param version Of utp-load. */
export function machineIdentity(version: string): MachineIdentity {
  return {
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
    version,
  };
}
