// The commands by name. Each one's code is loaded only when it is called, so that help and completion start fast.
import type { CommandModule } from "yargs";

export interface CommandEntry {
  readonly name: string;
  /** With its arguments, as help shows it. */
  readonly command: string;
  readonly describe: string;
  readonly subcommands?: readonly string[];
  load(): Promise<CommandModule<object, never>>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "run",
    command: "run [profile]",
    describe: "Load a server: a profile, or a ws:// URL and flags",
    load: async () => (await import("./run-command.js")).runCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "serve",
    command: "serve",
    describe: "A stand-in for a Unity server, with faults to order",
    load: async () => (await import("./serve-command.js")).serveCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "probe",
    command: "probe <url>",
    describe: "One connection, step by step, and a verdict",
    load: async () => (await import("./probe-command.js")).probeCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "record",
    command: "record",
    describe: "A proxy that a game plays through: a profile comes out",
    load: async () => (await import("./record-command.js")).recordCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "report",
    command: "report <result>",
    describe: "Reports of a result, also of a run that was killed",
    load: async () => (await import("./report-command.js")).reportCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "compare",
    command: "compare <base> <new>",
    describe: "Two results, or groups of results, side by side",
    load: async () => (await import("./compare-command.js")).compareCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "matrix",
    command: "matrix <profile>",
    describe: "One profile over variants of settings or targets",
    load: async () => (await import("./matrix-command.js")).matrixCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "find-limit",
    command: "find-limit <profile>",
    describe: "The largest load that still holds",
    load: async () =>
      (await import("./find-limit-command.js")).findLimitCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "calibrate",
    command: "calibrate",
    describe: "This machine's own ceiling, measured and stored",
    load: async () =>
      (await import("./calibrate-command.js")).calibrateCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "merge",
    command: "merge <results..>",
    describe: "Results of shards or machines into one",
    load: async () => (await import("./merge-command.js")).mergeCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "profile",
    command: "profile <init|check|schema>",
    describe: "Write, check or describe profiles",
    subcommands: ["init", "check", "schema"],
    load: async () => (await import("./profile-command.js")).profileCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "deploy",
    command: "deploy <slurm|kubernetes>",
    describe: "The files that run a profile in shards on an engine",
    subcommands: ["slurm", "kubernetes"],
    load: async () => (await import("./deploy-command.js")).deployCommand as unknown as CommandModule<object, never>,
  },
  {
    name: "status",
    command: "status <dir>",
    describe: "How far the shards of a run are",
    load: async () => (await import("./status-command.js")).statusCommand as unknown as CommandModule<object, never>,
  },
];
/** yargs' own. */
export const COMPLETION = "completion";
