// `utp-load compare BASE NEW`: two results, or groups of them, side by side, with a verdict per figure. Starts no run.
import type { Argv, CommandModule } from "yargs";

interface CompareFlags {
  readonly base: string;
  readonly new: string;
  readonly allow?: string[] | undefined;
  readonly force: boolean;
  readonly md: boolean;
  readonly html: boolean;
  readonly json: boolean;
  readonly out?: string | undefined;
  readonly color?: boolean | undefined;
}

export const compareCommand: CommandModule<object, CompareFlags> = {
  command: "compare <base> <new>",
  describe: "Two results, or groups of results, side by side",
  builder: (yargs) => flags(yargs),
  handler: async (given) => {
    // Late, so that --help and completion start fast.
    const { runCompare } = await import("./run-compare.js");
    process.exitCode = runCompare(given.base, given.new, given);
  },
};

function flags(yargs: Argv<object>): Argv<CompareFlags> {
  return yargs
    .positional("base", { type: "string", demandOption: true, describe: "Results: DIR, A,B,C or a folder of results" })
    .positional("new", { type: "string", demandOption: true, describe: "The same, to be judged against the base" })
    .option("allow", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "Worse by so much is no regression: 'rtt.p95: 10%'",
    })
    .option("force", { type: "boolean", default: false, describe: "Compare invalid results and different loads too" })
    .option("md", { type: "boolean", default: false, describe: "Write comparison.md, for a pull request" })
    .option("html", {
      type: "boolean",
      default: false,
      describe: "Write comparison.html, with both curves in each chart",
    })
    .option("json", { type: "boolean", default: false, describe: "Print the comparison as one JSON object" })
    .option("out", {
      alias: "o",
      type: "string",
      requiresArg: true,
      describe: "Write into this folder [the new result's]",
    })
    .option("color", { type: "boolean", describe: "Colours (--no-color: none)" })
    .example("$0 compare results/before results/after", "Better, worse, same or unsure")
    .example("$0 compare a1,a2,a3 b1,b2,b3", "Three runs a side: runs against runs")
    .example("$0 compare old new --allow 'rtt: 10%'", "Exit code 112 beyond it")
    .epilogue(
      "Exits with 112 where a figure is worse by more than is allowed, 104 where the results cannot be compared",
    );
}
