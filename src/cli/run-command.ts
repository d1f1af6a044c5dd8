// `utp-load run [PROFILE | URL]`: flags in, a resolved run out to the engine. What it all means stands in resolve-run.ts.
import type { Argv, CommandModule } from "yargs";
import type { RunDecision } from "./resolve-run.js";
import type { ResolvedRun } from "./resolved-run.js";
import { type FlagValues, RUN_FLAGS, type RunFlag } from "./run-flags.js";

export const runCommand: CommandModule<object, FlagValues> = {
  command: "run [profile]",
  describe: "Run a profile, or a quick load on a URL; with neither, a smoke test",
  builder: (yargs) => runFlags(yargs) as Argv<FlagValues>,
  handler: async (flags) => {
    process.exitCode = await run(flags);
  },
};

function runFlags(yargs: Argv<object>): Argv<object> {
  const withFlags = RUN_FLAGS.reduce<Argv<object>>((parser, flag) => addFlag(parser, flag), yargs);
  return withFlags
    .parserConfiguration({ "boolean-negation": false })
    .positional("profile", { type: "string", describe: "YAML or JSON file, ready profile, or ws:// URL" })
    .example("$0 run ws://127.0.0.1:7777/ -c 2000 -r 100/s", "2000 clients, 100 a second")
    .example("$0 run load.yaml --rate 20", "A profile, one value changed")
    .example("$0 run load.yaml --threshold 'rtt: p(95)<80'", "Exit code 99 if crossed")
    .epilogue("Every flag can be given as UTP_LOAD_<FLAG>, such as UTP_LOAD_CLIENTS=50");
}

/** A flag of `run` as yargs knows it; also for commands that pass some on. */
export function addFlag<T>(yargs: Argv<T>, flag: RunFlag): Argv<T> {
  yargs.option(flag.name, {
    group: `${flag.group}:`,
    describe: flag.describe,
    ...(flag.alias !== undefined && { alias: flag.alias }),
    ...(flag.default !== undefined && { defaultDescription: flag.default }),
    ...(flag.kind === "switch" ? { type: "boolean" } : { type: "string", requiresArg: flag.kind !== "optional" }),
    ...(flag.kind === "list" && { array: true, nargs: 1 }),
  });
  return yargs;
}

async function run(flags: FlagValues): Promise<number> {
  // Late, so that --help starts fast.
  const [{ resolveRun }, { thisMachine }] = await Promise.all([
    import("./resolve-run.js"),
    import("./this-machine.js"),
  ]);
  const argument = flags.profile === undefined ? undefined : String(flags.profile);
  const decision = resolveRun({ argument, flags, environment: process.env }, thisMachine());
  const notes = [...decision.notes, ...(await beyondCeiling(decision.run))];
  if (!decision.run.quiet) for (const note of notes) process.stderr.write(`note: ${note}\n`);
  if (decision.printConfig || decision.dryRun) await show(decision);
  if (decision.printConfig && !decision.dryRun) return 0;
  const { shortageHere } = await import("./preflight.js");
  const shortage = await shortageHere(decision.run);
  if (decision.dryRun) {
    if (shortage !== undefined) process.stderr.write(`note: ${shortage.message}\n${shortage.hint}\n`);
    return 0;
  }
  if (shortage !== undefined) throw shortage;
  const { executeRun } = await import("./execute-run.js");
  return executeRun(decision.run);
}

async function show({ run, dryRun }: RunDecision): Promise<void> {
  const { planFigures, planLines, settingLines } = await import("./plan-text.js");
  if (run.json) {
    const plan = dryRun ? { plan: planFigures(run) } : {};
    process.stdout.write(`${JSON.stringify({ settings: run.settings, ...plan })}\n`);
    return;
  }
  const plan = dryRun ? ["", ...planLines(run), "", "dry run: nothing was sent"] : [];
  process.stdout.write(`${[...settingLines(run.settings), ...plan].join("\n")}\n`);
}

/** A sentence where the plan asks for more than `calibrate` measured on this machine; nothing where nobody has. */
async function beyondCeiling(run: ResolvedRun): Promise<string[]> {
  const [
    { ceilingWarning },
    { ownCalibrationPath, readCalibration },
    { machineIdentity },
    { planFigures },
    { VERSION },
  ] = await Promise.all([
    import("../calibration/calibration.js"),
    import("../calibration/calibration-file.js"),
    import("../calibration/machine-identity.js"),
    import("./plan-text.js"),
    import("../version.js"),
  ]);
  const stored = readCalibration(ownCalibrationPath(), machineIdentity(VERSION));
  if (stored === undefined) return [];
  const { peakMessagesPerSecond } = planFigures(run);
  const warning = ceilingWarning({ peakMessagesPerSecond, workers: run.workers }, stored.ceiling);
  return warning === undefined ? [] : [warning];
}
