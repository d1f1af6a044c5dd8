// The top of a report: what the run was, its verdict and why, the thresholds with what was measured, and what the numbers mean. Pure.
import { unitOf } from "../../metrics/thresholds-parser.js";
import type { Diagnosis, Summary, ThresholdResult } from "../../result/summary.js";
import { countText, msText, rateText } from "../numbers.js";
import { clockText } from "../page/value-text.js";
import { thresholdValue, verdictReasons, verdictWord } from "../verdict-words.js";
import { html, type Markup } from "./markup.js";
import type { ReportData } from "./report-data.js";
import { table } from "./table.js";

/** Head of the page. */
export function pageHeader({ summary }: ReportData): Markup {
  const { run } = summary;
  const shard = run.shard === null ? "" : `, shard ${run.shard}`;
  return html`<header>
<h1>${run.profile} on ${run.target}</h1>
<p class="quiet"><time datetime="${run.startedAt}">${instantText(run.startedAt)}</time>, ${clockText(run.durationMs / 1000)}, as ${run.client} clients${shard}</p>
</header>
`;
}

/** `2026-11-23 01:46:00 UTC`. */
function instantText(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}

/** Verdict, key figures, thresholds. */
export function verdictSection(data: ReportData): Markup {
  const { summary, endedWhy, notes } = data;
  const word = verdictWord(summary);
  return html`<section id="verdict" aria-labelledby="verdict-head">
<h2 id="verdict-head">Verdict</h2>
<p class="verdict ${word}"><strong>${word.toUpperCase()}</strong> <span>${verdictReasons(summary, endedWhy).join("; ")}</span></p>
${notes.map((note) => html`<p class="quiet">${note}</p>\n`)}
${keyFigures(summary)}
${thresholdTable(summary.thresholds)}
</section>
`;
}

function keyFigures({ clients, connect, latencyMs, messages, run }: Summary): Markup {
  const seconds = Math.max(0.001, run.measuredMs / 1000);
  const { rtt, ping } = latencyMs;
  const [name, delay] = rtt.count > 0 ? ["round trip", rtt] : ["ping", ping];
  const figures: [string, string, string][] = [
    ["clients connected", countText(clients.connected), `of ${countText(clients.planned)} planned`],
    [`${name} p95`, `${msText(delay.p95)} ms`, `p99 ${msText(delay.p99)} ms, median ${msText(delay.p50)} ms`],
    [
      "connecting p95",
      `${msText(connect.latencyMs.total.p95)} ms`,
      `slowest ${msText(connect.latencyMs.total.max)} ms`,
    ],
    ["received", `${rateText(messages.received / seconds)}/s`, `${countText(messages.received)} messages`],
  ];
  const shown = figures.map(
    ([term, value, more]) => html`<div><dt>${term}</dt><dd>${value}<small>${more}</small></dd></div>\n`,
  );
  return html`<dl class="figures">
${shown}</dl>`;
}

function thresholdTable(thresholds: readonly ThresholdResult[]): Markup {
  const shown = table({
    caption: "Thresholds, each with the measured value",
    columns: [
      { head: "Metric" },
      { head: "Must be", align: "left" },
      { head: "Measured" },
      { head: "Result", align: "left" },
    ],
    rows: thresholds.map((result) => ({
      cells: [result.metric, `${result.expression}${unitWord(result)}`, thresholdValue(result), resultWord(result.ok)],
      isBad: !result.ok,
    })),
  });
  return (
    shown ??
    html`<p class="quiet">No thresholds were set: nothing could be crossed. docs/profiles.md tells how to set some.</p>`
  );
}

function unitWord(result: ThresholdResult): string {
  return unitOf(result) === "ms" ? " ms" : "";
}

function resultWord(isOk: boolean): Markup {
  return isOk ? html`<span class="word good">held</span>` : html`<span class="word bad">crossed</span>`;
}

const SEVERITIES = {
  error: { word: "Problem", tone: "bad" },
  warning: { word: "Warning", tone: "warn" },
  info: { word: "Note", tone: "" },
} as const;

/** What the numbers mean, where the pattern is known. */
export function diagnosisSection({ summary }: ReportData): Markup {
  const items = summary.diagnosis.map(findingItem);
  const found = html`<ul class="findings">
${items}</ul>`;
  return html`<section id="diagnosis" aria-labelledby="diagnosis-head">
<h2 id="diagnosis-head">What the numbers mean</h2>
${items.length > 0 ? found : html`<p>Nothing stands out: none of the patterns that utp-load knows is in this run.</p>`}
</section>
`;
}

function findingItem({ severity, message, evidence, code }: Diagnosis): Markup {
  const { word, tone } = SEVERITIES[severity];
  return html`<li class="${severity}"><p><span class="word ${tone}">${word}:</span> ${message}</p>
<p class="quiet">${evidence} <small>(${code})</small></p></li>
`;
}
