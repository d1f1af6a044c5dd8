// `utp-load find-limit PROFILE --slo 'METRIC: EXPRESSION'`: the largest load that holds. What it means stands in resolve-limit.ts.
import type { Argv, CommandModule } from "yargs";
import { addFlag } from "./run-command.js";
import { type FlagValues, RUN_FLAGS, type RunFlag } from "./run-flags.js";

interface LimitFlags {
  readonly profile: string;
  readonly slo: string[];
  readonly axis: string;
  readonly from?: string | undefined;
  readonly max?: string | undefined;
  readonly steps?: string | undefined;
  readonly settle: string;
  readonly hold: string;
  readonly repeat: string;
  readonly precision: string;
  readonly out?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly "no-color": boolean;
}

/** What the search decides itself, and what makes a run a part of another. */
const OWN = ["duration", "warmup", "shard", "start-at", "barrier", "barrier-timeout"];
/** Flags of `run` that hold for all loads. */
const SHARED_FLAGS = (RUN_FLAGS as readonly RunFlag[]).filter(
  ({ group, name }) => (["Load", "UTP", "Network", "Machine"].includes(group) && !OWN.includes(name)) || name === "env",
);

export const findLimitCommand: CommandModule<object, LimitFlags> = {
  command: "find-limit <profile>",
  describe: "The largest load that still holds, and what broke first",
  builder: (yargs) => limitFlags(SHARED_FLAGS.reduce<Argv<object>>(addFlag, yargs)),
  handler: async (flags) => {
    process.exitCode = await findLimit(flags);
  },
};

function limitFlags(yargs: Argv<object>): Argv<LimitFlags> {
  const value = { type: "string", requiresArg: true } as const;
  return yargs
    .parserConfiguration({ "boolean-negation": false })
    .positional("profile", {
      type: "string",
      demandOption: true,
      describe: "YAML or JSON file, ready profile, or ws:// URL",
    })
    .option("slo", {
      type: "string",
      array: true,
      nargs: 1,
      default: [],
      describe: "What must hold, as a threshold: 'rtt: p(95)<80'",
    })
    .option("axis", { ...value, default: "clients", describe: "What grows: clients, or rate (of each client)" })
    .option("from", { ...value, describe: "First load [10 clients, 1 message a second]" })
    .option("max", { ...value, describe: "Largest load to try [10000 clients, 1000 messages a second]" })
    .option("steps", { ...value, describe: "Loads to climb in place of doubling: 100,200,500" })
    .option("settle", { ...value, default: "5s", describe: "Time at full load that is not judged" })
    .option("hold", { ...value, default: "20s", describe: "Time at full load that is judged" })
    .option("repeat", { ...value, default: "2", describe: "Runs that must agree near the limit" })
    .option("precision", { ...value, default: "10%", describe: "How exact the limit shall be" })
    .option("out", { ...value, alias: "o", describe: "Folder of all results [results/NAME-TIME]" })
    .option("json", { type: "boolean", default: false, describe: "One JSON object on stdout" })
    .option("quiet", { alias: "q", type: "boolean", default: false, describe: "Only the result" })
    .option("no-color", { type: "boolean", default: false, describe: "No colour" })
    .example("$0 find-limit load.yaml --slo 'rtt: p(95)<80'", "How many clients")
    .example("$0 find-limit load.yaml --slo 'rtt: p(95)<80' --axis rate", "How many messages")
    .epilogue(
      "Exits with 0 where a limit was found or all loads held, 99 where none held, 111 where this machine gave up first",
    ) as unknown as Argv<LimitFlags>;
}

async function findLimit(flags: LimitFlags): Promise<number> {
  // Late, so that --help starts fast.
  const [{ resolveLimit }, { thisMachine }, { runLimit }, { showsColor }, { defaultResultsPath, runIdOf }] =
    await Promise.all([
      import("./resolve-limit.js"),
      import("./this-machine.js"),
      import("./run-limit.js"),
      import("./shows-color.js"),
      import("../result/results-folder.js"),
    ]);
  const { from, max, steps } = flags;
  const request = { ...flags, from, max, steps, runFlags: sharedOf(flags), environment: process.env };
  const plan = resolveLimit(request, thisMachine());
  const out = flags.out ?? defaultResultsPath(runIdOf(`limit-${plan.profile}`, Date.now()));
  const useColor = !flags["no-color"] && showsColor(undefined);
  return runLimit(plan, { out, json: flags.json, quiet: flags.quiet, useColor });
}

function sharedOf(flags: LimitFlags): FlagValues {
  const given = flags as unknown as FlagValues;
  return Object.fromEntries(SHARED_FLAGS.map(({ name }) => [name, given[name]]));
}
