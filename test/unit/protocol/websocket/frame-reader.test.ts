// The table of protocol page 2.2, row by row and in its order, its quirks a to d, and what no bytes may do: throw.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader, type FrameSink } from "../../../../src/protocol/websocket/frame-reader.js";
import { hex } from "../../../support/bytes.js";
import { propertyParameters } from "../../../support/property.js";
import { type ClientFrame, clientFrame, join } from "../../../support/wire-bytes.js";

const LIMIT = 1386;
const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);

class Log implements FrameSink {
  readonly lines: string[] = [];
  places = Number.POSITIVE_INFINITY;

  takePlace(): boolean {
    return this.places-- > 0;
  }
  binary(message: Uint8Array): void {
    this.lines.push(`message ${message.length > 20 ? message.length : hex(message)}`);
  }
  ping(payload: Uint8Array): void {
    this.lines.push(`ping ${payload.length}`);
  }
  pong(): void {
    this.lines.push("pong");
  }
  closed(status: number | undefined): void {
    this.lines.push(`close ${status}`);
  }
  violation(code: number): void {
    this.lines.push(`violation ${code}`);
  }
}

/** What a reader says to these bytes, given in pieces of at most `pieceBytes`. */
function read(stream: Uint8Array, pieceBytes = stream.length): string[] {
  const log = new Log();
  const reader = new FrameReader(LIMIT, true);
  for (let at = 0; at < stream.length; at += pieceBytes) reader.read(stream.slice(at, at + pieceBytes), log);
  return log.lines;
}

const frames = (...list: readonly ClientFrame[]): Uint8Array => join(...list.map(clientFrame));
const message = (...payload: number[]): ClientFrame => ({ opcode: 2, payload: Uint8Array.from(payload) });
const first = (...payload: number[]): ClientFrame => ({ ...message(...payload), fin: false });
const more = (...payload: number[]): ClientFrame => ({ opcode: 0, payload: Uint8Array.from(payload), fin: false });
const last = (...payload: number[]): ClientFrame => ({ opcode: 0, payload: Uint8Array.from(payload) });

const ROWS: readonly (readonly [name: string, stream: Uint8Array, said: readonly string[]])[] = [
  ["a message", frames(message(1, 2, 3)), ["message 010203"]],
  [
    "three messages in one piece",
    frames(message(1), message(2), message(3)),
    ["message 01", "message 02", "message 03"],
  ],
  ["a message of the limit", frames({ opcode: 2, payload: bytes(LIMIT) }), ["message 1386"]],
  ["mask 0", frames({ ...message(1, 2), mask: [0, 0, 0, 0] }), ["message 0102"]],
  ["row 1: RSV1, as of a compressed frame", frames({ ...message(1), rsv: 4 }), ["violation 1002"]],
  ["row 1: RSV2", frames({ ...message(1), rsv: 2 }), ["violation 1002"]],
  ["row 1: RSV3", frames({ ...message(1), rsv: 1 }), ["violation 1002"]],
  ["row 2: not masked", frames({ ...message(1), mask: null }), ["violation 1002"]],
  ["row 3: fragmented text", frames({ opcode: 1, fin: false, payload: bytes(1) }), ["violation 1002"]],
  ["row 3: fragmented ping", frames({ opcode: 9, fin: false, payload: bytes(1) }), ["violation 1002"]],
  ["row 4: a message above the limit", frames({ opcode: 2, payload: bytes(LIMIT + 1) }), ["violation 1009"]],
  ["row 4: a ping above it", frames({ opcode: 9, payload: bytes(LIMIT + 1) }), ["violation 1009"]],
  ["row 4 before 7: a text above it", frames({ opcode: 1, payload: bytes(LIMIT + 1) }), ["violation 1009"]],
  ["row 4 before 9: an unknown opcode above it", frames({ opcode: 5, payload: bytes(LIMIT + 1) }), ["violation 1009"]],
  [
    "row 3 before 4: fragmented text above it",
    frames({ opcode: 1, fin: false, payload: bytes(LIMIT + 1) }),
    ["violation 1002"],
  ],
  ["row 4: 70,000 bytes", frames({ opcode: 2, payload: bytes(70_000) }), ["violation 1009"]],
  ["row 5: a continuation of nothing", frames(last(1)), ["violation 1002"]],
  ["row 5: an empty one", frames(last()), ["violation 1002"]],
  ["fragments", frames(first(1), more(2), last(3)), ["message 010203"]],
  ["a ping between fragments", frames(first(1), { opcode: 9, payload: bytes(2) }, last(3)), ["ping 2", "message 0103"]],
  [
    "fragments of the limit",
    frames({ opcode: 2, fin: false, payload: bytes(700) }, { opcode: 0, payload: bytes(686) }),
    ["message 1386"],
  ],
  [
    "row 6: fragments above it",
    frames({ opcode: 2, fin: false, payload: bytes(700) }, { opcode: 0, payload: bytes(687) }),
    ["violation 1009"],
  ],
  ["row 7: text", frames({ opcode: 1, payload: bytes(5) }), ["violation 1003"]],
  ["row 7: empty text", frames({ opcode: 1, payload: bytes(0) }), ["violation 1003"]],
  ["row 8: a whole message among fragments", frames(first(1), message(2)), ["violation 1002"]],
  ["row 8 before 11: an empty one", frames(first(1), message()), ["violation 1002"]],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode) => [`row 9: opcode ${opcode}`, frames({ opcode, payload: bytes(1) }), ["violation 1002"]] as const,
  ),
  ["row 11: an empty message", frames(message(), message(1)), ["message 01"]],
  [
    "row 11: an empty first fragment opens nothing",
    frames(first(), message(1), last(2)),
    ["message 01", "violation 1002"],
  ],
  ["row 12: a ping", frames({ opcode: 9, payload: bytes(5) }), ["ping 5"]],
  ["row 13: a pong", frames({ opcode: 10, payload: bytes(5) }), ["pong"]],
  ["row 14: a close", frames({ opcode: 8, payload: Uint8Array.of(3, 233, 65, 66) }), ["close 1001"]],
  ["row 14: a close without a status", frames({ opcode: 8, payload: bytes(0) }), ["close undefined"]],
  ["row 14: a close of one byte", frames({ opcode: 8, payload: bytes(1) }), ["close undefined"]],
  ["quirk a: an empty last fragment completes nothing", frames(first(1), last(), message(2)), ["violation 1002"]],
  ["quirk a: the message goes on behind it", frames(first(1), last(), last(2)), ["message 0102"]],
  ["quirk b: a second first fragment is not refused", frames(first(1), first(2), last(3)), ["message 010203"]],
  [
    "quirk b: nor may it pass the limit",
    frames({ opcode: 2, fin: false, payload: bytes(700) }, { opcode: 2, fin: false, payload: bytes(700) }),
    ["violation 1009"],
  ],
  ["quirk c: 16 bits for a short length", frames({ ...message(1, 2), lengthForm: 16 }), ["message 0102"]],
  ["quirk c: 64 bits for a short length", frames({ ...message(1, 2), lengthForm: 64 }), ["message 0102"]],
  ["quirk d: a ping of 126 bytes", frames({ opcode: 9, payload: bytes(126) }), ["ping 126"]],
  ["nothing is read behind a violation", frames({ opcode: 1, payload: bytes(1) }, message(1)), ["violation 1003"]],
];

describe("frames", () => {
  it.each(ROWS)("%s", (_name, stream, said) => {
    expect(read(stream)).toEqual(said);
  });

  it.each(ROWS)("%s, byte by byte", (_name, stream, said) => {
    expect(read(stream, 1)).toEqual(said);
  });

  it("quirk c: bytes 2 to 5 of the 64-bit form do not count, 6 and 7 make it too long", () => {
    const long = clientFrame({ ...message(1, 2), lengthForm: 64 });
    const upper = long.slice();
    upper.set([9, 9, 9, 9], 2);
    expect(read(upper)).toEqual(["message 0102"]);
    for (const at of [6, 7]) {
      const changed = long.slice();
      changed[at] = 1;
      expect(read(changed)).toEqual(["violation 1009"]);
    }
  });

  it("row 4 comes before the payload has arrived", () => {
    expect(read(clientFrame({ opcode: 2, payload: bytes(LIMIT + 1) }).slice(0, 4))).toEqual(["violation 1009"]);
  });

  it("in pieces of any size say the same", () => {
    const piece = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), piece, (noise, pieceBytes) => {
        const stream = join(frames(message(1), first(2), last(3), { opcode: 9, payload: bytes(3) }), noise);
        expect(read(stream, pieceBytes)).toEqual(read(stream));
      }),
      propertyParameters("frames in pieces", 300),
    );
  });

  it("never throw, whatever the bytes", () => {
    const anyFrame = fc.record({
      opcode: fc.integer({ min: 0, max: 15 }),
      payload: fc.uint8Array({ maxLength: 200 }),
      fin: fc.boolean(),
      rsv: fc.constantFrom(0, 0, 0, 1),
    });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.uint8Array({ maxLength: 50 }), (list, noise) => {
        read(join(frames(...list), noise));
        read(noise);
      }),
      propertyParameters("frames of any bytes", 500),
    );
  });
});

describe("a receive queue that is full", () => {
  const stream = frames(message(1), message(2), message(3), message(4));

  it("keeps frames until more bytes come, and loses the first of them as Unity does", () => {
    const log = new Log();
    const reader = new FrameReader(LIMIT, true);
    log.places = 2;
    reader.read(stream.slice(), log);
    expect(log.lines).toEqual(["message 01", "message 02"]);
    expect(reader.isKept).toBe(true);
    log.places = 9;
    reader.read(frames(message(5)), log);
    // Unmasked twice: 03 ^ 01.
    expect(log.lines).toEqual(["message 01", "message 02", "message 02", "message 04", "message 05"]);
  });

  it("loses nothing with mask 0, nor in safe mode", () => {
    const unmasked = frames(...[1, 2, 3].map((byte) => ({ ...message(byte), mask: [0, 0, 0, 0] as const })));
    for (const [corruptsKept, kept] of [
      [true, unmasked],
      [false, frames(message(1), message(2), message(3))],
    ] as const) {
      const log = new Log();
      const reader = new FrameReader(LIMIT, corruptsKept);
      log.places = 1;
      reader.read(kept.slice(), log);
      log.places = 9;
      reader.read(frames(message(9)), log);
      expect(log.lines).toEqual(["message 01", "message 02", "message 03", "message 09"]);
    }
  });

  it("still reads control frames before the first that finds no place, and none behind it", () => {
    const log = new Log();
    log.places = 0;
    new FrameReader(LIMIT, true).read(
      frames({ opcode: 10, payload: bytes(0) }, message(1), { opcode: 9, payload: bytes(0) }),
      log,
    );
    expect(log.lines).toEqual(["pong"]);
  });

  it.each([
    [2944, true],
    [2945, false],
  ])("holds %i bytes: %s", (heldBytes, fits) => {
    const log = new Log();
    const reader = new FrameReader(LIMIT, true);
    log.places = 0;
    expect(reader.read(frames({ opcode: 2, payload: bytes(1300) }), log)).toBe(true);
    expect(reader.read(bytes(heldBytes - 1308), log)).toBe(fits);
  });
});
