// How property tests run: with a seed that is printed, and that FC_SEED brings back.
import fc from "fast-check";

/** Parameters for `fc.assert`; prints the seed, so that every failure can be had again. */
export function propertyParameters(name: string, numRuns: number): { seed: number; numRuns: number } {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  console.log(`${name}: seed ${seed} (FC_SEED=${seed} repeats it)`);
  return { seed, numRuns };
}

/** Bytes of any kind, most of them near enough to UTP to get past the first look. */
export function almostUtp(token: Uint8Array): fc.Arbitrary<Uint8Array> {
  const anyBytes = fc.uint8Array({ maxLength: 64 });
  const tail = fc.uint8Array({ maxLength: 24 });
  const someToken = fc.oneof(
    { weight: 4, arbitrary: fc.constant(token) },
    fc.uint8Array({ minLength: 8, maxLength: 8 }),
  );
  const head = fc.oneof(
    fc.constantFrom([0x55, 0x54, 0x50, 1, 1], [0x55, 0x54, 0x50, 1, 2], [0x55, 0x54, 0x50, 2, 1]),
    fc.integer({ min: 0, max: 8 }).map((type) => [type]),
  );
  const message = fc.tuple(head, someToken, tail).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
  const cut = fc.tuple(message, fc.nat(40)).map(([packet, length]) => packet.subarray(0, length));
  return fc.oneof(anyBytes, { weight: 4, arbitrary: message }, cut);
}
