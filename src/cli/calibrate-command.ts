// `utp-load calibrate`: this machine's own ceiling as a load generator. How it is measured stands in run-calibrate.ts.
import type { Argv, CommandModule } from "yargs";

interface CalibrateFlags {
  readonly duration: string;
  readonly workers?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const calibrateCommand: CommandModule<object, CalibrateFlags> = {
  command: "calibrate",
  describe: "This machine's own ceiling as a load generator, measured and stored",
  builder: calibrateFlags,
  handler: async (flags) => {
    process.exitCode = await calibrate(flags);
  },
};

function calibrateFlags(yargs: Argv<object>): Argv<CalibrateFlags> {
  const value = { type: "string", requiresArg: true } as const;
  return yargs
    .parserConfiguration({ "boolean-negation": false })
    .option("duration", { ...value, alias: "d", default: "3s", describe: "Length of each of about ten measurements" })
    .option("workers", { ...value, alias: "w", describe: "Worker threads [cores - 1]" })
    .option("json", { type: "boolean", default: false, describe: "One JSON object on stdout" })
    .option("quiet", { alias: "q", type: "boolean", default: false, describe: "Only the result" })
    .example("$0 calibrate", "About a minute; close other programs first")
    .epilogue("`utp-load run` warns where a plan asks for more than the ceiling stored here");
}

async function calibrate(flags: CalibrateFlags): Promise<number> {
  // Late, so that --help starts fast.
  const [{ flagReader }, { FIELDS }, { runCalibrate }, { thisMachine }] = await Promise.all([
    import("./flag-reader.js"),
    import("../profile/fields.js"),
    import("./run-calibrate.js"),
    import("./this-machine.js"),
  ]);
  const reader = flagReader("calibrate");
  const given = { duration: flags.duration, workers: flags.workers };
  const durationMs = reader.field(given, "duration", FIELDS.duration)!;
  if (durationMs < 500) throw reader.wrong("duration", "at least 500ms", flags.duration);
  const workers = reader.whole(given, "workers", 1, 256) ?? Math.max(1, thisMachine().cores - 1);
  return runCalibrate({ durationMs, workers, json: flags.json, quiet: flags.quiet });
}
