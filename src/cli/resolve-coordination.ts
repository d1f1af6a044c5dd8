// Which part of the plan runs here, and when it starts: flags, or the environment of the engine that started the process. Waits for nobody.
import { FIELDS } from "../profile/fields.js";
import type { CoordinationOptions } from "../shard/coordination.js";
import { type FoundShard, shardFromEnvironment } from "../shard/shard-environment.js";
import type { Environment, SettingReader } from "./setting-reader.js";

const SHARD_RULE = "I/N, I from 0 to N - 1, such as 0/4";
const START_RULE = "an instant that has not passed, such as 2026-11-23T18:00:00Z, or seconds since 1970";
const DEFAULT_TIMEOUT_MS = 300_000;
const MAX_SHARDS = 10_000;

/** @param nowMs Ms since the epoch. */
export function resolveCoordination(
  reader: SettingReader,
  environment: Environment,
  nowMs: number,
  notes: string[],
): CoordinationOptions {
  const found = shardOf(reader, environment, notes);
  const shard = found === undefined ? undefined : { index: found.index, count: found.count };
  const startAtMs = startOf(reader, nowMs);
  const barrier = barrierOf(reader, shard !== undefined);
  return {
    ...(shard !== undefined && { shard }),
    ...(barrier !== undefined && { barrier }),
    ...(startAtMs !== undefined && { startAtMs }),
  };
}

function shardOf(reader: SettingReader, environment: Environment, notes: string[]): FoundShard | undefined {
  const typed = reader.raw("shard");
  if (typed === undefined) {
    const found = shardFromEnvironment(environment);
    if (found === undefined) {
      if (environment.JOB_COMPLETION_INDEX) notes.push(UNSET_SHARDS);
      return undefined;
    }
    reader.note("shard", `${found.index}/${found.count}`, {
      kind: "environment",
      label: found.from,
      place: found.from,
    });
    return found;
  }
  const text = typed.values.at(-1)!;
  const parts = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const [index, count] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts === null || index >= count || count > MAX_SHARDS) throw reader.error(typed.source, SHARD_RULE, text);
  reader.note("shard", text, typed.source);
  return count === 1 ? undefined : { index, count, from: typed.source.place };
}

function startOf(reader: SettingReader, nowMs: number): number | undefined {
  const typed = reader.raw("start-at");
  if (typed === undefined) return undefined;
  const text = typed.values.at(-1)!;
  const atMs = /^\d{9,11}(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (!(atMs > nowMs)) throw reader.error(typed.source, START_RULE, text);
  reader.note("start-at", text, typed.source);
  return atMs;
}

function barrierOf(reader: SettingReader, hasShard: boolean): CoordinationOptions["barrier"] {
  const spec = { flag: "barrier-timeout", field: FIELDS.barrierTimeout } as const;
  const typed = reader.typed({ flag: "barrier", field: FIELDS.folder });
  if (typed === undefined) return undefined;
  if (!hasShard) {
    const rule = "given to a shard, by --shard I/N or in an array of Slurm, Kubernetes, AWS Batch or Cloud Run";
    throw reader.error(typed.source, rule, typed.text);
  }
  reader.note("barrier", typed.text, typed.source);
  return { folder: typed.value, timeoutMs: reader.read(spec, DEFAULT_TIMEOUT_MS, "5m").value };
}

const UNSET_SHARDS =
  "JOB_COMPLETION_INDEX is set, UTP_SHARDS is not: this runs the whole plan; set UTP_SHARDS to the job's completions for a shard";
