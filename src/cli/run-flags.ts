// The flags of `run` as data: help, environment variables and resolution all read this list. Rules of values are in profile/fields.ts.

/** `list`: may stand several times. `switch`: no value. `optional`: with a value or without. */
export interface RunFlag {
  readonly name: string;
  readonly alias?: string;
  readonly group: "Load" | "UTP" | "Network" | "Machine" | "Judging" | "Output";
  readonly kind: "value" | "list" | "switch" | "optional";
  readonly describe: string;
  /** As help shows it. */
  readonly default?: string;
}

export const RUN_FLAGS = [
  {
    name: "target",
    alias: "t",
    group: "Load",
    kind: "value",
    describe: "ws:// or wss:// URL, or embedded",
    default: "embedded",
  },
  {
    name: "clients",
    alias: "c",
    group: "Load",
    kind: "value",
    describe: "Clients at full load, at most 1000000",
    default: "10",
  },
  {
    name: "duration",
    alias: "d",
    group: "Load",
    kind: "value",
    describe: "Time at full load, after the ramp",
    default: "30s",
  },
  {
    name: "ramp",
    alias: "r",
    group: "Load",
    kind: "value",
    describe: "Time to full load, or clients a second: 10s, 500/s",
    default: "1s to 10s",
  },
  { name: "rate", group: "Load", kind: "value", describe: "Messages a second per client", default: "10" },
  { name: "size", group: "Load", kind: "value", describe: "Payload of a message, bytes", default: "64" },
  {
    name: "pipeline",
    group: "Load",
    kind: "value",
    describe:
      "Pipeline of the messages: a number of the profile's, or unreliable, unreliableSequenced, reliable of NGO",
    default: "0",
  },
  {
    name: "pipelines",
    group: "Load",
    kind: "value",
    describe: "As the server creates them: none, ngo, or JSON with the stages of each",
    default: "none",
  },
  {
    name: "warmup",
    group: "Load",
    kind: "value",
    describe: "Left out of thresholds and summary, from the start",
    default: "0s",
  },
  { name: "seed", group: "Load", kind: "value", describe: "Same seed and profile, same run", default: "1" },
  {
    name: "client",
    group: "Load",
    kind: "value",
    describe: "Client to imitate: patient, native or webgl",
    default: "patient",
  },
  {
    name: "connect-timeout",
    group: "UTP",
    kind: "value",
    describe: "patient: whole time to connect; others: Unity's connectTimeoutMS, 1s",
    default: "60s",
  },
  {
    name: "heartbeat",
    group: "UTP",
    kind: "value",
    describe: "Send silence before a heartbeat, 0s: none",
    default: "500ms",
  },
  {
    name: "disconnect-timeout",
    group: "UTP",
    kind: "value",
    describe: "Silence before a client gives up, 0s: never",
    default: "30s",
  },
  {
    name: "max-message-size",
    group: "UTP",
    kind: "value",
    describe: "Unity's maxMessageSize, bytes",
    default: "1400",
  },
  {
    name: "ping-interval",
    group: "UTP",
    kind: "value",
    describe: "Measuring WebSocket pings: a duration, unity or off",
    default: "5s",
  },
  {
    name: "connect-payload",
    group: "UTP",
    kind: "value",
    describe: "Payload of the Connection Request: hex:.., utf8:.., file:..",
  },
  { name: "header", group: "Network", kind: "list", describe: "Header of the upgrade request: 'K: V'" },
  { name: "ca", group: "Network", kind: "value", describe: "PEM file of the authority to trust" },
  { name: "insecure", group: "Network", kind: "switch", describe: "Accept any certificate" },
  { name: "local-address", group: "Network", kind: "list", describe: "Source addresses, used in turn: A[,B..]" },
  {
    name: "workers",
    alias: "w",
    group: "Machine",
    kind: "value",
    describe: "Worker threads",
    default: "cores - 1",
  },
  { name: "shard", group: "Machine", kind: "value", describe: "Run part I of N of the plan, I from 0: I/N" },
  {
    name: "start-at",
    group: "Machine",
    kind: "value",
    describe: "Instant to start at: 2026-11-23T18:00:00Z, or seconds since 1970",
  },
  {
    name: "barrier",
    group: "Machine",
    kind: "value",
    describe: "Shared folder where all shards meet before they start; a new one a run",
  },
  {
    name: "barrier-timeout",
    group: "Machine",
    kind: "value",
    describe: "How long to wait for the other shards",
    default: "5m",
  },
  { name: "threshold", group: "Judging", kind: "list", describe: "Pass or fail: 'METRIC: EXPRESSION'" },
  { name: "baseline", group: "Judging", kind: "value", describe: "Compare with this result, or these: DIR, A,B,C" },
  {
    name: "allow",
    group: "Judging",
    kind: "list",
    describe: "Worse than the baseline by so much is no regression: 'rtt.p95: 10%'",
  },
  {
    name: "fail-fast",
    group: "Judging",
    kind: "switch",
    describe: "Stop at the first failed connection or crossed threshold",
  },
  {
    name: "out",
    alias: "o",
    group: "Output",
    kind: "value",
    describe: "Results folder",
    default: "results/NAME-TIME",
  },
  { name: "json", group: "Output", kind: "switch", describe: "One JSON object on stdout" },
  { name: "quiet", alias: "q", group: "Output", kind: "switch", describe: "Only the summary" },
  { name: "no-progress", group: "Output", kind: "switch", describe: "No progress on stderr" },
  { name: "no-color", group: "Output", kind: "switch", describe: "No colour" },
  {
    name: "dashboard",
    group: "Output",
    kind: "optional",
    describe: "A page to follow and change the run: PORT or HOST:PORT",
    default: "off; 5665 without a value",
  },
  {
    name: "prometheus",
    group: "Output",
    kind: "optional",
    describe: "Metrics for Prometheus while it runs: PORT or HOST:PORT",
    default: "off; 9464 without a value",
  },
  {
    name: "allow-outside",
    group: "Machine",
    kind: "switch",
    describe: "Let the profile name files outside its folder",
  },
  { name: "env", group: "Output", kind: "list", describe: "Value of a variable in the profile: K=V" },
  {
    name: "print-config",
    group: "Output",
    kind: "switch",
    describe: "Show each value and where it comes from; send nothing",
  },
  {
    name: "dry-run",
    group: "Output",
    kind: "switch",
    describe: "Show the values and the plan; send nothing",
  },
] as const satisfies readonly RunFlag[];

export type RunFlagName = (typeof RUN_FLAGS)[number]["name"];

/** What yargs found: a text (or several) a flag, true for a switch; absent flags are undefined. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** `connect-timeout` is `UTP_LOAD_CONNECT_TIMEOUT`. */
export function environmentName(flag: string): string {
  return `UTP_LOAD_${flag.toUpperCase().replaceAll("-", "_")}`;
}
