// Charts and tables of what clients measure once they are in: round trips, messages, the server's rhythm, ends of connections. Pure.
import type { Summary } from "../../result/summary.js";
import { bytesText, countText, msText, percentText, rateText } from "../numbers.js";
import type { ChartSpec } from "../page/chart-spec.js";
import { clockText } from "../page/value-text.js";
import { chartFigure } from "./chart-figure.js";
import { countsTable, distributionTable } from "./figure-tables.js";
import { html, type Markup } from "./markup.js";
import { percentileChart } from "./percentile-curve.js";
import { type ReportData, trendOf } from "./report-data.js";
import { CHARTS, reasonsChart, serverIntervalChart, timeChart } from "./run-charts.js";
import { STALL, type Stall, stallBands } from "./stalls.js";
import { table } from "./table.js";

export interface TrafficCharts {
  readonly rtt: ChartSpec;
  readonly percentiles: ChartSpec | undefined;
  readonly messages: ChartSpec;
  readonly bytes: ChartSpec;
  readonly serverInterval: ChartSpec;
  readonly disconnects: ChartSpec;
}

export function trafficCharts(data: ReportData): TrafficCharts {
  const { series, stalls } = data;
  return {
    rtt: timeChart(CHARTS.rtt, series),
    percentiles: percentileChart("percentiles", [
      { label: "round trip", tone: "high", look: "line", histogram: trendOf(data, "rtt") },
      { label: "uncorrected", tone: "other", look: "dashed", histogram: trendOf(data, "rtt_uncorrected") },
      { label: "ping", tone: "third", look: "line", histogram: trendOf(data, "ping") },
      { label: "connecting", tone: "quiet", look: "line", histogram: trendOf(data, "connect_total") },
    ]),
    messages: timeChart(CHARTS.messages, series),
    bytes: timeChart(CHARTS.bytes, series),
    serverInterval: timeChart(serverIntervalChart(stallBands(stalls)), series),
    disconnects: timeChart(reasonsChart("disconnects", "disconnects", series), series),
  };
}

export function latencySection({ summary }: ReportData, { rtt, percentiles }: TrafficCharts): Markup {
  const { latencyMs } = summary;
  const delays = distributionTable("Delays", [
    ["Round trip", latencyMs.rtt],
    ["Round trip, uncorrected", latencyMs.rttUncorrected],
    ["WebSocket ping", latencyMs.ping],
    ["Acks of reliable pipelines", latencyMs.pipelineRtt],
  ]);
  return html`<section id="latency" aria-labelledby="latency-head">
<h2 id="latency-head">Latency</h2>
${chartFigure(rtt, {
  title: "Round-trip time",
  reading:
    "From the instant a message should have left to its answer. The dashed uncorrected line counts from when it did leave: where they part, messages were held up.",
  empty: "No answers and no pings were measured: the server does not echo, and pings are off.",
})}${chartFigure(percentiles, {
  title: "All round trips, by percentile",
  reading:
    "How slow the slowest share was: at 99%, one sample in a hundred took longer than the line. Each further nine takes the same room.",
  empty: "No delays were measured in the measured time.",
  tables: delays,
})}</section>
`;
}

export function messagesSection({ summary }: ReportData, { messages, bytes }: TrafficCharts): Markup {
  return html`<section id="messages" aria-labelledby="messages-head">
<h2 id="messages-head">Messages</h2>
<div class="pair">
${chartFigure(messages, {
  title: "Messages a second",
  reading: "What applications send and receive, all clients together.",
  empty: "No messages were sent or received.",
})}${chartFigure(bytes, {
  title: "Bytes a second on the wire",
  reading: "WebSocket frames with their headers, without TLS.",
  empty: "Nothing went over the wire.",
})}</div>
${messagesTable(summary)}${countsTable("Packets without effect, by why", "Why", summary.messages.protocolDrops)}</section>
`;
}

function messagesTable({ messages, checks, run }: Summary): Markup | undefined {
  const seconds = Math.max(0.001, run.measuredMs / 1000);
  const { planned, sent, dropped, received, answered } = messages;
  const size = (payload: number, wire: number): string =>
    `${bytesText(payload)} payload, ${bytesText(wire)} on the wire`;
  const rows: [string, number, string, boolean][] = [
    ["planned", planned, "", false],
    ["sent", sent, size(messages.payloadBytesSent, messages.wireBytesSent), false],
    [
      "dropped, for being late",
      dropped,
      dropped > 0 ? `${percentText(dropped, planned)} of the planned` : "",
      dropped > 0,
    ],
    ["received", received, size(messages.payloadBytesReceived, messages.wireBytesReceived), false],
    ["answers to ours", answered, sent > 0 ? `${percentText(answered, sent)} of the sent` : "", false],
    ...(checks.passed + checks.failed > 0
      ? ([
          ["expected, came in time", checks.passed, "", false],
          ["expected, did not come in time", checks.failed, "", checks.failed > 0],
        ] satisfies [string, number, string, boolean][])
      : []),
  ];
  return table({
    caption: "Messages of the measured time",
    columns: [{ head: "Messages" }, { head: "count" }, { head: "a second" }, { head: "", align: "left" }],
    rows: rows.map(([name, count, more, isBad]) => ({
      cells: [name, countText(count), rateText(count / seconds), more],
      isBad,
    })),
  });
}

export function serverSection({ summary, stalls }: ReportData, { serverInterval }: TrafficCharts): Markup {
  const interval = summary.latencyMs.serverInterval;
  return html`<section id="server" aria-labelledby="server-head">
<h2 id="server-head">The server's rhythm</h2>
${chartFigure(serverInterval, {
  title: "Time between the server's messages",
  reading:
    "As one client sees it; messages that arrive together count once. A server that updates steadily draws flat lines.",
  empty: "The server sent too little to see its rhythm.",
  tables: [
    distributionTable("Time between the server's messages", [["server interval", interval]]),
    stallTable(stalls, interval.p50),
  ],
})}</section>
`;
}

const STALL_ROWS = 10;

function stallTable(stalls: readonly Stall[], usualMs: number | null): Markup | undefined {
  if (usualMs === null) return undefined;
  const rule = `over ${msText(Math.max(STALL.atLeastMs, STALL.timesUsual * usualMs))} ms`;
  const worst = [...stalls].sort((a, b) => b.longestMs - a.longestMs).slice(0, STALL_ROWS);
  const which = stalls.length > STALL_ROWS ? `the longest ${STALL_ROWS} of ${countText(stalls.length)}` : "all";
  const shown = table({
    caption: `Stalls: seconds in which a client waited ${rule} for the server, ${which}`,
    columns: [{ head: "Second that ends at" }, { head: "longest wait, ms" }, { head: "times the usual" }],
    rows: worst.map(({ atSecond, longestMs }) => ({
      cells: [clockText(atSecond), msText(longestMs), rateText(longestMs / Math.max(0.001, usualMs))],
      isBad: true,
    })),
  });
  return shown ?? html`<p class="quiet">No stalls: no client waited ${rule} for the server.</p>\n`;
}

export function endsSection({ summary }: ReportData, { disconnects }: TrafficCharts): Markup {
  const { byReason, byUnityReason } = summary.disconnects;
  return html`<section id="ends" aria-labelledby="ends-head">
<h2 id="ends-head">Ends of connections</h2>
${chartFigure(disconnects, {
  title: "Disconnects by reason",
  reading: "Connections that ended in each second. ClosedByClient is deliberate: the client's time was over.",
  empty: "No connection ended.",
  tables: html`<div class="pair">${countsTable("Disconnects by what the wire showed", "Reason", byReason, (name) => name !== "ClosedByClient")}${countsTable("The same in the words of a Unity client", "Unity's reason", byUnityReason)}</div>
${distributionTable("How long connections lasted", [["connection", summary.latencyMs.sessionDuration]])}`,
})}</section>
`;
}
