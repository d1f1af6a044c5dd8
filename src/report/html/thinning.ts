// Fewer points for a long run, without losing what stands out: each group of seconds keeps its lowest and its highest value. Pure.

/** Groups of neighbouring points; `size` 1: all points are kept. */
export interface Groups {
  readonly count: number;
  readonly size: number;
}

/** Groups of `count` points of which two each are drawn, so that at most `maxPoints` are. */
export function groupsOf(count: number, maxPoints: number): Groups {
  return { count, size: count <= maxPoints ? 1 : Math.ceil(count / Math.floor(maxPoints / 2)) };
}

/** The x of what is kept: of a group its first and its last. */
export function thinnedXs(xs: readonly number[], { count, size }: Groups): number[] {
  if (size === 1) return [...xs];
  const kept: number[] = [];
  for (let from = 0; from < count; from += size) {
    kept.push(xs[from]!);
    if (size > 1 && from + 1 < count) kept.push(xs[Math.min(count, from + size) - 1]!);
  }
  return kept;
}

/** The values for them: the lowest and the highest of the group in the order in which they came; null: none was measured. */
export function thinnedValues(values: readonly number[], { count, size }: Groups): (number | null)[] {
  if (size === 1) return values.map(orNull);
  const kept: (number | null)[] = [];
  for (let from = 0; from < count; from += size) {
    const [first, second] = extremesOf(values, from, Math.min(count, from + size));
    kept.push(orNull(first));
    if (from + 1 < count) kept.push(orNull(second));
  }
  return kept;
}

/** A group of one point at the end has one value. */
function extremesOf(values: readonly number[], from: number, to: number): [number, number] {
  let lowest = -1;
  let highest = -1;
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) continue;
    if (lowest === -1 || value < values[lowest]!) lowest = index;
    if (highest === -1 || value > values[highest]!) highest = index;
  }
  if (lowest === -1) return [Number.NaN, Number.NaN];
  return lowest <= highest ? [values[lowest]!, values[highest]!] : [values[highest]!, values[lowest]!];
}

/** Four digits are more than a chart can show. */
function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : Number(value.toPrecision(4));
}
