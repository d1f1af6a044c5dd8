// `utp-load probe URL`: flags in, lines or one JSON object out, an exit code. What it all means stands in src/probe.
import type { Argv, CommandModule } from "yargs";
import type { ProbeFlags } from "./probe-flags.js";

interface ProbeArguments extends ProbeFlags {
  readonly trace: boolean;
  readonly json: boolean;
  readonly color?: boolean | undefined;
}

export const probeCommand: CommandModule<object, ProbeArguments> = {
  command: "probe <url>",
  describe: "Walk one connection step by step and say what is wrong, if anything",
  builder: (yargs) => flags(yargs),
  handler: async (given) => {
    // Late, so that --help and completion start fast.
    const [{ probeOptions }, { runProbe }] = await Promise.all([import("./probe-flags.js"), import("./run-probe.js")]);
    const options = probeOptions(given);
    process.exitCode = await runProbe(options, { trace: given.trace, json: given.json, color: given.color });
  },
};

function flags(yargs: Argv<object>): Argv<ProbeArguments> {
  return yargs
    .positional("url", { type: "string", demandOption: true, describe: "ws:// or wss:// URL of the server" })
    .option("hold", { type: "string", default: "12s", describe: "Stay connected this long" })
    .option("connect-timeout", { type: "string", default: "5s", describe: "Most time for each step" })
    .option("size", { type: "string", default: "64", describe: "Bytes of the data message, 0: none" })
    .option("header", { type: "string", array: true, nargs: 1, describe: "One more request header, 'K: V'" })
    .option("ca", { type: "string", describe: "PEM file of the authority to trust" })
    .option("insecure", { type: "boolean", default: false, describe: "Accept any certificate" })
    .option("trace", { type: "boolean", default: false, describe: "Show the bytes of every frame" })
    .option("json", { type: "boolean", default: false, describe: "One JSON object on stdout" })
    .option("color", { type: "boolean", describe: "Colours (--no-color: none)" })
    .example("$0 probe ws://127.0.0.1:7777/", "Is there a healthy UTP server?")
    .example("$0 probe wss://game.example/ --trace", "The same over TLS, with every byte");
}
