// Whether results are parts of one load, and what the whole of it is called. Reads no seconds and writes nothing.
import { UsageError } from "../errors.js";
import type { EndOfRun } from "../metrics/interval.js";
import { runIdOf } from "../result/results-folder.js";
import { type ResultPart, type RunFile, shardText } from "../result/run-file.js";
import type { StoredResult } from "../result/stored-result.js";

/** Parts that begin later than this after the last of the others has ended were never one load. */
const MAX_GAP_MS = 60_000;

/** The parts of a result: of one that was merged, those it was made of. */
export function partsOf({ run, ended }: StoredResult): readonly ResultPart[] {
  if (run.parts !== undefined) return run.parts;
  const { id, instance, plan, startedAt, target, clock, machine } = run;
  const { shard, workers } = plan;
  return [{ id, instance, shard, startedAt, target, clock, machine, workers, ended }];
}

/** Parts of all results, in the order that they have in the whole. */
export function partsOfAll(results: readonly StoredResult[]): ResultPart[] {
  return results.flatMap(partsOf).sort((a, b) => compareTexts(partKey(a), partKey(b)));
}

/**
 * @throws {UsageError} If the results cannot be one: other profile, version or seed, the same part twice, shards of another count, or
 *   another time. The message names the folders.
 */
export function checkMergeable(results: readonly StoredResult[]): void {
  const [first, ...others] = results;
  if (first === undefined) throw refused("the results", "one at least", "none");
  for (const other of others) checkSame(first, other);
  checkParts(results);
  checkTime(results);
}

function checkSame(first: StoredResult, other: StoredResult): void {
  const rules: [string, (run: RunFile) => string][] = [
    ["seed", ({ profile }) => String(profile.seed)],
    ["version of utp-load", ({ versions }) => versions.utpLoad],
    ["profile", loadOf],
  ];
  for (const [what, of] of rules) {
    const [wanted, got] = [of(first.run), of(other.run)];
    if (wanted === got) continue;
    const shown = what === "profile" ? differingKeys(first.run, other.run) : got;
    throw refused(
      `the ${what} of ${other.folder}`,
      `that of ${first.folder}`,
      shown,
      "Parts of one load play one profile",
    );
  }
}

/** A profile without what each machine has of its own. */
function loadOf({ profile }: RunFile): string {
  return JSON.stringify({ ...profile, target: "", localAddresses: [] });
}

function differingKeys(a: RunFile, b: RunFile): string {
  const [left, right] = [a, b].map((run) => JSON.parse(loadOf(run)) as Record<string, unknown>);
  const keys = [...new Set([...Object.keys(left!), ...Object.keys(right!)])];
  const differing = keys.filter((key) => JSON.stringify(left![key]) !== JSON.stringify(right![key]));
  return differing.length === 0 ? "its keys in another order" : `other values of ${differing.join(", ")}`;
}

function checkParts(results: readonly StoredResult[]): void {
  const folders = new Map<string, string>();
  let counts: string | undefined;
  for (const result of results) {
    for (const part of partsOf(result)) {
      const ofCount = part.shard === null ? "whole loads" : `shards of ${part.shard.count}`;
      counts ??= ofCount;
      if (ofCount !== counts) throw refused("the results", `all ${counts}`, `${ofCount} in ${result.folder}`);
      for (const key of [part.instance, ...(part.shard === null ? [] : [`shard ${shardText(part.shard)}`])]) {
        const known = folders.get(key);
        folders.set(key, result.folder);
        if (known === undefined) continue;
        const what = part.shard === null ? part.id : `shard ${shardText(part.shard)}`;
        throw refused(
          "each part",
          "given once",
          `${what} in ${known} and in ${result.folder}`,
          "Leave one of them out",
        );
      }
    }
  }
}

function checkTime(results: readonly StoredResult[]): void {
  const spans = results.map((result) => ({ ...spanOf(result), folder: result.folder }));
  spans.sort((a, b) => a.startMs - b.startMs);
  let endMs = spans[0]!.endMs;
  for (const span of spans) {
    if (span.startMs > endMs + MAX_GAP_MS) {
      const gap = `${Math.round((span.startMs - endMs) / 1000)} s after the others had ended`;
      const hint =
        "Runs of different times are compared, not merged; if they were one load, set the clocks of the machines";
      throw refused(`the start of ${span.folder}`, "in the time of the others", gap, hint);
    }
    endMs = Math.max(endMs, span.endMs);
  }
}

/** Wall clock of a result's start and of the end of its last second, whole ms. */
export function spanOf({ run, lastSecondMs }: StoredResult): { startMs: number; endMs: number } {
  const startMs = Date.parse(run.startedAt);
  return { startMs, endMs: Math.max(startMs, lastSecondMs) };
}

/** run.json of the whole: the same whichever parts were merged first, but `instance`. */
export function mergedRun(results: readonly StoredResult[]): Omit<RunFile, "instance"> {
  const parts = partsOfAll(results);
  const first = results.find((result) => partsOf(result).some(({ instance }) => instance === parts[0]!.instance))!.run;
  const runs = results.map(({ run }) => run);
  const sum = (of: (plan: RunFile["plan"]) => number): number => runs.reduce((all, { plan }) => all + of(plan), 0);
  const startedAt = runs.map((run) => run.startedAt).sort()[0]!;
  const target = distinct(parts.map((part) => part.target)).join(", ");
  return {
    ...first,
    id: runIdOf(first.profile.name, Date.parse(startedAt)),
    startedAt,
    target,
    profile: {
      ...first.profile,
      target,
      localAddresses: distinct(runs.flatMap(({ profile }) => profile.localAddresses)),
    },
    plan: {
      clients: sum(({ clients }) => clients),
      durationMs: first.plan.durationMs,
      workers: sum(({ workers }) => workers),
      processes: sum(({ processes }) => processes),
      shard: null,
      lagLimitMs: first.plan.lagLimitMs,
    },
    clock: null,
    parts,
  };
}

/** The order of parts: by shard, then by whatever tells two apart. */
function partKey({ shard, id, instance }: ResultPart): string {
  return `${String(shard?.index ?? 0).padStart(8, "0")} ${id} ${instance}`;
}

/** How the whole ended: the gravest end of a part, or that one is not there. */
export function mergedEnd(parts: readonly ResultPart[]): EndOfRun {
  const missing = missingShards(parts);
  const interrupted = parts.filter(({ ended }) => ended.end === "interrupted");
  // One that was stopped while others went on took its load away, as one that was lost did.
  const stoppedAlone = interrupted.length < parts.length ? interrupted : [];
  const lost = parts.filter(
    (part) => part.ended.end === "cut" || part.ended.end === "generatorLost" || stoppedAlone.includes(part),
  );
  if (missing.length > 0 || lost.length > 0) {
    const absent = missing.length === 0 ? [] : [`missing: shard ${missing.join(", ")}`];
    return { end: "generatorLost", why: [...absent, ...lost.map(toldEnd)].join("; ") };
  }
  for (const end of ["interrupted", "aborted"] as const) {
    const ended = parts.filter((part) => part.ended.end === end);
    if (ended.length > 0) return { end, why: ended.map(toldEnd).join("; ") };
  }
  return { end: "completed", why: undefined };
}

/** `I/N` of every shard that is not there. */
export function missingShards(parts: readonly ResultPart[]): string[] {
  const count = parts[0]?.shard?.count ?? 0;
  const there = new Set(parts.map(({ shard }) => shard?.index));
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => !there.has(index))
    .map((index) => shardText({ index, count }));
}

function toldEnd({ shard, id, ended }: ResultPart): string {
  return `${shard === null ? id : `shard ${shardText(shard)}`}: ${ended.why ?? ended.end}`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compareTexts);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refused(
  thing: string,
  rule: string,
  got: string,
  hint = "Give the results of all parts of one load",
): UsageError {
  return new UsageError(`Cannot merge: ${thing} must be ${rule}, got ${got}`, hint);
}
