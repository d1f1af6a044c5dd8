// The files by which shards find each other in a shared folder: names and shapes. Writes nothing but the folder.
import { join } from "node:path";
import { EnvironmentError } from "../errors.js";
import { makeFolder } from "../result/results-folder.js";

/** `ready-INDEX.json`: a shard is ready. */
export interface ShardReady {
  readonly index: number;
  readonly count: number;
  readonly fingerprint: string;
  /** When, ms since the epoch on the folder's clock. */
  readonly atMs: number;
  /** Of the machine that the shard runs on, see clock-offset.ts. */
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
}

export interface BarrierFiles {
  readonly folder: string;
  /** `{ atMs, shard }`: the agreed instant on the folder's clock, and who proposed it; or `{ missing, shard }`: it is given up. */
  readonly start: string;
  /** `{ shard, why }`: all are to stop. */
  readonly stop: string;
}

/** Where the files of the barrier in `shared` are. */
export function barrierPath(shared: string): string {
  return join(shared, "barrier");
}

export function barrierFiles(folder: string): BarrierFiles {
  return { folder, start: join(folder, "start.json"), stop: join(folder, "stop.json") };
}

/** Where a shard's result goes, beside the barrier. */
export function shardFolderName(index: number): string {
  return `shard-${index}`;
}

/** The shard whose result a folder of this name holds; undefined: none's. */
export function shardOfFolder(name: string): number | undefined {
  const digits = /^shard-(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function readyName(index: number): string {
  return `ready-${index}.json`;
}

/** @throws {EnvironmentError} If it cannot be made. */
export function makeBarrierFolder(shared: string): string {
  const folder = barrierPath(shared);
  try {
    makeFolder(folder);
    return folder;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `Cannot wait for the other shards: --barrier ${shared} must be a folder that can be written, got "${why}"`,
      "Name a folder that all shards share, such as a network file system's or a volume's",
      { cause: error },
    );
  }
}
