// `utp-load serve`: flags in, a server that runs until it is told to stop. What it does stands in src/server.
import type { Argv, CommandModule } from "yargs";
import type { ServeFlags } from "./serve-flags.js";

export const serveCommand: CommandModule<object, ServeFlags> = {
  command: "serve",
  describe: "The reference UTP server over WebSocket, a stand-in for a Unity dedicated server",
  builder: (yargs) => serveFlags(yargs) as unknown as Argv<ServeFlags>,
  handler: async (flags) => {
    // Late, so that --help and completion start fast.
    const [{ serverOptions }, { runServe }] = await Promise.all([import("./serve-flags.js"), import("./run-serve.js")]);
    await runServe(serverOptions(flags), flags.stats === true);
  },
};

/** Name, what stands in help, and the default as help shows it. */
type Row = readonly [name: string, describe: string, defaultText?: string];

const NETWORK: readonly Row[] = [
  ["port", "Port to listen on; 0: any free one", "7777"],
  ["host", "Address to listen on", "127.0.0.1"],
  ["ws-path", "Request path that is served", "/"],
  ["tls-cert", "PEM file of the certificate: serve wss://"],
  ["tls-key", "PEM file of its key"],
];
const GAME: readonly Row[] = [
  ["broadcast", "BYTES@HZ: a message to everybody, so often"],
  ["max-connections", "Refuse clients beyond this number"],
  ["refuse-with", "disconnect or close", "disconnect"],
  ["kick-after", "Disconnect each client after this time"],
  ["accept-payload", "hex:.., utf8:.. or file:.., sent with each Accept"],
  ["early-data", "drop or queue data that comes before the accept", "drop"],
  ["pipelines", 'none, ngo, or JSON: [["fragmentation",{"stage":"reliableSequenced","window":64}]]', "none"],
];
const UNITY: readonly Row[] = [
  ["tick", "Updates a second, as in Unity; 0: at once", "60"],
  ["queue", "Receive and send queue, packets", "512"],
  ["limits", "Which of accept,reads,fin,control,send bite", "all with a tick"],
  ["heartbeat", "Heartbeat and ping after this silence; 0: never", "500ms"],
  ["disconnect-timeout", "Give a silent client up after this; 0: never", "30s"],
  ["max-message-size", "Largest packet with all layers, bytes", "1400"],
  ["mtu-discovery", "Probe the path: 2.5.0, 2.5.2 or 2.6.0"],
];
const FAULTS: readonly Row[] = [
  ["latency", "Delay of each message sent; 20ms,80ms@10%: two humps", "0s"],
  ["jitter", "A further random delay, up to this; order kept", "0s"],
  ["drop", "Share of the messages sent that is lost", "0%"],
  ["duplicate", "Share of the messages sent that leaves twice", "0%"],
  ["stall", "FOR@EVERY: stand still, such as 1s@10s"],
  ["global-simulator", "Unity's, instead: send-delay=40ms,send-loss=1%,.."],
  ["stage-simulator", "Unity's, per pipeline: max-packets=64,drop-interval=9,.."],
  ["malform", "future-ack,window-mismatch,glued,length-lie,version-2"],
  ["seed", "Of the fault injection", "1"],
];

function serveFlags(yargs: Argv<object>): Argv<object> {
  return withTexts(
    withTexts(withTexts(withTexts(yargs, "Network", NETWORK), "Game", GAME), "Unity", UNITY),
    "Faults",
    FAULTS,
  )
    .alias("port", "p")
    .option("echo", { group: "Game:", type: "boolean", describe: "Send every message back" })
    .option("stats", { group: "Network:", type: "boolean", describe: "A JSON line a second on stdout" })
    .example("$0 serve --echo", "A Unity server at 60 updates a second that echoes")
    .example("$0 serve --tick 0 --echo", "The same without Unity's limits: answers at once")
    .example("$0 serve --latency 40ms --jitter 10ms --drop 1%", "A bad network");
}

function withTexts(yargs: Argv<object>, group: string, rows: readonly Row[]): Argv<object> {
  return rows.reduce<Argv<object>>(
    (parser, [name, describe, defaultDescription]) =>
      parser.option(name, {
        group: `${group}:`,
        type: "string",
        requiresArg: true,
        describe,
        ...(defaultDescription !== undefined && { defaultDescription }),
      }),
    yargs,
  );
}
