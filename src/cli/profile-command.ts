// `utp-load profile init|check|schema`: writes a starter profile, checks one, prints the JSON Schema. Starts no run.
import type { Argv, CommandModule } from "yargs";
import { EnvironmentError, UsageError } from "../errors.js";
import type { FlagValues } from "./run-flags.js";

export const profileCommand: CommandModule<object, object> = {
  command: "profile",
  describe: "Write, check or describe profiles",
  builder: (yargs) =>
    yargs
      .command("init [file]", "Write a starter profile (load.yaml)", initFlags, ({ file, force }) => init(file, force))
      .command("check <file>", "Check a profile: 0 if it can be run, else 104", checkFlags, ({ file, ...flags }) =>
        check(file, given(flags)),
      )
      .command("schema", "Print the JSON Schema of the profile language", {}, () => printSchema())
      .example("$0 profile init game.yaml", "A commented profile to start from")
      .example("$0 profile check game.yaml", "Every problem with file, line and key"),
  handler: () => undefined,
};

function initFlags(yargs: Argv) {
  return yargs
    .positional("file", { type: "string", default: "load.yaml", describe: "Where to write it" })
    .option("force", { type: "boolean", default: false, describe: "Replace an existing file" });
}

function checkFlags(yargs: Argv) {
  return yargs
    .positional("file", { type: "string", demandOption: true, describe: "A YAML or JSON profile" })
    .option("env", {
      type: "string",
      array: true,
      nargs: 1,
      describe: "Value of a variable in the profile: K=V",
    })
    .option("allow-outside", { type: "boolean", describe: "Let the profile name files outside its folder" });
}

function given(flags: Readonly<Record<string, unknown>>): FlagValues {
  const { env, "allow-outside": allowOutside } = flags;
  return { env, "allow-outside": allowOutside };
}

async function init(file: string, force: boolean): Promise<void> {
  const [{ writeFileSync }, { STARTER_PROFILE }] = await Promise.all([
    import("node:fs"),
    import("../profile/starter-profile.js"),
  ]);
  try {
    writeFileSync(file, STARTER_PROFILE, { flag: force ? "w" : "wx" });
  } catch (error) {
    throw writeError(file, error as NodeJS.ErrnoException);
  }
  process.stdout.write(`${file} written\nEdit its target, then: utp-load run ${file}\n`);
}

function writeError(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code === "EEXIST") {
    const message = `Cannot write a profile: ${file} must not exist yet, got an existing file`;
    return new UsageError(message, "Give another name, or --force to replace it");
  }
  const message = `Cannot write a profile: ${file} must be a path that can be written, got ${error.code}`;
  return new EnvironmentError(message, "Check that its folder exists and is yours", { cause: error });
}

/** Resolves it as `run` would, variables of the environment included, so that thresholds, sizes and files are checked too. */
async function check(file: string, flags: FlagValues): Promise<void> {
  const [{ resolveRun }, { thisMachine }, { botsText, planFigures, planLines }, { loadChart }, { runPlan }] =
    await Promise.all([
      import("./resolve-run.js"),
      import("./this-machine.js"),
      import("./plan-text.js"),
      import("./load-chart.js"),
      import("../virtual-user/run-plan.js"),
    ]);
  const { run, notes } = resolveRun({ argument: file, flags, environment: process.env }, thisMachine());
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  const { peakClients, peakMessagesPerSecond, peakBytesPerSecond } = planFigures(run);
  const peak = [
    `${peakClients} clients`,
    `${Math.round(peakMessagesPerSecond)} messages/s`,
    `${((peakBytesPerSecond * 8) / 1e6).toFixed(2)} Mbit/s to the server`,
  ];
  const lines = [
    `${file} can be run`,
    ...planLines(run),
    "",
    ...loadChart(runPlan(run.profile)),
    `peak: ${peak.join(", ")}${botsText(run.profile.scenarios)}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function printSchema(): Promise<void> {
  const { profileJsonSchema } = await import("../profile/schema.js");
  process.stdout.write(`${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
}
