// `utp-load matrix PROFILE --vary 'KEY=A,B'`: one profile over variants, interleaved, one table. What it means stands in resolve-matrix.ts.
import type { Argv, CommandModule } from "yargs";
import { addFlag } from "./run-command.js";
import { type FlagValues, RUN_FLAGS, type RunFlag } from "./run-flags.js";

interface MatrixFlags {
  readonly profile: string;
  readonly vary: string[];
  readonly repeat: string;
  readonly server?: string | undefined;
  readonly serverWait: string;
  readonly maxCells: string;
  readonly out?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly "no-color": boolean;
}

/** Flags of `run` that hold for all variants: what is loaded and how, nothing that names files or prints. */
const SHARED_FLAGS = (RUN_FLAGS as readonly RunFlag[]).filter(
  ({ group, name }) => ["Load", "UTP", "Network", "Machine"].includes(group) || name === "env",
);

export const matrixCommand: CommandModule<object, MatrixFlags> = {
  command: "matrix <profile>",
  describe: "One profile over variants of settings or targets, interleaved, one table",
  builder: (yargs) => matrixFlags(SHARED_FLAGS.reduce<Argv<object>>(addFlag, yargs)),
  handler: async (flags) => {
    process.exitCode = await matrix(flags);
  },
};

function matrixFlags(yargs: Argv<object>): Argv<MatrixFlags> {
  return yargs
    .parserConfiguration({ "boolean-negation": false })
    .positional("profile", {
      type: "string",
      demandOption: true,
      describe: "YAML or JSON file, ready profile, or ws:// URL",
    })
    .option("vary", {
      type: "string",
      array: true,
      nargs: 1,
      default: [],
      describe: "A setting and its values: 'rate=10,20,30'",
    })
    .option("repeat", { type: "string", requiresArg: true, default: "3", describe: "Runs of each variant" })
    .option("server", {
      type: "string",
      requiresArg: true,
      describe: "Start this server for each run: 'COMMAND {rate}'",
    })
    .option("server-wait", {
      type: "string",
      requiresArg: true,
      default: "30s",
      describe: "Longest wait until it listens",
    })
    .option("max-cells", { type: "string", requiresArg: true, default: "100", describe: "Refuse a larger matrix" })
    .option("out", {
      alias: "o",
      type: "string",
      requiresArg: true,
      describe: "Folder of all results [results/NAME-TIME]",
    })
    .option("json", { type: "boolean", default: false, describe: "One JSON object on stdout" })
    .option("quiet", { alias: "q", type: "boolean", default: false, describe: "Only the table" })
    .option("no-color", { type: "boolean", default: false, describe: "No colour" })
    .example("$0 matrix load.yaml --vary rate=10,20,40", "Three rates, three runs each")
    .example("$0 matrix load.yaml --vary 'target=ws://a/,ws://b/'", "Two servers")
    .example("$0 matrix load.yaml --vary tick=30,60 --server './game -tick {tick}'", "A server for each run")
    .epilogue(
      "Exits with 0 also where variants failed: the table says so; 113 where all did",
    ) as unknown as Argv<MatrixFlags>;
}

async function matrix(flags: MatrixFlags): Promise<number> {
  // Late, so that --help starts fast.
  const [{ resolveMatrix }, { thisMachine }, { runMatrix }, { showsColor }, { defaultResultsPath, runIdOf }] =
    await Promise.all([
      import("./resolve-matrix.js"),
      import("./this-machine.js"),
      import("./run-matrix.js"),
      import("./shows-color.js"),
      import("../result/results-folder.js"),
    ]);
  const plan = resolveMatrix(
    { ...flags, server: flags.server, runFlags: sharedOf(flags), environment: process.env },
    thisMachine(),
  );
  const out = flags.out ?? defaultResultsPath(runIdOf(`matrix-${plan.profile}`, Date.now()));
  const useColor = !flags["no-color"] && showsColor(undefined);
  return runMatrix(plan, { out, json: flags.json, quiet: flags.quiet, useColor });
}

function sharedOf(flags: MatrixFlags): FlagValues {
  const given = flags as unknown as FlagValues;
  return Object.fromEntries(SHARED_FLAGS.map(({ name }) => [name, given[name]]));
}
