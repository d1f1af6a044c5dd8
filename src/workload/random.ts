// Seeded randomness: the same seed gives the same bytes on every machine. Not for tokens, which must be strong.

/** What the counter goes up by: 2^32 over the golden ratio. */
export const GOLDEN_STEP = 0x9e3779b9;

/** A small generator of 32-bit numbers (SplitMix32: a counter through a mixing function). */
export class Random {
  #state: number;

  /** @param seed Any number; its low 32 bits count. `stream` keeps the clients of one seed apart. */
  constructor(seed: number, stream = 0) {
    this.#state = mix((seed >>> 0) ^ mix(stream + GOLDEN_STEP));
  }

  /** 0 .. 2^32 - 1. */
  uint32(): number {
    this.#state = (this.#state + GOLDEN_STEP) >>> 0;
    return mix(this.#state);
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.uint32() & 0xff;
  }
}

/** The mixing function: every bit of a 32-bit number, signed or not, changes about half the bits of the result, 0 .. 2^32 - 1. */
export function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
