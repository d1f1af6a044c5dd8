// Charts and tables of the generator itself: whether the figures are the server's. Pure.
import { bytesText } from "../numbers.js";
import type { ChartSpec } from "../page/chart-spec.js";
import { chartFigure } from "./chart-figure.js";
import { distributionTable } from "./figure-tables.js";
import { html, type Markup } from "./markup.js";
import type { ReportData } from "./report-data.js";
import { CHARTS, timeChart } from "./run-charts.js";
import { table } from "./table.js";

export interface GeneratorCharts {
  readonly lateness: ChartSpec;
  readonly cpu: ChartSpec;
  readonly memory: ChartSpec;
}

export function generatorCharts({ series }: ReportData): GeneratorCharts {
  return {
    lateness: timeChart(CHARTS.lateness, series),
    cpu: timeChart(CHARTS.cpu, series),
    memory: timeChart(CHARTS.memory, series),
  };
}

const TRUST_WORDS = {
  trusted: { tone: "good", meaning: "the generator kept its plan, so the figures are the server's." },
  suspect: { tone: "warn", meaning: "the figures stand, but the generator was near its limit." },
  invalid: { tone: "bad", meaning: "the generator could not hold the load, so the figures are not the server's." },
} as const;

export function generatorSection({ summary, run }: ReportData, charts: GeneratorCharts): Markup {
  const { trust, why } = summary.generator;
  const { tone, meaning } = TRUST_WORDS[trust];
  const empty = "No second of this run was recorded.";
  return html`<section id="generator" aria-labelledby="generator-head">
<h2 id="generator-head">The generator itself</h2>
<p><span class="word ${tone}">${trust}:</span> ${meaning}</p>
${why.length > 0 && html`<ul>${why.map((reason) => html`<li>${reason}</li>`)}</ul>\n`}${chartFigure(charts.lateness, {
  title: "Lateness",
  reading: `Send lag: how much later than intended messages left. Over ${run.plan.lagLimitMs} ms (p99) for 3 seconds on end, a run is invalid.`,
  empty: "Nothing was sent.",
  tables: distributionTable("Lateness", [
    ["send lag", summary.latencyMs.sendLag],
    ["event-loop delay", summary.generator.eventLoopDelayMs],
  ]),
})}<div class="pair">
${chartFigure(charts.cpu, { title: "CPU", reading: "Percent of one core, all threads together.", empty })}${chartFigure(
  charts.memory,
  {
    title: "Memory",
    reading: "Resident memory of the process.",
    empty,
  },
)}</div>
${resourceTable(summary.generator)}</section>
`;
}

function resourceTable({
  cpuSeconds,
  cpuPercent,
  maxRssBytes,
}: ReportData["summary"]["generator"]): Markup | undefined {
  return table({
    caption: "What the generator used in the whole run",
    columns: [{ head: "Resource" }, { head: "used" }],
    rows: [
      { cells: ["CPU time", `${cpuSeconds.toFixed(1)} s`] },
      { cells: ["CPU, percent of one core", `${Math.round(cpuPercent)}%`] },
      { cells: ["most resident memory", bytesText(maxRssBytes)] },
    ],
  });
}
