// What a chart is, as plain data: made where a result is read, drawn in a page. Types only; it crosses from one to the other as JSON.

/** What the values are; how they are written follows from it. `ms` times, `perSecond` rates, `bytes` sizes, `percent` of one core. */
export type ChartUnit = "ms" | "count" | "perSecond" | "bytes" | "bytesPerSecond" | "percent";

/** Colours by their role, the same in all charts: one hue from light to dark for percentiles, others apart; `bad` for what failed. */
export type ChartTone = "low" | "mid" | "high" | "peak" | "other" | "third" | "quiet" | "bad";

export interface ChartSeries {
  readonly label: string;
  readonly tone: ChartTone;
  readonly look: "line" | "dashed" | "bars";
  /** One for each x; null: nothing was measured there. */
  readonly values: readonly (number | null)[];
  /** Not drawn until the reader asks for it. */
  readonly isHidden?: boolean;
}

/** A stretch of x that is shaded. */
export interface ChartBand {
  readonly kind: "warmup" | "ramp" | "stopping" | "stall";
  readonly from: number;
  readonly to: number;
}

export interface ChartSpec {
  /** Unique in its page; letters, digits and hyphens. */
  readonly id: string;
  readonly unit: ChartUnit;
  /**
   * `seconds`: since the plan's start. `percentile`: 1 / (1 - share) on a logarithmic axis, so that 10 is the 90th percentile, 100 the
   * 99th, and each further nine takes the same room.
   */
  readonly x: "seconds" | "percentile";
  /** Ascending. */
  readonly xs: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly bands: readonly ChartBand[];
}
