// Frames cut out of a stream, whatever pieces it comes in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameSplitter, MAX_KEPT_BYTES, type PassingFrame } from "../../../src/record/frame-splitter.js";
import { propertyParameters } from "../../support/property.js";
import { type ClientFrame, clientFrame, join } from "../../support/wire-bytes.js";

const anyFrame: fc.Arbitrary<ClientFrame> = fc.record({
  opcode: fc.integer({ min: 0, max: 15 }),
  fin: fc.boolean(),
  rsv: fc.integer({ min: 0, max: 7 }),
  mask: fc.constantFrom(null, [9, 8, 7, 255] as const),
  payload: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ minLength: 120, maxLength: 400 })),
});

function splitAll(splitter: FrameSplitter, pieces: readonly Uint8Array[]): PassingFrame[] {
  return pieces.flatMap((piece) => [...splitter.read(piece)]);
}

/** The stream in pieces of these sizes, over and over. */
function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += pieces.at(-1)!.length) {
    pieces.push(stream.slice(at, at + sizes[pieces.length % sizes.length]!));
  }
  return pieces;
}

describe("frames", () => {
  it("are the same however the stream is cut, masked or not, and no byte of it is changed", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 6 }), sizes, (frames, pieceSizes) => {
        const pieces = cut(join(...frames.map(clientFrame)), pieceSizes);
        const before = pieces.map((piece) => [...piece]);
        const found = splitAll(new FrameSplitter(), pieces);
        expect(found).toEqual(
          frames.map(({ opcode, fin, rsv, payload }) => ({ opcode, isFinal: fin, isExtended: rsv !== 0, payload })),
        );
        expect(pieces.map((piece) => [...piece])).toEqual(before);
      }),
      propertyParameters("frames", 200),
    );
  });

  it.each([16, 64] as const)("have their length in %i bits", (lengthForm) => {
    const stream = clientFrame({ opcode: 2, payload: Uint8Array.of(1, 2), lengthForm });
    expect(splitAll(new FrameSplitter(), [stream])[0]?.payload).toEqual(Uint8Array.of(1, 2));
  });

  it("that are too long are told of and passed over, those behind them are whole", () => {
    const long = clientFrame({ opcode: 2, payload: new Uint8Array(MAX_KEPT_BYTES + 1) });
    const stream = join(long, clientFrame({ opcode: 1, payload: Uint8Array.of(5) }));
    for (const size of [1000, 65_000, stream.length]) {
      const found = splitAll(new FrameSplitter(), cut(stream, [size]));
      expect(found.map(({ opcode, payload }) => [opcode, payload?.length])).toEqual([
        [2, undefined],
        [1, 1],
      ]);
    }
  });

  it("of any bytes never throw", () => {
    const splitter = new FrameSplitter();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        splitAll(splitter, [bytes]);
      }),
      propertyParameters("any bytes", 500),
    );
  });
});
