// `utp-load status DIR`: how far the shards of a run are, from the folder that they share. Changes nothing.
import type { Argv, CommandModule } from "yargs";
import type { SharedStatus } from "../shard/shared-status.js";

interface StatusFlags {
  readonly dir: string;
  readonly watch: boolean;
  readonly json: boolean;
}

const WATCH_MS = 2000;
const CLEAR_SCREEN = "\u001b[H\u001b[2J";

export const statusCommand: CommandModule<object, StatusFlags> = {
  command: "status <dir>",
  describe: "How far the shards of a run are",
  builder: (yargs) => statusFlags(yargs) as unknown as Argv<StatusFlags>,
  handler: async (flags) => {
    await (flags.watch ? watch(flags) : show(flags));
  },
};

function statusFlags(yargs: Argv): Argv {
  return yargs
    .positional("dir", { type: "string", demandOption: true, describe: "The folder that the shards share" })
    .option("watch", { type: "boolean", default: false, describe: "Again every 2 s, until all are over" })
    .option("json", { type: "boolean", default: false, describe: "One JSON object on stdout" })
    .example("$0 status results/arena --watch", "Shards ready, running, ended, lost");
}

async function show({ dir, json }: StatusFlags): Promise<SharedStatus> {
  const [{ readSharedStatus }, { statusText }] = await Promise.all([
    import("../shard/shared-status.js"),
    import("../report/status-text.js"),
  ]);
  const status = readSharedStatus(dir);
  const isTerminal = process.stdout.isTTY === true;
  const useColor = isTerminal && !process.env.NO_COLOR && !process.env.CI;
  process.stdout.write(json ? `${JSON.stringify(status)}\n` : statusText(status, useColor));
  return status;
}

async function watch(flags: StatusFlags): Promise<void> {
  const [{ isOver }, { setTimeout: sleep }] = await Promise.all([
    import("../shard/shared-status.js"),
    import("node:timers/promises"),
  ]);
  for (;;) {
    if (process.stdout.isTTY === true && !flags.json) process.stdout.write(CLEAR_SCREEN);
    if (isOver(await show(flags))) return;
    await sleep(WATCH_MS);
  }
}
