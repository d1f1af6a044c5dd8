// Carries out `merge` for a person: problems on stderr, the summary on stdout, the exit code of the whole.
import { mergeResults } from "../merge/merge-results.js";
import { exitCode, exitFactsOf } from "../result/exit-code.js";
import { shardFolders, waitForShards } from "../shard/shared-results.js";
import { ALL_REPORTS, outputOf, tellGithub, writeReports } from "./ci-outputs.js";
import { showsColor } from "./shows-color.js";

export interface MergeWishes {
  readonly out: string;
  readonly json: boolean;
  readonly color?: boolean | undefined;
  /** How long to wait until all shards of a shared folder are over; undefined: not at all. */
  readonly waitMs?: number | undefined;
  /** How many shards there are to be; undefined: as they say themselves. */
  readonly shards?: number | undefined;
}

/**
 * @returns The exit code that one run of all would have had; that of an invalid one where a shard is missing.
 * @throws {UtpLoadError} If the results cannot be merged, read or written.
 */
export async function runMerge(results: readonly string[], wishes: MergeWishes): Promise<number> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  if (wishes.waitMs !== undefined) await waitForShards(results, wishes.waitMs, wishes.shards, log);
  const folders = results.flatMap(shardFolders);
  const { summary, ended } = mergeResults(folders, wishes.out, log);
  const told = { summary, endedWhy: ended.why };
  writeReports(ALL_REPORTS, told, wishes.out);
  const forGithub = tellGithub(told, process.env, log);
  const useColor = showsColor(wishes.color);
  process.stdout.write(outputOf(told, { json: wishes.json, useColor, folder: wishes.out, forGithub }));
  return exitCode(exitFactsOf(summary, ended.end));
}
