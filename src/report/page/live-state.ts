// What a live page shows at one moment, whole: made by the run's process, drawn in the page. Types only; it crosses as JSON.
import type { ChartSpec } from "./chart-spec.js";

export interface LiveFigure {
  readonly term: string;
  readonly value: string;
  /** In small print below. */
  readonly more: string;
}

export interface LiveThreshold {
  /** `rtt: p(95)<80`. */
  readonly name: string;
  /** Measured so far, with its unit. */
  readonly value: string;
  readonly isOk: boolean;
}

export interface LiveState {
  readonly phase: "starting" | "running" | "paused" | "stopping" | "ended";
  /** The moment in words: how long it runs, or how it ended. */
  readonly words: string;
  readonly figures: readonly LiveFigure[];
  readonly thresholds: readonly LiveThreshold[];
  /** One for each place that waits for one, by id. */
  readonly charts: readonly ChartSpec[];
}

/** What the page is given once, with its own text. */
export interface LivePageData {
  /** Without it the server changes nothing. */
  readonly token: string;
}
