// One chart in a page: canvas, legend, cursor by mouse and by keys. A function of its description; it loads and measures nothing.
import type uPlot from "uplot";
import { chartOptions, type PlotLibrary } from "./chart-options.js";
import type { ChartSpec } from "./chart-spec.js";
import { Legend } from "./legend.js";
import { pageColors } from "./page-colors.js";

const HEIGHT_PX = 220;
/** The narrowest a chart is drawn; a host that is not laid out has no width. */
const MIN_WIDTH_PX = 240;
/** Where uPlot's cursor is when it is nowhere. */
const AWAY = { left: -10, top: -10 };

export class Chart {
  readonly #library: PlotLibrary;
  readonly #host: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #legend: Legend;
  readonly #hidden: boolean[];
  #spec: ChartSpec;
  #plot: uPlot;

  /**
   * @param library uPlot, as its script leaves it in the page.
   * @param host An element with a `.plot` in it, which is named and described for those who cannot see the canvas.
   */
  constructor(library: PlotLibrary, host: HTMLElement, spec: ChartSpec) {
    this.#library = library;
    this.#host = host;
    this.#spec = spec;
    this.#hidden = spec.series.map(({ isHidden }) => isHidden === true);
    this.#canvas = host.querySelector<HTMLElement>(".plot") ?? host;
    this.#legend = new Legend(spec, (index, isShown) => this.#show(index, isShown));
    host.append(this.#legend.element);
    this.#plot = this.#draw();
    this.#canvas.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#fit()).observe(host);
  }

  /** New data for the same series, as a live page has every second. */
  update(spec: ChartSpec): void {
    const isShadedAlike = JSON.stringify(spec.bands) === JSON.stringify(this.#spec.bands);
    this.#spec = spec;
    // What is shaded is part of the drawing, not of its data.
    if (isShadedAlike) this.#plot.setData(dataOf(spec, this.#hidden));
    else this.redraw();
  }

  /** Draws all anew, in the colours that the page has now. */
  redraw(): void {
    this.#plot.destroy();
    this.#plot = this.#draw();
  }

  #draw(): uPlot {
    const series = this.#spec.series.map((each, index) => ({ ...each, isHidden: this.#hidden[index] === true }));
    const spec = { ...this.#spec, series };
    const size = { width: this.#width(), height: HEIGHT_PX };
    const options = chartOptions(this.#library, spec, size, pageColors(), (at) => this.#legend.point(this.#spec, at));
    return new this.#library(options, dataOf(spec, this.#hidden), this.#canvas);
  }

  #show(index: number, isShown: boolean): void {
    this.#hidden[index] = !isShown;
    this.#plot.setSeries(index + 1, { show: isShown });
    this.#plot.setData(dataOf(this.#spec, this.#hidden));
  }

  #width(): number {
    return Math.max(MIN_WIDTH_PX, Math.floor(this.#host.clientWidth));
  }

  #fit(): void {
    if (this.#width() !== this.#plot.width) this.redraw();
  }

  /** The arrow keys move the cursor from point to point, Home and End to the first and the last, Escape takes it away. */
  #onKey(event: KeyboardEvent): void {
    const last = this.#spec.xs.length - 1;
    const now = this.#plot.cursor.idx ?? -1;
    const targets: Record<string, number> = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last, Escape: -1 };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const x = event.key === "Escape" ? undefined : this.#spec.xs[Math.max(0, Math.min(last, target))];
    this.#plot.setCursor(x === undefined ? AWAY : { left: this.#plot.valToPos(x, "x"), top: 0 });
  }
}

/** Bars stand on those behind them: what is drawn first is as high as all that are shown together, and the later ones cover it. */
function dataOf({ xs, series }: ChartSpec, hidden: readonly boolean[]): uPlot.AlignedData {
  const sums = xs.map(() => 0);
  const drawn = series.map(({ values }) => [...values]);
  for (let index = series.length - 1; index >= 0; index--) {
    if (series[index]!.look !== "bars" || hidden[index] === true) continue;
    drawn[index]!.forEach((value, at) => {
      sums[at] = sums[at]! + (value ?? 0);
    });
    drawn[index] = [...sums];
  }
  return [[...xs], ...drawn];
}
