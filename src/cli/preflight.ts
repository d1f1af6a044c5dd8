// Whether this machine can hold the run: descriptors and local ports, asked before anything starts. Changes no limit.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { EnvironmentError } from "../errors.js";
import { runPlan } from "../virtual-user/run-plan.js";
import type { ResolvedRun } from "./resolved-run.js";

/** Sockets aside, a process needs some for threads, files and pipes. */
const OWN_DESCRIPTORS = 64;

export function descriptorsNeeded(clients: number): number {
  return clients + OWN_DESCRIPTORS;
}

/** What limits the number of sockets here; undefined: no limit that could be found. */
export interface SocketLimits {
  readonly descriptors: number | undefined;
  /** Local ports that one address may connect from. */
  readonly localPorts: number | undefined;
}

export interface SocketNeeds {
  /** Most clients at once. */
  readonly peakClients: number;
  /** 0: the system chooses, which is one address for one target. */
  readonly localAddresses: number;
}

/** The error to end with if there are too few descriptors or ports, with the numbers and the remedy. */
export function socketShortage(
  { peakClients, localAddresses }: SocketNeeds,
  limits: SocketLimits,
): EnvironmentError | undefined {
  const needed = descriptorsNeeded(peakClients);
  if (limits.descriptors !== undefined && limits.descriptors < needed) {
    return new EnvironmentError(
      `Cannot start ${peakClients} clients: the limit of open files must be at least ${needed}, got ${limits.descriptors}`,
      `Raise it in this shell with \`ulimit -n ${needed}\` (the hard limit as root or in limits.conf), or use at most ` +
        `${Math.max(0, limits.descriptors - OWN_DESCRIPTORS)} clients`,
    );
  }
  const addresses = Math.max(1, localAddresses);
  if (limits.localPorts !== undefined && limits.localPorts * addresses < peakClients) {
    const wanted = Math.ceil(peakClients / limits.localPorts);
    return new EnvironmentError(
      `Cannot start ${peakClients} clients: the local ports to one target must be as many, got ${limits.localPorts * addresses}`,
      `Give ${wanted} source addresses with --local-address A,B,.. or widen the range: ` +
        '`sysctl -w net.ipv4.ip_local_port_range="1024 65535"`',
    );
  }
  return undefined;
}

/** What this machine lacks for a run. */
export async function shortageHere({ profile, coordination }: ResolvedRun): Promise<EnvironmentError | undefined> {
  const { peakClients } = runPlan(profile, coordination.shard);
  const needs = { peakClients, localAddresses: profile.localAddresses.length };
  return socketShortage(needs, await socketLimits(process.platform));
}

/** Asks the system. Node has raised the soft limit of descriptors to the hard one by now. */
export async function socketLimits(platform: NodeJS.Platform): Promise<SocketLimits> {
  if (platform === "linux") {
    const [limits, range] = await Promise.all([
      readText("/proc/self/limits"),
      readText("/proc/sys/net/ipv4/ip_local_port_range"),
    ]);
    return { descriptors: descriptorsOf(limits), localPorts: portsOf(range) };
  }
  if (platform === "win32") return { descriptors: undefined, localPorts: undefined };
  return { descriptors: await shellLimit(), localPorts: undefined };
}

/** The soft limit in the text of /proc/self/limits. */
export function descriptorsOf(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** The number of ports in a range such as `32768 60999`. */
export function portsOf(range: string): number | undefined {
  const [low, high] = range.trim().split(/\s+/).map(Number);
  return low === undefined || high === undefined || Number.isNaN(high - low) ? undefined : high - low + 1;
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

async function shellLimit(): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", "ulimit -n"]).catch(() => ({ stdout: "" }));
  return /^\d+$/.test(stdout.trim()) ? Number(stdout) : undefined;
}
