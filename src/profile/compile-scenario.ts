// A scenario as written becomes a scenario as the engine plays it; what is wrong is gathered, not thrown. Reads files as it is given them.
import { compileBot } from "./compile-bot.js";
import { compileBlock } from "./compile-decode.js";
import { compilePayload } from "./compile-payload.js";
import { compileSteps } from "./compile-steps.js";
import { formatDuration } from "./duration.js";
import { feederRows } from "./feeder-rows.js";
import type { Path } from "./findings.js";
import type { Feeder, Payload, ReconnectPolicy, Scenario } from "./scenario.js";
import { ScenarioScope, type ScenarioSurroundings } from "./scenario-scope.js";
import type { WrittenScenario } from "./schema-scenario.js";

const DEFAULT_RECONNECTS = 5;
const DEFAULT_BACKOFF = { first: 1000, factor: 2, max: 30_000, jitter: 0.2 } as const;

/** What is given back is whole only where nothing was found wrong. */
export function compileScenario(name: string, written: WrittenScenario, surroundings: ScenarioSurroundings): Scenario {
  const path: Path = ["scenarios", name];
  const scope = new ScenarioScope(surroundings);
  const feeders = Object.entries(written.feeders ?? {}).map(([feederName, { file, order = "cyclic" }]): Feeder => {
    const feeder = { name: feederName, order, ...readRows(file, [...path, "feeders", feederName, "file"], scope) };
    checkRows(feeder, [...path, "feeders", feederName], scope);
    scope.addFeeder(feeder);
    return feeder;
  });
  const connectPayload = compileConnectPayload(written, [...path, "connectPayload"], scope);
  const decode = Object.entries(written.decode ?? {}).map(([blockName, block]) => {
    const compiled = compileBlock(blockName, block, [...path, "decode", blockName], scope);
    scope.addBlock(compiled);
    return compiled;
  });
  return {
    name,
    weight: written.weight ?? 1,
    tags: written.tags ?? {},
    connectPayload,
    steps: compileSteps(written.steps ?? [], [...path, "steps"], scope),
    ...compileBot(written, path, scope),
    ...compileStart(written, [...path, "start"], scope),
    decode,
    feeders,
    reconnect: reconnectPolicy(written.reconnect),
  };
}

/** Who starts behind the end never starts. */
function compileStart({ start = 0 }: WrittenScenario, path: Path, scope: ScenarioScope): Pick<Scenario, "startMs"> {
  const { planMs } = scope.surroundings;
  const rule = `shorter than the whole plan of ${formatDuration(planMs)}`;
  if (start >= planMs) scope.findings.wrong(path, rule, formatDuration(start));
  return start === 0 ? {} : { startMs: start };
}

function compileConnectPayload(written: WrittenScenario, path: Path, scope: ScenarioScope): Payload | undefined {
  const { connectPayloadHex, maxConnectPayloadBytes } = scope.surroundings;
  if (written.connectPayload !== undefined) {
    return compilePayload(written.connectPayload, path, scope, maxConnectPayloadBytes, "with a Connection Request");
  }
  return connectPayloadHex === undefined
    ? undefined
    : { kind: "fields", fields: [{ type: "bytes", hex: connectPayloadHex }] };
}

function readRows(file: string, path: Path, scope: ScenarioScope): Pick<Feeder, "columns" | "rows"> {
  const nothing = { columns: [], rows: [] };
  const read = scope.surroundings.readFile(file);
  if ("rule" in read) {
    scope.findings.wrong(path, read.rule, read.got);
    return nothing;
  }
  const found = feederRows(file, Buffer.from(read.bytes).toString("utf8"));
  if (found === undefined) scope.findings.wrong(path, "a file that ends in .csv, .jsonl or .ndjson", file);
  else if ("line" in found) {
    scope.findings.wrong(
      path,
      `a file of which line ${found.line} is ${found.rule}`,
      `${file}:${found.line}: ${found.got}`,
    );
  } else return found;
  return nothing;
}

/** A client finds its row by its number in the plan. */
function checkRows({ columns, rows, order }: Feeder, path: Path, scope: ScenarioScope): void {
  const { plannedClients } = scope.surroundings;
  if (columns.length === 0) return;
  const most = order === "unique" ? plannedClients : 1;
  const rule = order === "unique" ? `a file with a row for each of the ${plannedClients} clients` : "a file with a row";
  if (rows.length < most) scope.findings.wrong(path, `${rule}, for its order is ${order}`, `${rows.length} rows`);
}

function reconnectPolicy(written: WrittenScenario["reconnect"]): ReconnectPolicy | undefined {
  if (written === undefined) return undefined;
  const { first, factor, max, jitter } = DEFAULT_BACKOFF;
  const { backoff = {} } = written;
  return {
    reasons: [...new Set(written.after)],
    maxReconnects: written.times ?? DEFAULT_RECONNECTS,
    firstMs: backoff.first ?? first,
    factor: backoff.factor ?? factor,
    maxMs: backoff.max ?? max,
    jitterShare: backoff.jitter ?? jitter,
  };
}
