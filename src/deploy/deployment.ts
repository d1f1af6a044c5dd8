// What a run in shards on somebody's cluster needs, from its plan: the same facts for every engine. Starts and prints nothing.

export interface DeploymentFile {
  /** As the profile names it, beside the profile; the profile itself is `profile`'s name. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface Deployment {
  /** Of the job: lower-case letters, digits and dashes, at most 40, as every engine takes it. */
  readonly name: string;
  /** The profile as it was given, and the folder's files that it names. */
  readonly profilePath: string;
  readonly files: readonly DeploymentFile[];
  readonly shards: number;
  /** Of the whole plan. */
  readonly clients: number;
  /** Flags of `run` to pass on, as typed, each with its value. */
  readonly runFlags: readonly (readonly string[])[];
  readonly resources: Resources;
  /** From the start of the shards to the last result, seconds: the barrier, the plan, the graceful end. */
  readonly limitSeconds: number;
  /** The shards wait so long for each other, seconds. */
  readonly barrierSeconds: number;
}

/** Of one shard. */
export interface Resources {
  readonly cpus: number;
  readonly memoryMib: number;
  /** Open files. */
  readonly descriptors: number;
}

/** Node, its threads, the histograms. */
const BASE_MIB = 192;
const WORKER_MIB = 64;
/** Measured: 18 KB a client that sends ten messages a second; twice that for TLS, queues and what a script keeps. */
const CLIENT_KIB = 40;
/** Threads, files, pipes. */
const OWN_DESCRIPTORS = 64;
const MEMORY_STEP_MIB = 128;

/** @param clients Most at once in one shard. */
export function resourcesFor(clients: number, cpus: number): Resources {
  const neededMib = BASE_MIB + WORKER_MIB * workersOn(cpus) + (clients * CLIENT_KIB) / 1024;
  return {
    cpus,
    memoryMib: Math.ceil(neededMib / MEMORY_STEP_MIB) * MEMORY_STEP_MIB,
    descriptors: clients + OWN_DESCRIPTORS,
  };
}

/** To read seconds side by side; and of each client of the whole, what became of it (`npm run bench:merge`, docs/scaling.md). */
const MERGE_BASE_MIB = 1024;
const MERGE_CLIENT_KIB = 3;

/** Of the job that merges: Node takes a quarter of the memory for its heap unless told, and what is kept of clients is all heap. */
export function mergeMemory(clients: number): { readonly memoryMib: number; readonly heapMib: number } {
  const neededMib = MERGE_BASE_MIB + (clients * MERGE_CLIENT_KIB) / 1024;
  const memoryMib = Math.ceil(neededMib / MEMORY_STEP_MIB) * MEMORY_STEP_MIB;
  return { memoryMib, heapMib: memoryMib * 0.75 };
}

/** One core is for the main thread, which adds up and writes. */
export function workersOn(cpus: number): number {
  return Math.max(1, cpus - 1);
}

/** Any name as one that Slurm, Kubernetes and file systems take. */
export function jobName(profileName: string): string {
  const plain = profileName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 31)
    .replace(/^-+|-+$/g, "");
  return `utp-load${plain === "" ? "" : `-${plain}`}`;
}
