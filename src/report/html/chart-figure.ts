// A chart's place in a page: its heading, how it is read, the canvas with words for those who cannot see it, its course as a table. Pure.
import type { ChartBand, ChartSeries, ChartSpec } from "../page/chart-spec.js";
import { clockText, valueText } from "../page/value-text.js";
import { type Content, html, type Markup } from "./markup.js";
import { table } from "./table.js";

export interface FigureText {
  readonly title: string;
  /** What it shows and how to read it, in a sentence or two. */
  readonly reading: string;
  /** Instead of the chart, where nothing was measured. */
  readonly empty: string;
  /** Tables that belong to it. */
  readonly tables?: Content;
}

/** The chart, or in words that there is none. */
export function chartFigure(spec: ChartSpec | undefined, { title, reading, empty, tables }: FigureText): Markup {
  const isEmpty = spec === undefined || spec.series.length === 0;
  return html`<section>
<h3>${title}</h3>
${isEmpty ? html`<p class="quiet">${empty}</p>` : drawing(spec, title, reading)}
${tables}</section>
`;
}

function drawing(spec: ChartSpec, title: string, reading: string): Markup {
  return html`<figure>
<figcaption>${reading}</figcaption>
<div class="chart" id="chart-${spec.id}"><div class="plot" role="img" tabindex="0" aria-label="${inWords(spec, title)}"></div></div>
${bandKeys(spec.bands)}</figure>
${spec.x === "seconds" && courseTable(spec, title)}`;
}

function inWords({ unit, series }: ChartSpec, title: string): string {
  const ranges = series.map((each) => `${each.label} from ${rangeText(unit, each.values, " to ")}`);
  return `Line chart: ${title}. ${ranges.join("; ")}. With the arrow keys the values of each point are shown below the chart.`;
}

const BAND_WORDS: Record<ChartBand["kind"], string> = {
  warmup: "warm-up (left out of the summary)",
  ramp: "clients come or go",
  stopping: "clients leave at the end",
  stall: "server stalled",
};

function bandKeys(bands: readonly ChartBand[]): Content {
  const kinds = [...new Set(bands.map(({ kind }) => kind))];
  if (kinds.length === 0) return undefined;
  const keys = kinds.map((kind) => html`<span><i class="band-${kind}"></i>${BAND_WORDS[kind]}</span>`);
  return html`<p class="bands">Shaded: ${keys}</p>
`;
}

const COURSE_ROWS = 10;

/** The chart as a table: a tenth of the run each row, from the lowest value in it to the highest. */
function courseTable({ xs, series, unit }: ChartSpec, title: string): Markup {
  const size = Math.ceil(xs.length / COURSE_ROWS);
  const rows = Array.from({ length: Math.ceil(xs.length / size) }, (_, row) => {
    const [from, to] = [row * size, Math.min(xs.length, (row + 1) * size)];
    const since = from === 0 ? 0 : xs[from - 1]!;
    const values = series.map((each) => rangeText(unit, each.values.slice(from, to), " – "));
    return { cells: [`${clockText(since)} – ${clockText(xs[to - 1]!)}`, ...values] };
  });
  const columns = [{ head: "Time" }, ...series.map(({ label }) => ({ head: label }))];
  const caption = `${title}: lowest and highest value in each part of the run`;
  return html`<details><summary>The course in figures</summary>
${table({ caption, columns, rows })}</details>
`;
}

function rangeText(unit: ChartSpec["unit"], values: ChartSeries["values"], between: string): string {
  const measured = values.filter((value) => value !== null);
  if (measured.length === 0) return "-";
  const [low, high] = [measured.reduce((a, b) => Math.min(a, b)), measured.reduce((a, b) => Math.max(a, b))];
  const [lowText, highText] = [valueText(unit, low), valueText(unit, high)];
  return lowText === highText ? highText : `${lowText}${between}${highText}`;
}
