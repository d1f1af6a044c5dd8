// Server frames to the byte, and pieces joined with and without a copy.
import { describe, expect, it } from "vitest";
import { FrameWriter, joinPieces, OPCODE } from "../../../../src/protocol/websocket/frame-writer.js";
import { bytes, hex } from "../../../support/bytes.js";

describe("a server frame", () => {
  it.each([
    [OPCODE.binary, 0, "82 00"],
    [OPCODE.binary, 125, "82 7D"],
    [OPCODE.binary, 126, "82 7E 00 7E"],
    [OPCODE.binary, 1386, "82 7E 05 6A"],
    [OPCODE.close, 2, "88 02"],
    [OPCODE.ping, 0, "89 00"],
    [OPCODE.pong, 1386, "8A 7E 05 6A"],
  ])("of opcode %i and %i bytes starts with %s", (opcode, length, head) => {
    const payload = new Uint8Array(length).fill(9);
    expect(hex(new FrameWriter().frame(opcode, payload))).toBe(hex(bytes(head)) + hex(payload));
  });

  it("is the page's example of an Accept", () => {
    const accept = bytes("55 54 50 01 02 T");
    expect(hex(new FrameWriter().frame(OPCODE.binary, accept))).toBe(hex(bytes("82 0D 55 54 50 01 02 T")));
  });

  it("keeps its bytes whatever is written later, over the borders of blocks", () => {
    const writer = new FrameWriter();
    const written = Array.from({ length: 200 }, (_, i) => writer.frame(OPCODE.binary, new Uint8Array(1000).fill(i)));
    written.forEach((frame, i) => {
      expect(new Set(frame.subarray(4))).toEqual(new Set([i]));
    });
  });

  it("refuses a payload that no message of ours can have", () => {
    expect(() => new FrameWriter().frame(OPCODE.binary, new Uint8Array(65_536))).toThrow(RangeError);
  });
});

describe("pieces", () => {
  it("are one view where they lie behind each other", () => {
    const writer = new FrameWriter();
    const pieces = [1, 2, 3].map((byte) => writer.frame(OPCODE.binary, Uint8Array.of(byte)));
    const joined = joinPieces(pieces);
    expect(hex(joined)).toBe("820101820102820103");
    expect(joined.buffer).toBe(pieces[0]!.buffer);
  });

  it("are copied where they do not", () => {
    const writer = new FrameWriter();
    const [first, second] = [1, 2].map((byte) => writer.frame(OPCODE.binary, Uint8Array.of(byte)));
    expect(hex(joinPieces([second!, first!]))).toBe("820102820101");
    expect(hex(joinPieces([first!, Uint8Array.of(7)]))).toBe("82010107");
  });
});
