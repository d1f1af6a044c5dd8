// The legend of a chart: one button a series that hides or shows it, with the value at the cursor beside it. It knows no canvas.
import type { ChartSpec } from "./chart-spec.js";
import { valueText, xText } from "./value-text.js";

export class Legend {
  readonly element: HTMLElement;
  readonly #where: HTMLElement;
  readonly #values: HTMLElement[] = [];

  /** @param onToggle Asked to show or hide a series by its index. */
  constructor(spec: ChartSpec, onToggle: (index: number, isShown: boolean) => void) {
    this.element = document.createElement("div");
    this.element.className = "legend";
    spec.series.forEach((series, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", String(series.isHidden !== true));
      const swatch = part(button, `swatch ${series.look} tone-${series.tone}`, "");
      swatch.setAttribute("aria-hidden", "true");
      part(button, "name", series.label);
      this.#values.push(part(button, "value", ""));
      button.addEventListener("click", () => {
        const isShown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(isShown));
        onToggle(index, isShown);
      });
      this.element.append(button);
    });
    this.#where = part(this.element, "where", "");
  }

  /** Values at one point of the chart; null: none is pointed at. */
  point(spec: ChartSpec, index: number | null): void {
    this.#where.textContent = index === null ? "" : `at ${xText(spec.x, spec.xs[index] ?? 0)}`;
    spec.series.forEach(({ values }, number) => {
      const element = this.#values[number];
      if (element !== undefined) element.textContent = index === null ? "" : valueText(spec.unit, values[index]);
    });
  }
}

function part(parent: HTMLElement, className: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}
