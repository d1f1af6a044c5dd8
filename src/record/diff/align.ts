// Which message of one play is which of the other: the pairing, in order, that makes the most of what is alike. Pure.

/** Indexes into the two lists; undefined: the message is in the other one only. */
export type Pair =
  | { readonly one: number; readonly other: number }
  | { readonly one: number; readonly other: undefined }
  | { readonly one: undefined; readonly other: number };

/** Cells of the table at most. Longer plays are compared in a band around its diagonal. */
const MAX_CELLS = 4_000_000;
const IDENTICAL = 4;
const ALIKE = 1;
/** On top of ALIKE, by the share of bytes that are the same. */
const SAME_BYTES = 2;
const NONE = Number.NEGATIVE_INFINITY;
const BOTH = 1;
const ONLY_ONE = 2;
const ONLY_OTHER = 3;

/**
 * Pairs two lists of messages, in the order of both. Messages are paired if they are of the same length or begin with the same byte.
 *
 * @see Needleman and Wunsch, 1970, without a cost of gaps
 */
export function align(ones: readonly Uint8Array[], others: readonly Uint8Array[]): Pair[] {
  const moves = movesOf(ones, others);
  const pairs: Pair[] = [];
  let one = ones.length;
  let other = others.length;
  while (one > 0 || other > 0) {
    const move = one === 0 ? ONLY_OTHER : other === 0 ? ONLY_ONE : moves.at(one, other);
    if (move !== ONLY_OTHER) one--;
    if (move !== ONLY_ONE) other--;
    if (move === BOTH) pairs.push({ one, other });
    else pairs.push(move === ONLY_ONE ? { one, other: undefined } : { one: undefined, other });
  }
  return pairs.reverse();
}

interface Moves {
  at(one: number, other: number): number;
}

/** How the best pairing of the first `one` and the first `other` messages ends. */
function movesOf(ones: readonly Uint8Array[], others: readonly Uint8Array[]): Moves {
  const width = bandWidth(ones.length, others.length);
  const moves = new Uint8Array((ones.length + 1) * width);
  const startOf = (one: number): number => bandStart(one, ones.length, others.length, width);
  let above = new Float64Array(width);
  for (let one = 1; one <= ones.length; one++) {
    const start = startOf(one);
    const startAbove = startOf(one - 1);
    const row = new Float64Array(width);
    const scoreAbove = (other: number): number => above[other - startAbove] ?? NONE;
    for (let at = 0; at < width; at++) {
      const other = start + at;
      if (other === 0) continue;
      const both = scoreAbove(other - 1) + likeness(ones[one - 1]!, others[other - 1]!);
      const onlyOne = scoreAbove(other);
      const onlyOther = at > 0 ? row[at - 1]! : NONE;
      row[at] = Math.max(both, onlyOne, onlyOther);
      moves[one * width + at] = both === row[at] ? BOTH : onlyOne === row[at] ? ONLY_ONE : ONLY_OTHER;
    }
    above = row;
  }
  return {
    at: (one, other) => moves[one * width + other - startOf(one)] || ONLY_OTHER,
  };
}

/** Columns of the table that are looked at in a row. */
function bandWidth(ones: number, others: number): number {
  const slope = Math.ceil((others + 1) / (ones + 1));
  return Math.min(others + 1, Math.max(Math.floor(MAX_CELLS / (ones + 1)), 2 * slope + 1));
}

/** The band runs from the table's first corner to its last. */
function bandStart(one: number, ones: number, others: number, width: number): number {
  const centre = ones === 0 ? 0 : Math.round((one * others) / ones);
  return Math.max(0, Math.min(centre - Math.floor(width / 2), others + 1 - width));
}

/** Above 0 for two that may be the same message, more the more of it is the same. */
function likeness(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return one.length > 0 && one[0] === other[0] ? ALIKE : NONE;
  let same = 0;
  for (let at = 0; at < one.length; at++) if (one[at] === other[at]) same++;
  return same === one.length ? IDENTICAL : ALIKE + (SAME_BYTES * same) / one.length;
}
