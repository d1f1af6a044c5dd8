// Tables of the parts of a load: each pipeline, each scenario and whatever else clients were tagged with. Pure.
import { distributionOf } from "../../metrics/distribution.js";
import type { SnapshotTotal } from "../../metrics/snapshot.js";
import type { Summary } from "../../result/summary.js";
import { countText, msText } from "../numbers.js";
import { type Content, html, type Markup } from "./markup.js";
import type { ReportData } from "./report-data.js";
import { table } from "./table.js";

/** Tags that do not stand for a part of the clients. */
const OTHER_TAGS: ReadonlySet<string> = new Set(["pipeline", "reason", "why"]);
const SUMS = [
  "connect_established",
  "messages_sent",
  "messages_received",
  "messages_answered",
  "dropped_sends",
  "disconnects",
];

export function partsSection({ summary, measured }: ReportData): Markup | undefined {
  const tables = [
    pipelineTable(summary.messages.perPipeline),
    ...[...partsOf(measured)].map(([tag, values]) => partTable(tag, values, measured)),
  ];
  if (tables.every((each) => each === undefined)) return undefined;
  return html`<section id="parts" aria-labelledby="parts-head">
<h2 id="parts-head">Pipelines and scenarios</h2>
${tables}</section>
`;
}

function pipelineTable(perPipeline: Summary["messages"]["perPipeline"]): Markup | undefined {
  const heads = ["sent", "received", "resent", "duplicates", "dropped", "out of window", "reassembled"];
  return table({
    caption: "Messages and packets by pipeline, of the measured time",
    columns: [{ head: "Pipeline" }, ...heads.map((head) => ({ head }))],
    rows: Object.entries(perPipeline).map(([name, counts]) => ({
      cells: [
        name === "0" ? "no pipeline" : name,
        ...[counts.sent, counts.received, counts.resent, counts.duplicates].map(countText),
        ...[counts.dropped, counts.outOfWindow, counts.reassembled].map(countText),
      ],
    })),
  });
}

/** Values of each tag that clients carry, such as `scenario`. */
function partsOf(measured: SnapshotTotal): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const name of [...Object.keys(measured.sums), ...measured.trends.keys()]) {
    const [, tag, value] = /\{([^:}]+):([^}]*)\}$/.exec(name) ?? [];
    if (tag === undefined || value === undefined || OTHER_TAGS.has(tag)) continue;
    found.set(tag, (found.get(tag) ?? new Set()).add(value));
  }
  return found;
}

function partTable(tag: string, values: ReadonlySet<string>, measured: SnapshotTotal): Markup | undefined {
  const heads = ["joined", "sent", "received", "answers", "dropped", "ended"];
  const figures = ["round trip p50", "p95", "p99"];
  return table({
    caption: `Clients by ${tag}, of the measured time; round trips in milliseconds`,
    columns: [{ head: tag }, ...[...heads, ...figures].map((head) => ({ head }))],
    rows: [...values].sort().map((value) => ({ cells: [value, ...partCells(`{${tag}:${value}}`, measured)] })),
  });
}

function partCells(part: string, measured: SnapshotTotal): Content[] {
  const histogram = measured.trends.get(`rtt${part}`);
  const { p50, p95, p99 } = histogram === undefined ? { p50: null, p95: null, p99: null } : distributionOf(histogram);
  return [...SUMS.map((name) => countText(measured.sum(name + part))), ...[p50, p95, p99].map(msText)];
}
