// What the parts of one scenario may speak of while it is put together: variables, feeders, decode blocks, pipelines. Reads no files.
import { COUNTER_NAMES, GAUGE_NAMES, RATE_NAMES, TREND_NAMES } from "../metrics/names.js";
import { nearestName } from "../metrics/nearest-name.js";
import type { Findings, Path } from "./findings.js";
import type { KnownPipelines } from "./known-pipelines.js";
import type { DecodeBlock, DecodeField, Feeder, MetricKind, ValueSource } from "./scenario.js";

/** The bytes of a file that a profile names and its whole path, or what the file must be. */
export type FileRead =
  | { readonly bytes: Uint8Array; readonly path: string }
  | { readonly rule: string; readonly got: string };

/** The same for all scenarios of a profile that imitate one client. */
export interface ScenarioSurroundings {
  readonly findings: Findings;
  readonly pipelines: KnownPipelines;
  /** Clients that start in all. */
  readonly plannedClients: number;
  /** Length of the plan, ms. */
  readonly planMs: number;
  /** Largest connect payload, bytes. */
  readonly maxConnectPayloadBytes: number;
  /** Of the profile as a whole, hex; for scenarios without their own. */
  readonly connectPayloadHex: string | undefined;
  /** Metrics that scenarios make so far, and their kinds. */
  readonly metricKinds: Map<string, MetricKind>;
  readonly readFile: (path: string) => FileRead;
  /** Why a script, by its whole path, cannot be parsed; undefined: it can. */
  readonly syntaxErrorOf: (path: string) => string | undefined;
}

const BUILT_IN_METRICS: readonly string[] = [...TREND_NAMES, ...COUNTER_NAMES, ...RATE_NAMES, ...GAUGE_NAMES];

/** Its number in the plan, and how often it began its steps before. */
const BUILT_IN_VARIABLES = ["client", "iteration"];

export class ScenarioScope {
  readonly surroundings: ScenarioSurroundings;
  readonly findings: Findings;
  readonly #known = new Set<string>(BUILT_IN_VARIABLES);
  readonly #feeders = new Map<string, Feeder>();
  readonly #blocks = new Map<string, DecodeBlock>();

  constructor(surroundings: ScenarioSurroundings) {
    this.surroundings = surroundings;
    this.findings = surroundings.findings;
  }

  addFeeder(feeder: Feeder): void {
    this.#feeders.set(feeder.name, feeder);
    for (const column of feeder.columns) this.#known.add(`${feeder.name}.${column}`);
  }

  addBlock(block: DecodeBlock): void {
    this.#blocks.set(block.name, block);
  }

  /** From here on the variable may be used. */
  addVariable(name: string): void {
    this.#known.add(name);
  }

  /** A metric that the scenario makes. */
  addMetric(name: string, kind: MetricKind, path: Path): void {
    const { metricKinds } = this.surroundings;
    const known = metricKinds.get(name);
    if (BUILT_IN_METRICS.includes(name)) this.findings.wrongName(path, "no metric that every run has");
    if (known !== undefined && known !== kind) this.findings.wrongName(path, `a ${known} as elsewhere`);
    metricKinds.set(name, kind);
  }

  /** A value may use what was set before it. */
  checkSource(source: ValueSource, path: Path): void {
    if (source.from !== "variable" || this.#known.has(source.name)) return;
    const meant = nearestName(source.name, [...this.#known]);
    const hint = meant === undefined ? "" : `, such as $${meant}`;
    this.findings.wrong(path, `a variable that a feeder or an earlier step sets${hint}`, `$${source.name}`);
  }

  /** The values of a column, where the source is one; undefined: they are not known before the run. */
  columnOf(source: ValueSource): readonly string[] | undefined {
    return columnOf([...this.#feeders.values()], source);
  }

  /** 0 where there is no such pipeline. */
  pipelineId(pipeline: string | number | undefined, path: Path): number {
    const { pipelines } = this.surroundings;
    const id = pipelines.idOf(pipeline ?? 0);
    if (id === undefined) this.findings.wrong(path, pipelines.rule, pipeline, pipelines.names);
    return id ?? 0;
  }

  block(name: string, path: Path): DecodeBlock | undefined {
    const block = this.#blocks.get(name);
    if (block !== undefined) return block;
    const names = [...this.#blocks.keys()];
    const rule = names.length === 0 ? "a block of decode, which has none" : `a block of decode: ${names.join(", ")}`;
    this.findings.wrong(path, rule, name, names);
    return undefined;
  }

  field(block: DecodeBlock, name: string, path: Path): DecodeField | undefined {
    const field = block.fields.find((each) => each.name === name);
    if (field !== undefined) return field;
    const names = block.fields.flatMap((each) => each.name ?? []);
    this.findings.wrong(path, `a field of ${block.name}: ${names.join(", ") || "it names none"}`, name, names);
    return undefined;
  }
}

/** The values of a feeder's column, where the source is one. */
export function columnOf(feeders: readonly Feeder[], source: ValueSource): readonly string[] | undefined {
  if (source.from !== "variable") return undefined;
  const [name = "", column = ""] = source.name.split(".");
  const feeder = feeders.find((each) => each.name === name);
  const at = feeder?.columns.indexOf(column) ?? -1;
  return at < 0 ? undefined : feeder!.rows.map((row) => row[at]!);
}
