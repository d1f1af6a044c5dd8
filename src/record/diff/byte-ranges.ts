// Where two messages differ: ranges of bytes, with what stands there in each. Pure.

export interface ByteRange {
  /** In the first message and in the other: the same unless a range before it has two lengths. */
  readonly offset: number;
  readonly one: Uint8Array;
  readonly other: Uint8Array;
}

/** Ranges with at most so many equal bytes between them are one: a number has equal bytes by chance. */
const BRIDGED_BYTES = 2;

/** Of messages of one length, range by range; of others, all between what is the same at either end. */
export function differingRanges(one: Uint8Array, other: Uint8Array): ByteRange[] {
  return one.length === other.length ? rangesOfEqualLength(one, other) : [between(one, other)];
}

function rangesOfEqualLength(one: Uint8Array, other: Uint8Array): ByteRange[] {
  const spans: { start: number; end: number }[] = [];
  for (let at = 0; at < one.length; at++) {
    if (one[at] === other[at]) continue;
    const last = spans.at(-1);
    if (last !== undefined && at - last.end <= BRIDGED_BYTES) last.end = at + 1;
    else spans.push({ start: at, end: at + 1 });
  }
  return spans.map(({ start, end }) => {
    return { offset: start, one: one.subarray(start, end), other: other.subarray(start, end) };
  });
}

function between(one: Uint8Array, other: Uint8Array): ByteRange {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let tail = 0;
  while (tail < shorter - start && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  return {
    offset: start,
    one: one.subarray(start, one.length - tail),
    other: other.subarray(start, other.length - tail),
  };
}
