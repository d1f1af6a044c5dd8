// How far two groups of values are apart, whatever their unit: Cliff's delta. Pure.

/**
 * The share of pairs in which `next` is the larger one less the share in which `base` is: -1..1, 0 where the groups lie on each other,
 * 1 where every value of `next` is larger.
 *
 * @returns null where a group is empty.
 */
export function cliffsDelta(base: readonly number[], next: readonly number[]): number | null {
  if (base.length === 0 || next.length === 0) return null;
  const sorted = Float64Array.from(base).sort();
  let balance = 0;
  for (const value of next) balance += below(sorted, value) - (sorted.length - belowOrAt(sorted, value));
  return balance / (base.length * next.length);
}

/** The usual words for it: Romano and others, 2006. */
export function effectWord(delta: number): "negligible" | "small" | "medium" | "large" {
  const size = Math.abs(delta);
  if (size < 0.147) return "negligible";
  if (size < 0.33) return "small";
  return size < 0.474 ? "medium" : "large";
}

function below(sorted: Float64Array, value: number): number {
  return firstWhere(sorted, (other) => other >= value);
}

function belowOrAt(sorted: Float64Array, value: number): number {
  return firstWhere(sorted, (other) => other > value);
}

function firstWhere(sorted: Float64Array, isReached: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isReached(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
