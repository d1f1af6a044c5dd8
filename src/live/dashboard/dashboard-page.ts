// The dashboard's page: places for figures, thresholds and charts, and the buttons. It holds no figure; the stream brings them.
import { embeddedJson, html, type Markup } from "../../report/html/markup.js";
import { pageText } from "../../report/html/page.js";
import { pageAssets } from "../../report/html/page-assets.js";
import type { LivePageData } from "../../report/page/live-state.js";
import type { RunIdentity } from "../export/run-metrics.js";

const CHARTS: readonly (readonly [id: string, title: string, reading: string])[] = [
  ["clients", "Clients", "Connected at the end of each second."],
  ["rtt", "Round-trip time", "From the instant a message should have left to its answer."],
  ["messages", "Messages", "A second, of all clients."],
  ["server-interval", "Time between the server's messages", "As one client sees them: the server's rhythm."],
  ["disconnects", "Ends of connections", "In each second, by reason; blue are those that the clients wanted."],
  [
    "lateness",
    "Lateness of the generator",
    "Of this machine, not of the server: small where the figures can be trusted.",
  ],
  ["cpu", "CPU of the generator", "Percent of one core."],
];

const STYLE = `
.bar { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin: 16px 0 4px; }
.bar button, .bar input { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 5px 12px; }
.bar input { width: 8ch; text-align: right; }
.bar button { cursor: pointer; }
.bar button:disabled { opacity: 0.5; cursor: default; }
.bar .stop { color: var(--bad); border-color: var(--bad); }
#phase { font-weight: 600; text-transform: capitalize; }
#answer { min-height: 1.6em; }
`;

/** The whole document. @throws {EnvironmentError} If a file of the package is not there. */
export function dashboardPage({ profile, target, id, version }: RunIdentity, token: string): string {
  const data: LivePageData = { token };
  const body = html`<header>
<h1>${profile} on ${target}</h1>
<p><span id="phase">starting</span> <span id="words" class="quiet"></span></p>
<div class="bar" role="group" aria-label="Change the run">
<button type="button" id="pause">Pause</button>
<label>Clients <input id="count" type="number" min="1" max="100000" value="10" required></label>
<button type="button" id="more">Add</button>
<button type="button" id="fewer">Remove</button>
<button type="button" id="stop" class="stop">Stop the run</button>
</div>
<p id="answer" role="status" class="quiet"></p>
</header>
<main>
<dl class="figures" id="figures"></dl>
<h2>Thresholds so far</h2>
<ul class="findings" id="thresholds"></ul>
<h2>The last ten minutes</h2>
<div class="pair">
${CHARTS.map(figure)}</div>
</main>
<footer><p>Run ${id}, utp-load ${version}. Charts are drawn with uPlot (MIT licence).</p></footer>
<script type="application/json" id="live">${embeddedJson(data)}</script>
`;
  const assets = pageAssets("live-page");
  const plotStyle = `${assets.plotStyle}\n${STYLE}`;
  return pageText({ title: `${profile}: live`, body, charts: [], isLive: true }, { ...assets, plotStyle });
}

function figure([id, title, reading]: (typeof CHARTS)[number]): Markup {
  return html`<section><h3>${title}</h3>
<figure><figcaption>${reading}</figcaption>
<div class="chart" id="chart-${id}"><div class="plot" role="img" tabindex="0" aria-label="Line chart: ${title}"></div></div>
</figure></section>
`;
}
