// Packets of all sorts for "whatever it is given" tests: random ones, and such that begin like UTP. Seeded, so that they repeat.
import fc from "fast-check";

const SEED = 20_261_124;

/** `count` byte arrays of 0 to 100 bytes. */
export function anyBytes(count: number): Uint8Array[] {
  const random = fc.uint8Array({ maxLength: 100 });
  const likeUtp = fc
    .tuple(fc.constantFrom([0x55, 0x54, 0x50, 1], [0x55, 0x54, 0x50, 2], [1], [2], [4], [5]), random)
    .map(([start, rest]) => Uint8Array.of(...start, ...rest));
  return fc.sample(fc.oneof(random, likeUtp), { numRuns: count, seed: SEED });
}
