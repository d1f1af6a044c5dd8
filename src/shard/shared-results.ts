// The results of shards in the folder that they share, and the wait until there will be no more. Reads only.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { RESULT_FILES } from "../result/results-folder.js";
import { shardOfFolder } from "./barrier-files.js";
import { SYSTEM_CLOCK, type WallClock } from "./clock-offset.js";
import { isOver, readSharedStatus, type ShardState } from "./shared-status.js";

const POLL_MS = 1000;

/** The folder itself where it is a result; of a folder that shards share the shards' results, by number. */
export function shardFolders(folder: string): string[] {
  if (existsSync(join(folder, RESULT_FILES.run)) || !existsSync(folder)) return [folder];
  const shards = readdirSync(folder).filter((name) => shardOfFolder(name) !== undefined);
  const begun = shards.filter((name) => existsSync(join(folder, name, RESULT_FILES.run)));
  if (begun.length === 0) return [folder];
  return begun.sort((a, b) => shardOfFolder(a)! - shardOfFolder(b)!).map((name) => join(folder, name));
}

/**
 * Waits until every shard is over, or the time is; says what it waits for when that changes.
 *
 * @param shards How many there are to be; undefined: as they say themselves.
 */
export async function waitForShards(
  folders: readonly string[],
  waitMs: number,
  shards: number | undefined,
  log: (line: string) => void,
  clock: WallClock = SYSTEM_CLOCK,
): Promise<void> {
  const untilMs = clock.nowMs() + waitMs;
  let told = "";
  for (;;) {
    const open = folders.flatMap((folder) => openShards(folder, shards));
    const text = open.length === 0 ? "all shards are over" : `waiting for ${open.join(", ")}`;
    if (text !== told) log(text);
    told = text;
    if (open.length === 0) return;
    if (clock.nowMs() >= untilMs) return log(`waited ${waitMs / 1000} s; merging what there is`);
    await clock.sleep(Math.min(POLL_MS, untilMs - clock.nowMs()), undefined);
  }
}

/** In words, those of which more may come; a folder without a shard yet is one of them. */
function openShards(folder: string, shards: number | undefined): string[] {
  const status = statusOf(folder, shards);
  if (status === undefined) return [`shards in ${folder}`];
  if (isOver(status)) return [];
  return status.shards
    .filter(({ state }) => OPEN.includes(state))
    .map(({ index, state }) => `shard ${index} (${state})`);
}

const OPEN: readonly ShardState[] = ["missing", "ready", "running"];

function statusOf(folder: string, shards: number | undefined): ReturnType<typeof readSharedStatus> | undefined {
  try {
    return readSharedStatus(folder, shards);
  } catch {
    // Nothing there yet, or a file that is being written.
    return undefined;
  }
}
