// What a comparison compares: each figure with its unit, the direction that is better, and what is too small to matter. Data only.
import type { TrendName } from "../metrics/names.js";

/** Trends that are compared, at each of these percentiles. */
export const COMPARED_TRENDS = [
  "rtt",
  "connect_total",
  "ping",
  "server_interval",
] as const satisfies readonly TrendName[];
export type ComparedTrend = (typeof COMPARED_TRENDS)[number];
const COMPARED_PERCENTILES = [50, 95, 99] as const;

export type FigureUnit = "ms" | "perSecond" | "share";

interface Named {
  /** The metric, of a trend with the percentile: `rtt.p95`. Tables, `--allow` and JSON all use it. */
  readonly id: string;
  readonly better: "lower" | "higher";
}

export interface PercentileFigure extends Named {
  readonly kind: "percentile";
  readonly unit: "ms";
  readonly trend: ComparedTrend;
  /** 0..100. */
  readonly percentile: number;
}

/** Messages received a second. */
export interface ThroughputFigure extends Named {
  readonly kind: "throughput";
  readonly unit: "perSecond";
}

/** A share of clients or attempts, 0..1. */
export interface ShareFigure extends Named {
  readonly kind: "share";
  readonly unit: "share";
  /** The counts behind it, by their names in `SecondFacts`. */
  readonly part: "connectsFailed" | "connectionsLost";
  readonly whole: "connectsFinished" | "connectionsMade";
}

export type Figure = PercentileFigure | ThroughputFigure | ShareFigure;

const PERCENTILES: PercentileFigure[] = COMPARED_TRENDS.flatMap((trend) =>
  COMPARED_PERCENTILES.map((percentile): PercentileFigure => {
    return { id: `${trend}.p${percentile}`, kind: "percentile", unit: "ms", better: "lower", trend, percentile };
  }),
);

/** All figures, in the order in which they are told. */
export const FIGURES: readonly Figure[] = [
  ...PERCENTILES,
  { id: "messages_received", kind: "throughput", unit: "perSecond", better: "higher" },
  {
    id: "connect_failed",
    kind: "share",
    unit: "share",
    better: "lower",
    part: "connectsFailed",
    whole: "connectsFinished",
  },
  {
    id: "disconnects",
    kind: "share",
    unit: "share",
    better: "lower",
    part: "connectionsLost",
    whole: "connectionsMade",
  },
];

/** A smaller difference is none to a player: 5% and at least half a millisecond, one client in a hundred. */
const MARGIN = { share: 0.05, ms: 0.5, clients: 0.01 } as const;

/** The difference below which two values count as the same, in the figure's unit, > 0. */
export function marginOf({ unit }: Pick<Figure, "unit">, baseValue: number): number {
  if (unit === "share") return MARGIN.clients;
  const relative = Math.abs(baseValue) * MARGIN.share;
  return unit === "ms" ? Math.max(relative, MARGIN.ms) : relative;
}

/**
 * How far two runs of the same server on the same machine differ though nothing within either shows it: standard deviations of a
 * run's value. A machine is a little slower today; timers fire in whole milliseconds.
 */
const BETWEEN_RUNS = { share: 0.015, ms: 0.1 } as const;

/** The standard deviation between runs that is assumed where there are too few runs to see it; in the figure's unit. */
export function assumedSpread({ unit }: Pick<Figure, "unit">, value: number): number {
  const relative = Math.abs(value) * BETWEEN_RUNS.share;
  return unit === "ms" ? Math.hypot(relative, BETWEEN_RUNS.ms) : relative;
}
