// `utp-load merge RESULT... --out DIR`: results of several generators into one. Starts no run.
import type { Argv, CommandModule } from "yargs";

interface MergeFlags {
  readonly results: readonly string[];
  readonly out: string;
  readonly json: boolean;
  readonly color?: boolean | undefined;
}

export const mergeCommand: CommandModule<object, MergeFlags> = {
  command: "merge <results..>",
  describe: "Results of several shards or machines into one, histograms added exactly",
  builder: (yargs) => flags(yargs),
  handler: async (given) => {
    // Late, so that --help and completion start fast.
    const { runMerge } = await import("./run-merge.js");
    process.exitCode = runMerge(given.results.map(String), given);
  },
};

function flags(yargs: Argv<object>): Argv<MergeFlags> {
  return yargs
    .positional("results", {
      type: "string",
      array: true,
      demandOption: true,
      describe: "Results folders of the parts",
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
    .example("$0 merge shard-0 shard-1 --out whole", "Two shards, judged as one")
    .epilogue("Exit codes are those of run; 111: a shard is missing") as Argv<MergeFlags>;
}
