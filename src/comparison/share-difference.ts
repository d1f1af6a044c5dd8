// The difference of two shares, such as of clients that failed, with an interval that holds near 0 and 1 too. Pure.
import { studentQuantile } from "./student.js";

/** `part` of `whole`, both counts, whole > 0. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** All runs of a side as one share. */
export function pooled(runs: readonly Share[]): Share {
  return runs.reduce((sum, { part, whole }) => ({ part: sum.part + part, whole: sum.whole + whole }), {
    part: 0,
    whole: 0,
  });
}

/**
 * Newcombe's interval of `next - base` from the two Wilson intervals.
 *
 * @param confidence 0..1, such as 0.95.
 * @param overdispersion >= 1: by how much clients act together rather than each for itself, see `overdispersion`.
 */
export function shareInterval(base: Share, next: Share, confidence: number, overdispersion = 1): Interval {
  const z = studentQuantile((1 + confidence) / 2, Number.POSITIVE_INFINITY);
  const a = wilson(base, z, overdispersion);
  const b = wilson(next, z, overdispersion);
  const difference = b.share - a.share;
  return {
    low: difference - Math.hypot(b.share - b.low, a.high - a.share),
    high: difference + Math.hypot(b.high - b.share, a.share - a.low),
  };
}

function wilson({ part, whole }: Share, z: number, overdispersion: number): Interval & { share: number } {
  const clients = whole / overdispersion;
  const share = part / whole;
  const spread = z * Math.sqrt((share * (1 - share)) / clients + z ** 2 / (4 * clients ** 2));
  const scale = 1 + z ** 2 / clients;
  const middle = share + z ** 2 / (2 * clients);
  return { share, low: (middle - spread) / scale, high: (middle + spread) / scale };
}

/** How much more the runs of the sides differ among themselves than chance would have it for each client; 1 where they do not. */
export function overdispersion(sides: readonly (readonly Share[])[]): number {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const runs of sides) {
    const all = pooled(runs);
    const share = all.part / all.whole;
    const variance = share * (1 - share);
    if (variance > 0) for (const { part, whole } of runs) squares += (part - whole * share) ** 2 / (whole * variance);
    degreesOfFreedom += runs.length - 1;
  }
  return degreesOfFreedom === 0 ? 1 : Math.max(1, squares / degreesOfFreedom);
}
