// comparison.html: two groups of results as one page that needs nothing else: the words, the figures, both curves in each chart.
import type { Comparison } from "../../comparison/comparison.js";
import { type Outcome, outcomeOf } from "../../comparison/outcome.js";
import type { Summary } from "../../result/summary.js";
import { comparisonCells, effectText, readingNotes, sideText } from "../comparison-cells.js";
import type { ChartSpec } from "../page/chart-spec.js";
import { chartFigure } from "./chart-figure.js";
import { type ComparedData, columnChart, curveChart } from "./comparison-charts.js";
import { html, type Markup } from "./markup.js";
import { pageText } from "./page.js";
import { type PageAssets, pageAssets } from "./page-assets.js";
import { type ReportSource, reportData } from "./report-data.js";
import { table } from "./table.js";

/** A result and its summary. */
export interface ReportedRun {
  readonly source: ReportSource;
  readonly summary: Summary;
}

/** Colours as those of a run's verdict. */
const CLASSES: Record<Outcome, string> = {
  worse: "fail",
  allowed: "invalid",
  better: "pass",
  same: "pass",
  unsure: "invalid",
};

/**
 * The page of a comparison.
 *
 * @param base The results that were compared, likewise `next`; one at least.
 * @param assets Read from the package where they are left out.
 * @throws {EnvironmentError} If a file of the package is not there.
 */
export function comparisonPage(
  comparison: Comparison,
  base: readonly ReportedRun[],
  next: readonly ReportedRun[],
  assets: PageAssets = pageAssets("report-page"),
): string {
  const runs = [...comparedData("base", base), ...comparedData("new", next)];
  const charts = chartsOf(runs);
  const { outcome, why } = outcomeOf(comparison);
  const body = html`<a class="skip" href="#main">Skip to the comparison</a>
<header>
<h1>${sideText(comparison.new)} against ${sideText(comparison.base)}</h1>
<p class="quiet">${comparison.new[0]!.profile}: base (dashed) ${comparison.base[0]!.target}, new ${comparison.new[0]!.target}</p>
</header>
<main id="main">
<section id="verdict" aria-labelledby="verdict-head">
<h2 id="verdict-head">Comparison</h2>
<p class="verdict ${CLASSES[outcome]}"><strong>${outcome.toUpperCase()}</strong> <span>${why}</span></p>
${comparison.warnings.map((warning) => html`<p><strong>Warning</strong>: ${warning}</p>\n`)}
${figureTable(comparison)}
${readingNotes(comparison).map((note) => html`<p class="quiet">${note}</p>\n`)}
</section>
<section id="curves" aria-labelledby="curves-head">
<h2 id="curves-head">Both sides</h2>
${charts.map(({ title, reading, chart }) => chartFigure(chart, { title, reading, empty: "Nothing was measured." }))}
</section>
</main>
<footer><p>Charts are drawn with uPlot (MIT licence). This page holds all it shows and asks no server for anything.</p></footer>`;
  const title = `${outcome}: ${sideText(comparison.new)} against ${sideText(comparison.base)}`;
  return pageText({ title, body, charts: charts.flatMap(({ chart }) => chart ?? []) }, assets);
}

function comparedData(side: ComparedData["side"], runs: readonly ReportedRun[]): ComparedData[] {
  return runs.map(({ source, summary }, index) => {
    const label = runs.length === 1 ? side : `${side} ${index + 1}`;
    return { label, side, data: reportData(source, summary) };
  });
}

function figureTable(comparison: Comparison): Markup | undefined {
  const heads = ["Figure", "Base", "New", "Difference", "%", "Interval", "Effect"].map((head) => ({ head }));
  return table({
    caption: "Figures of both sides; times in ms",
    columns: [...heads, { head: "", align: "left" }],
    rows: comparisonCells(comparison).map((cells) => ({
      cells: [
        html`<code>${cells.id}</code>`,
        ...[cells.base, cells.new, cells.difference, cells.percent, cells.interval, effectText(cells.effect)],
        cells.word,
      ],
      isBad: cells.isRegression,
    })),
  });
}

interface Drawn {
  readonly title: string;
  readonly reading: string;
  readonly chart: ChartSpec | undefined;
}

const OVER_TIME = "A point a second since each run's own start.";
const OVER_SAMPLES = "All samples, from the fastest to the slowest; each further nine takes the same room.";

function chartsOf(runs: readonly ComparedData[]): Drawn[] {
  const over = (title: string, ...[id, unit, column]: [string, ChartSpec["unit"], string]): Drawn => {
    return { title, reading: OVER_TIME, chart: columnChart(id, unit, column, runs) };
  };
  const curve = (title: string, id: string, trend: string): Drawn => {
    return { title, reading: OVER_SAMPLES, chart: curveChart(id, trend, runs) };
  };
  return [
    curve("Time to the answer", "rtt-curve", "rtt"),
    over("Time to the answer, median", "rtt-p50", "ms", "rttP50Ms"),
    over("Time to the answer, p95", "rtt-p95", "ms", "rttP95Ms"),
    over("Time to the answer, p99", "rtt-p99", "ms", "rttP99Ms"),
    curve("Time to connect", "connect-curve", "connect_total"),
    over("Ping, p95", "ping-p95", "ms", "pingP95Ms"),
    over("Interval of the server, p95", "interval-p95", "ms", "serverIntervalP95Ms"),
    over("Messages received", "received", "perSecond", "receivedPerSecond"),
    over("Clients connected", "clients", "count", "clientsConnected"),
  ];
}
