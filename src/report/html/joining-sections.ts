// Charts and tables of joining: clients over time, joins a second, connect latency by phase, failed attempts. Pure.
import type { Summary } from "../../result/summary.js";
import { countText } from "../numbers.js";
import type { ChartSpec } from "../page/chart-spec.js";
import { chartFigure } from "./chart-figure.js";
import { countsTable, distributionTable } from "./figure-tables.js";
import { html, type Markup } from "./markup.js";
import { plannedClients } from "./planned-clients.js";
import type { ReportData } from "./report-data.js";
import { CHARTS, clientsChart, reasonsChart, timeChart } from "./run-charts.js";
import { table } from "./table.js";

/** What is drawn in the section, by its use in it. */
export interface JoiningCharts {
  readonly clients: ChartSpec;
  readonly joins: ChartSpec;
  readonly connect: ChartSpec;
  readonly failures: ChartSpec;
}

export function joiningCharts({ series, run }: ReportData): JoiningCharts {
  return {
    clients: timeChart(clientsChart(plannedClients(run, series.seconds)), series),
    joins: timeChart(CHARTS.joins, series),
    connect: timeChart(CHARTS.connect, series),
    failures: timeChart(reasonsChart("failures", "connect_failures", series), series),
  };
}

export function joiningSection({ summary }: ReportData, charts: JoiningCharts): Markup {
  const { latencyMs, failures } = summary.connect;
  const phases = distributionTable("Connecting by phase", [
    ["TCP", latencyMs.tcp],
    ["TLS", latencyMs.tls],
    ["WebSocket upgrade", latencyMs.upgrade],
    ["UTP request to accept", latencyMs.utp],
    ["Total, from the planned instant", latencyMs.total],
  ]);
  return html`<section id="joining" aria-labelledby="joining-head">
<h2 id="joining-head">Joining</h2>
<div class="pair">
${chartFigure(charts.clients, {
  title: "Clients over time",
  reading: "Clients that are connected at the end of each second, beside those that the plan has.",
  empty: "No second of this run was recorded.",
  tables: clientsTable(summary),
})}${chartFigure(charts.joins, {
  title: "Joins a second",
  reading:
    "New connections and failed attempts. A flat line while clients wait is the server's limit: Unity accepts one client an update.",
  empty: "Nobody tried to connect.",
  tables: joinsTable(summary),
})}</div>
${chartFigure(charts.connect, {
  title: "Connect latency by phase",
  reading:
    "95th percentile of the clients that joined in each second. The phases follow each other; the total counts from the planned instant.",
  empty: "No client became connected in the measured time.",
  tables: phases,
})}${chartFigure(charts.failures, {
  title: "Failed attempts by reason",
  reading: "Attempts to connect that failed in each second. docs/errors.md explains the reasons.",
  empty: "No attempt to connect failed.",
  tables: countsTable("Failed attempts by reason", "Reason", failures, () => true),
})}</section>
`;
}

function clientsTable({ clients }: Summary): Markup | undefined {
  const rows: [string, number, boolean][] = [
    ["planned", clients.planned, false],
    ["not started", clients.notStarted, false],
    ["started", clients.started, false],
    ["connected", clients.connected, false],
    ["failed to connect", clients.failed, clients.failed > 0],
    ["still waited when they had to leave", clients.cancelled, false],
    ["most at the same time", clients.peakConnected, false],
    ["alive at the hard end", clients.aliveAtEnd, false],
  ];
  return table({
    caption: "Clients of the whole run",
    columns: [{ head: "Clients" }, { head: "count" }],
    rows: rows.map(([name, count, isBad]) => ({ cells: [name, countText(count)], isBad })),
  });
}

function joinsTable({ connect, disconnects }: Summary): Markup {
  const attempts = table({
    caption: "Attempts to connect, of the whole run",
    columns: [{ head: "Attempts" }, { head: "count" }],
    rows: [
      { cells: ["all", countText(connect.attempts)] },
      { cells: ["connected", countText(connect.established)] },
      { cells: ["failed", countText(connect.failed)], isBad: connect.failed > 0 },
      { cells: ["to come back after a lost connection", countText(disconnects.reconnects)] },
    ],
  });
  const givenUp = (kind: string, counts: Summary["connect"]["failures"]): Markup | undefined =>
    countsTable(`Clients for which Unity's ${kind} client would have given up`, "Reason", counts);
  const { native, webgl } = connect.wouldHaveGivenUp;
  return html`${attempts}${[givenUp("native", native), givenUp("browser", webgl)]}`;
}
