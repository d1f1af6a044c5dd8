// report.html: a result as one page that needs nothing else, to look at, to pass on, to keep. It reads the result and judges nothing.
import type { Summary } from "../../result/summary.js";
import { verdictWord } from "../verdict-words.js";
import { failuresSection } from "./failures-section.js";
import { generatorCharts, generatorSection } from "./generator-section.js";
import { joiningCharts, joiningSection } from "./joining-sections.js";
import { type Content, html, type Markup } from "./markup.js";
import { pageText } from "./page.js";
import { type PageAssets, pageAssets } from "./page-assets.js";
import { partsSection } from "./parts-section.js";
import { type ReportData, type ReportSource, reportData } from "./report-data.js";
import { MAX_POINTS } from "./run-charts.js";
import { setupSection } from "./setup-section.js";
import { groupsOf } from "./thinning.js";
import { endsSection, latencySection, messagesSection, serverSection, trafficCharts } from "./traffic-sections.js";
import { diagnosisSection, pageHeader, verdictSection } from "./verdict-section.js";

/**
 * The page of a result.
 *
 * @param assets Read from the package where they are left out.
 * @throws {EnvironmentError} If a file of the package is not there.
 * @throws {UsageError} If a file of the result cannot be read.
 */
export function htmlReport(
  source: ReportSource,
  summary: Summary,
  assets: PageAssets = pageAssets("report-page"),
): string {
  const data = reportData(source, summary);
  const joining = joiningCharts(data);
  const traffic = trafficCharts(data);
  const generator = generatorCharts(data);
  const sections: readonly [string, string, Markup | undefined][] = [
    ["verdict", "Verdict", verdictSection(data)],
    ["diagnosis", "What it means", diagnosisSection(data)],
    ["joining", "Joining", joiningSection(data, joining)],
    ["latency", "Latency", latencySection(data, traffic)],
    ["messages", "Messages", messagesSection(data, traffic)],
    ["server", "Server", serverSection(data, traffic)],
    ["ends", "Ends", endsSection(data, traffic)],
    ["generator", "Generator", generatorSection(data, generator)],
    ["parts", "Pipelines and scenarios", partsSection(data)],
    ["failures", "First failures", failuresSection(data)],
    ["setup", "Profile and machine", setupSection(data)],
  ];
  const shown = sections.filter(([, , section]) => section !== undefined);
  const body = html`<a class="skip" href="#main">Skip to the verdict</a>
${pageHeader(data)}<nav aria-label="Sections"><ul>
${shown.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>\n`)}</ul></nav>
<main id="main">
${shown.map(([, , section]) => section)}</main>
${footer(data)}`;
  const charts = [...Object.values({ ...joining, ...traffic, ...generator })].filter((chart) => chart !== undefined);
  const title = `${verdictWord(summary)}: ${summary.run.profile} on ${summary.run.target}`;
  return pageText({ title, body, charts }, assets);
}

function footer({ summary, series }: ReportData): Markup {
  const { size } = groupsOf(series.seconds.length, MAX_POINTS);
  const thinned: Content =
    size > 1 &&
    html` This run is long: charts and courses show the lowest and the highest of every ${size} seconds; all other figures are of every second.`;
  return html`<footer>
<p>Result ${summary.run.id}, made with utp-load ${summary.run.version}. Times of charts are since the plan's start; one point a second.${thinned}</p>
<p>Charts are drawn with uPlot (MIT licence). This page holds all it shows and asks no server for anything.</p>
</footer>`;
}
