// The random numbers of all fault injection: one seed, one sequence. No use for tokens, nor for anything else that must not be guessed.

/** Numbers in [0, 1) from a 32-bit counter through a mixing function (SplitMix32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
}
