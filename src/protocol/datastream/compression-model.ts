// The default model of packed numbers (protocol page 8.3): which bucket a value falls into, and the code word of each bucket. All
// tables follow by rule from the 16 rows below. Reads and writes no bits itself.

/** Of each bucket: bits that follow its code word, and bits of the code word. */
const BUCKETS: readonly (readonly [extraBits: number, codeBits: number])[] = [
  [0, 2],
  [0, 3],
  [1, 3],
  [2, 3],
  [3, 4],
  [4, 4],
  [6, 4],
  [8, 5],
  [10, 5],
  [12, 5],
  [15, 6],
  [18, 6],
  [21, 6],
  [24, 6],
  [27, 6],
  [32, 6],
];

export const BUCKET_COUNT = BUCKETS.length;
/** Longest code word: so many bits are looked at to find a bucket. */
export const PEEK_BITS = 6;

/** Bits behind the code word of a bucket, 0..32: what its value is above the base. */
export const EXTRA_BITS = Uint8Array.from(BUCKETS, ([extraBits]) => extraBits);
/** Bits of a bucket's code word, 2..6. */
export const CODE_BITS = Uint8Array.from(BUCKETS, ([, codeBits]) => codeBits);
/** Smallest value of a bucket. */
export const BASES = bases();
/** A bucket's code word as written: bit-reversed, so that its lowest bit is the first on the wire. */
export const CODE_WORDS = codeWords();
/** The bucket whose code word the next 6 bits begin with, by their value (first bit lowest). */
export const BUCKET_OF_PEEK = bucketOfPeek();
/** By the number of significant bits, 0..32: the bucket of the smallest value that has so many. */
const FIRST_BUCKETS = firstBuckets();

/** The bucket of an unsigned 32-bit value, 0..15. */
export function bucketOf(value: number): number {
  let bucket = FIRST_BUCKETS[32 - Math.clz32(value)]!;
  while (bucket < BUCKET_COUNT - 1 && value >= BASES[bucket + 1]!) bucket++;
  return bucket;
}

/** Buckets follow each other without a gap: each begins where the one before ends. */
function bases(): Uint32Array {
  const starts = new Uint32Array(BUCKET_COUNT);
  for (let i = 1; i < BUCKET_COUNT; i++) starts[i] = starts[i - 1]! + 2 ** EXTRA_BITS[i - 1]!;
  return starts;
}

/** The canonical code: words of one length count up, a longer one goes on from the last with zeros behind it. */
function codeWords(): Uint8Array {
  const words = new Uint8Array(BUCKET_COUNT);
  let next = 0;
  for (let codeBits = 1; codeBits <= PEEK_BITS; codeBits++) {
    next <<= 1;
    for (let i = 0; i < BUCKET_COUNT; i++) if (CODE_BITS[i] === codeBits) words[i] = reversed(next++, codeBits);
  }
  return words;
}

function bucketOfPeek(): Uint8Array {
  return Uint8Array.from({ length: 1 << PEEK_BITS }, (_, peek) =>
    CODE_WORDS.findIndex((word, bucket) => (peek & ((1 << CODE_BITS[bucket]!) - 1)) === word),
  );
}

function firstBuckets(): Uint8Array {
  return Uint8Array.from({ length: 33 }, (_, bits) => {
    const smallest = bits === 0 ? 0 : 2 ** (bits - 1);
    return BASES.findLastIndex((base) => base <= smallest);
  });
}

function reversed(word: number, bits: number): number {
  let result = 0;
  for (let i = 0; i < bits; i++) result |= ((word >> i) & 1) << (bits - 1 - i);
  return result;
}
