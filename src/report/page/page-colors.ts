// Colours of the charts, out of the page's style sheet, so that light, dark and print have theirs in one place. Draws nothing.
import type { ChartBand, ChartTone } from "./chart-spec.js";

export interface PageColors {
  readonly tone: (tone: ChartTone) => string;
  readonly band: (kind: ChartBand["kind"]) => string;
  readonly text: string;
  readonly grid: string;
}

/** As they are now: ask again when the scheme has changed. */
export function pageColors(): PageColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    tone: (tone) => color(`tone-${tone}`),
    band: (kind) => color(`band-${kind}`),
    text: color("text-quiet"),
    grid: color("grid"),
  };
}
