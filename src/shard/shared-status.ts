// How far the shards of a run are, read from the folder that they share. Changes nothing in it.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.js";
import { newHistogram } from "../metrics/histogram.js";
import { RESULT_FILES } from "../result/results-folder.js";
import { readStoredResult } from "../result/stored-result.js";
import { barrierFiles, barrierPath, readyName, shardFolderName, shardOfFolder } from "./barrier-files.js";
import { readObject } from "./shared-file.js";

/**
 * `missing`: nothing seen of it. `ready`: waits for the others, or for the start. `running`. `ended`: it ran to its end. `stopped`: it
 * was made to end, its result is partial. `lost`: it began and has been silent since.
 */
export type ShardState = "missing" | "ready" | "running" | "ended" | "stopped" | "lost";

export interface ShardStatus {
  readonly index: number;
  readonly state: ShardState;
  /** Connected in its last second; 0 when it is over. */
  readonly clients: number;
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  /** Of the whole run so far, ms; null: no answers. */
  readonly rtt: RttSoFar | null;
}

export interface RttSoFar {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface SharedStatus {
  readonly folder: string;
  /** The agreed start, ISO 8601; null: not agreed yet. */
  readonly startsAt: string | null;
  readonly shards: readonly ShardStatus[];
  readonly total: Omit<ShardStatus, "index" | "state">;
}

/** A shard writes every second; one that has not for so long will not again. */
const SILENT_MS = 15_000;

/**
 * @param shards How many there are to be; undefined: what the shards themselves say.
 * @throws {UsageError} If the folder is not one that shards share.
 */
export function readSharedStatus(folder: string, shards?: number, nowMs: number = Date.now()): SharedStatus {
  const count = shards ?? countIn(folder);
  if (count === undefined) {
    throw new UsageError(
      `Cannot tell the status: ${folder} must be a folder that shards share, got one without a shard in it`,
      "Name the folder that the shards were given with --barrier",
    );
  }
  const start = readObject(barrierFiles(barrierPath(folder)).start)?.atMs;
  const all = newHistogram();
  const statuses = Array.from({ length: count }, (_, index) => statusOf(folder, index, nowMs, all));
  const sum = (of: "clients" | "sentPerSecond" | "receivedPerSecond"): number =>
    statuses.reduce((total, status) => total + status[of], 0);
  return {
    folder,
    startsAt: typeof start === "number" ? new Date(start).toISOString() : null,
    shards: statuses,
    total: {
      clients: sum("clients"),
      sentPerSecond: sum("sentPerSecond"),
      receivedPerSecond: sum("receivedPerSecond"),
      rtt: rttOf(all),
    },
  };
}

/** Whether nothing more will come of the shards. */
export function isOver({ shards }: SharedStatus): boolean {
  return shards.every(({ state }) => state === "ended" || state === "stopped" || state === "lost");
}

/** As the first shard that is ready or has begun says. */
function countIn(folder: string): number | undefined {
  const barrier = barrierPath(folder);
  const ready = namesIn(barrier).filter((name) => name.startsWith("ready-"));
  for (const name of ready) {
    const count = readObject(join(barrier, name))?.count;
    if (typeof count === "number") return count;
  }
  const first = namesIn(folder).find((name) => shardOfFolder(name) !== undefined);
  if (first === undefined || !existsSync(join(folder, first, RESULT_FILES.run))) return undefined;
  return readStoredResult(join(folder, first)).run.plan.shard?.count;
}

type Histogram = ReturnType<typeof newHistogram>;

function statusOf(shared: string, index: number, nowMs: number, all: Histogram): ShardStatus {
  const folder = join(shared, shardFolderName(index));
  const nothing = { index, clients: 0, sentPerSecond: 0, receivedPerSecond: 0, rtt: null };
  if (!existsSync(join(folder, RESULT_FILES.run))) {
    const isReady = existsSync(join(barrierPath(shared), readyName(index)));
    return { ...nothing, state: isReady ? "ready" : "missing" };
  }
  const { summary, ...stored } = readStoredResult(folder);
  const rtt = newHistogram();
  for (const { metric, histogram } of stored.histograms()) if (metric === "rtt") rtt.add(histogram());
  all.add(rtt);
  const measured = { ...nothing, rtt: rttOf(rtt) };
  if (summary !== undefined) return { ...measured, state: summary.partial ? "stopped" : "ended" };
  if (nowMs - lastWriteMs(folder) > SILENT_MS) return { ...measured, state: "lost" };
  const sample = [...stored.samples()].at(-1);
  return {
    ...measured,
    state: "running",
    clients: sample?.clientsConnected ?? 0,
    sentPerSecond: sample?.sentPerSecond ?? 0,
    receivedPerSecond: sample?.receivedPerSecond ?? 0,
  };
}

function rttOf(histogram: Histogram): RttSoFar | null {
  if (histogram.totalCount === 0) return null;
  const ms = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
  return { count: histogram.totalCount, p50Ms: ms(50), p95Ms: ms(95), p99Ms: ms(99) };
}

/** The later of the start and the last second. */
function lastWriteMs(folder: string): number {
  const times = [RESULT_FILES.run, RESULT_FILES.samples].map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.max(...times);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
