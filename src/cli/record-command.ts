// `utp-load record`: a game's play becomes a profile, through the proxy or from a capture; or two such profiles are compared. What it
// does stands in src/record.
import type { Argv, CommandModule } from "yargs";
import type { GivenFlags } from "./flag-reader.js";

export const recordCommand: CommandModule<object, GivenFlags> = {
  command: "record",
  describe: "A UTP-aware proxy: a real game client plays through it, a profile comes out",
  builder: (yargs) => recordFlags(yargs) as unknown as Argv<GivenFlags>,
  handler: async (flags) => {
    // Late, so that --help and completion start fast.
    const { recordTask } = await import("./record-flags.js");
    const task = recordTask(flags);
    if (task.kind === "diff") (await import("./run-record-diff.js")).runRecordDiff(task);
    else if (task.kind === "from") (await import("./run-record-from.js")).runRecordFrom(task);
    else process.exitCode = await (await import("./run-record.js")).runRecord(task);
  },
};

/** Name, what stands in help, and the default as help shows it. */
type Row = readonly [name: string, describe: string, defaultText?: string];

const ROWS: readonly Row[] = [
  ["target", "ws:// or wss:// URL of the game's server"],
  ["listen", "Port that the game connects to; 0: any free one", "7778"],
  ["host", "Address to listen on", "127.0.0.1"],
  ["out", "The profile to write, such as session.yaml"],
  ["pipelines", 'What the game creates: none, ngo, or JSON: [["fragmentation","reliableSequenced"]]', "ngo"],
  ["duration", "End after this time; default: with Ctrl-C"],
  ["ca", "PEM file of the authority to trust, for wss://"],
  ["from", "Make the profile of this capture (JSON), not of a game"],
];

function recordFlags(yargs: Argv<object>): Argv<object> {
  return ROWS.reduce<Argv<object>>(
    (parser, [name, describe, defaultDescription]) =>
      parser.option(name, {
        type: "string",
        requiresArg: true,
        describe,
        ...(defaultDescription !== undefined && { defaultDescription }),
      }),
    yargs,
  )
    .alias("target", "t")
    .alias("out", "o")
    .alias("duration", "d")
    .option("insecure", { type: "boolean", describe: "Accept any certificate of the server" })
    .option("force", { type: "boolean", describe: "Replace an existing file" })
    .option("diff", {
      type: "string",
      array: true,
      nargs: 2,
      describe: "Two recordings of the same play: what differs may be a variable",
    })
    .example("$0 record --target ws://127.0.0.1:7777/ --out session.yaml", "Let the game connect to port 7778")
    .example("$0 run session.yaml --clients 50", "Play it back")
    .example("$0 record --diff session.yaml other.yaml", "What differs between two plays");
}
