// run.json: what was run, on what. Written before the first connection, so that a run that dies still tells what it was.
import { randomUUID } from "node:crypto";
import os from "node:os";
import type { EndOfRun } from "../metrics/interval.js";
import type { Profile } from "../profile/profile.js";
import type { Shard } from "../workload/plan.js";
import { LEFT_OUT, SECRET_HEADERS, shownHeaderValue } from "./secret-headers.js";

export interface RunFile {
  schema: "utp-load/run@1";
  id: string;
  /** Drawn at random: tells this run from every other, also from one of the same name and second on another machine. */
  instance: string;
  startedAt: string;
  /** The URL that is loaded, where the profile says `embedded`. */
  target: string;
  /** As run; values of headers that carry secrets are left out. */
  profile: Profile;
  /** What was typed, without those values. */
  flags: readonly string[];
  plan: {
    /** All that will be started here: of a shard, its share. */
    clients: number;
    durationMs: number;
    workers: number;
    processes: number;
    /** Null: the whole load. */
    shard: Shard | null;
    /** Send lag p99 of a second beyond this is the generator's fault. */
    lagLimitMs: number;
  };
  /** Beyond the contract: a shared folder's clock less this machine's, where shards start together; null elsewhere. */
  clock: { offsetMs: number; uncertaintyMs: number } | null;
  machine: Machine;
  versions: { utpLoad: string; node: string };
  /** Of a result that `merge` has made: what it was made of, in order of `partKey`. */
  parts?: readonly ResultPart[];
}

export interface Machine {
  os: string;
  release: string;
  arch: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
}

/** The result of one generator, within a merged one. */
export interface ResultPart {
  readonly id: string;
  readonly instance: string;
  /** Null: a generator that knew of no others. */
  readonly shard: Shard | null;
  readonly startedAt: string;
  readonly target: string;
  readonly clock: RunFile["clock"];
  readonly machine: Machine;
  readonly ended: EndOfRun;
}

export type { Shard };

/** As flags and summaries write it: `I/N`. */
export function shardText(shard: Shard): string {
  return `${shard.index}/${shard.count}`;
}

export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

export interface RunFileFacts {
  readonly id: string;
  readonly startedAtMs: number;
  readonly target: string;
  readonly profile: Profile;
  readonly flags: readonly string[];
  readonly settings: readonly Setting[];
  /** Clients of the plan, all together. */
  readonly plannedClients: number;
  readonly workers: number;
  readonly processes: number;
  readonly shard: Shard | null;
  readonly clock?: { readonly offsetMs: number; readonly uncertaintyMs: number };
  /** Send lag p99 of a second beyond this is the generator's fault. */
  readonly lagLimitMs: number;
  readonly version: string;
}

/** Such a header on the command line, in one word or behind `--header=`; the first group is what may stay. */
const SECRET_FLAG = new RegExp(`^((?:--header=)?\\s*(?:${SECRET_HEADERS.join("|")})\\s*:).*`, "is");

/** run.json of a run on this machine. */
export function runFileOf(facts: RunFileFacts): RunFile {
  const { profile } = facts;
  return {
    schema: "utp-load/run@1",
    id: facts.id,
    instance: randomUUID(),
    startedAt: new Date(facts.startedAtMs).toISOString(),
    target: facts.target,
    profile: { ...profile, headers: profile.headers.map(([name, value]) => [name, shownHeaderValue(name, value)]) },
    flags: facts.flags.map((flag) => flag.replace(SECRET_FLAG, `$1 ${LEFT_OUT}`)),
    plan: {
      clients: facts.plannedClients,
      durationMs: profile.stages.reduce((sum, stage) => sum + stage.durationMs, 0),
      workers: facts.workers,
      processes: facts.processes,
      shard: facts.shard,
      lagLimitMs: facts.lagLimitMs,
    },
    clock: facts.clock ?? null,
    machine: thisMachine(),
    versions: { utpLoad: facts.version, node: process.version },
  };
}

function thisMachine(): Machine {
  return {
    os: os.platform(),
    release: os.release(),
    arch: os.arch(),
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
  };
}
