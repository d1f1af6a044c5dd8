// What runs in report.html: finds the data in the page and draws a chart in each place that waits for one. It asks no server for anything.
import { Chart } from "./chart.js";
import type { PlotLibrary } from "./chart-options.js";
import type { ChartSpec } from "./chart-spec.js";

declare const uPlot: PlotLibrary;

const charts = drawCharts(JSON.parse(document.getElementById("charts")?.textContent ?? "[]") as ChartSpec[]);
followScheme(charts);

function drawCharts(specs: readonly ChartSpec[]): Chart[] {
  return specs.flatMap((spec) => {
    const host = document.getElementById(`chart-${spec.id}`);
    return host === null ? [] : [new Chart(uPlot, host, spec)];
  });
}

/** A canvas keeps the colours it was drawn in: light and dark, and paper, need a new drawing. */
function followScheme(drawn: readonly Chart[]): void {
  const redraw = (): void => {
    for (const chart of drawn) chart.redraw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.scheme = "light";
    for (const details of document.querySelectorAll("details")) details.open = true;
    redraw();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.scheme;
    redraw();
  });
}
