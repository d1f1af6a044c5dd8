// Whether two groups of results can be compared: what makes a comparison senseless, and what one must know to read it. Pure.
import type { Profile } from "../profile/profile.js";
import type { RunFile } from "../result/run-file.js";
import type { Summary } from "../result/summary.js";

/** A result as far as it decides what it can be compared with. */
export interface Comparable {
  readonly folder: string;
  readonly run: Pick<RunFile, "profile" | "machine" | "versions" | "plan">;
  readonly summary: Pick<Summary, "partial" | "clients" | "generator">;
}

export interface Comparability {
  /** Why figures would say nothing of the server; one sentence each. */
  readonly refusals: readonly string[];
  /** What may explain a difference besides the server; one sentence each. */
  readonly warnings: readonly string[];
}

/** Judges every result by itself, and against the first of the base. */
export function comparability(base: readonly Comparable[], next: readonly Comparable[]): Comparability {
  const all = [...base, ...next];
  const [first] = all as [Comparable, ...Comparable[]];
  const others = all.slice(1);
  const shared = next.filter(({ folder }) => base.some((other) => other.folder === folder));
  return {
    refusals: [
      ...all.flatMap(unusable),
      ...distinct(others.map(({ run }) => loadDifferences(first.run.profile, run.profile))),
    ],
    warnings: [
      ...shared.map(({ folder }) => `${folder} is on both sides`),
      ...all.flatMap(doubtful),
      ...distinct(others.map(({ run }) => circumstances(first.run, run))),
    ],
  };
}

/** What the two profiles load a server with differently, a sentence each: their figures are of different work. */
export function loadDifferences(base: Profile, next: Profile): string[] {
  return differing(base, next, [
    ["the stages", ({ stages }) => stages, stagesText],
    ["the rate", ({ ratePerSecond }) => ratePerSecond, (rate) => `${rate}/s`],
    ["the message size", ({ payloadBytes }) => payloadBytes, (bytes) => `${bytes} bytes`],
    ["the pipelines", ({ pipelines, pipelineId }) => [pipelines, pipelineId]],
    ["the scenarios", ({ scenarios }) => scenarios],
    ["the kind of client", ({ client }) => client, String],
  ]);
}

function unusable({ folder, summary }: Comparable): string[] {
  if (summary.generator.trust === "invalid") {
    return [`${folder} is invalid, its figures are not the server's: ${summary.generator.why.join("; ")}`];
  }
  return summary.clients.connected === 0 ? [`${folder}: no client became connected`] : [];
}

function doubtful({ folder, summary, run }: Comparable): string[] {
  const { trust, why } = summary.generator;
  return [
    ...(summary.partial ? [`${folder} is partial: its run did not run to its end`] : []),
    ...(trust === "suspect" ? [`${folder}: the generator was near its limit: ${why.join("; ")}`] : []),
    ...(run.plan.shard !== null ? [`${folder} is one shard only: merge them first`] : []),
  ];
}

function circumstances(base: Comparable["run"], next: Comparable["run"]): string[] {
  return [
    ...differing(base.profile, next.profile, [
      ["the seed", ({ seed }) => seed, String],
      ["the warm-up", ({ warmupMs }) => warmupMs, (ms) => `${ms} ms`],
      ["the transport's parameters", ({ parameters }) => parameters],
    ]),
    ...differing(base, next, [
      ["the machine", ({ machine }) => machineText(machine), String],
      ["the version of utp-load", ({ versions }) => versions.utpLoad, String],
      ["the version of Node.js", ({ versions }) => versions.node, String],
    ]),
  ];
}

type Aspect<Whole> = readonly [what: string, of: (whole: Whole) => unknown, say?: (value: never) => string];

function differing<Whole>(base: Whole, next: Whole, aspects: readonly Aspect<Whole>[]): string[] {
  return aspects.flatMap(([what, of, say]) => {
    const [a, b] = [of(base), of(next)];
    // As run.json has them: what is left out and what is undefined are the same.
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    return [
      `${what} differ${what.endsWith("s") ? "" : "s"}${say === undefined ? "" : `: ${say(a as never)} against ${say(b as never)}`}`,
    ];
  });
}

function stagesText(stages: Profile["stages"]): string {
  return stages.map(({ durationMs, target }) => `${target} clients in ${durationMs / 1000} s`).join(", then ");
}

function machineText({ os, arch, cpu, cores }: RunFile["machine"]): string {
  return `${cores} cores of ${cpu} (${os} ${arch})`;
}

function distinct(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}
