// `utp-load merge RESULT... --out DIR`: results of several generators into one. Starts no run.
import type { Argv, CommandModule } from "yargs";
import { UsageError } from "../errors.js";
import { parseDuration } from "../profile/duration.js";

interface MergeFlags {
  readonly results: readonly string[];
  readonly out: string;
  readonly json: boolean;
  readonly color?: boolean | undefined;
  readonly wait?: string | undefined;
  readonly shards?: string | undefined;
}

export const mergeCommand: CommandModule<object, MergeFlags> = {
  command: "merge <results..>",
  describe: "Results of several shards or machines into one, histograms added exactly",
  builder: (yargs) => flags(yargs),
  handler: async (given) => {
    // Late, so that --help and completion start fast.
    const { runMerge } = await import("./run-merge.js");
    const wishes = { ...given, waitMs: waitOf(given.wait), shards: shardsOf(given.shards) };
    process.exitCode = await runMerge(given.results.map(String), wishes);
  },
};

function flags(yargs: Argv<object>): Argv<MergeFlags> {
  return yargs
    .positional("results", {
      type: "string",
      array: true,
      demandOption: true,
      describe: "Results folders of the parts, or the folder that shards share",
    })
    .option("wait", {
      type: "string",
      requiresArg: true,
      describe: "Wait so long, such as 10m, until all shards are over",
    })
    .option("shards", {
      type: "string",
      requiresArg: true,
      describe: "How many there are to be, where none may have begun",
    })
    .option("out", {
      alias: "o",
      type: "string",
      requiresArg: true,
      demandOption: true,
      describe: "Folder of the whole",
    })
    .option("json", { type: "boolean", default: false, describe: "Print the summary as one JSON object" })
    .option("color", { type: "boolean", describe: "Colours (--no-color: none)" })
    .example("$0 merge results/arena --out results/arena/merged", "All shards of a shared folder")
    .example("$0 merge shard-0 shard-1 --out whole", "Two shards, judged as one")
    .epilogue("Exit codes are those of run; 111: a shard is missing") as Argv<MergeFlags>;
}

function waitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const waitMs = parseDuration(text);
  if (waitMs !== undefined) return waitMs;
  throw new UsageError(`Cannot merge: --wait must be a duration such as 10m, got ${text}`, "As in --wait 10m");
}

function shardsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot merge: --shards must be a whole number from 1, got ${text}`, "As in --shards 4");
}
