// The header of the reliable stage as bytes (protocol page 6.4.1): classes of windows, ack masks, and what is refused.
import { describe, expect, it } from "vitest";
import { AckMask } from "../../../../src/protocol/pipelines/ack-mask.js";
import {
  maskBytesOf,
  ReliableHeader,
  reliableHeaderBytes,
} from "../../../../src/protocol/pipelines/reliable-header.js";
import { bytes, hex } from "../../../support/bytes.js";

function written(header: ReliableHeader, isTrimmed: boolean): string {
  const target = new Uint8Array(300);
  const lengthBytes = header.writtenBytes(isTrimmed);
  header.write(target, 3, lengthBytes);
  return hex(target.subarray(3, 3 + lengthBytes));
}

describe("sizes", () => {
  it.each([
    [8, 4, 12],
    [32, 4, 12],
    [40, 8, 16],
    [64, 8, 16],
    [72, 9, 17],
    [128, 16, 24],
    [256, 32, 40],
    [2040, 255, 263],
  ])("window %i: a mask of %i bytes, a header of %i", (window, maskBytes, headerBytes) => {
    expect([maskBytesOf(window), reliableHeaderBytes(window)]).toEqual([maskBytes, headerBytes]);
  });
});

describe("a mask", () => {
  it("moves by any distance as a number of that many bits does", () => {
    for (const lengthBytes of [4, 8, 16, 255]) {
      const all = (1n << BigInt(8 * lengthBytes)) - 1n;
      for (const distance of [0, 1, 2, 7, 8, 9, 15, 16, 31, 32, 33, 63, 64, 65, 2039, 2040, 5000]) {
        const mask = new AckMask(lengthBytes, "zeros");
        let number = 0n;
        for (const bit of [0, 1, 5, 8, 30, 31, 62, 127, 2030]) {
          mask.set(bit);
          if (bit < 8 * lengthBytes) number |= 1n << BigInt(bit);
        }
        mask.shift(distance);
        const text = [...mask.bytes].reverse();
        expect(BigInt(`0x${hex(Uint8Array.from(text))}`)).toBe((number << BigInt(distance)) & all);
      }
    }
  });

  it("knows its bits, and none beyond its end", () => {
    const mask = new AckMask(4, "zeros");
    mask.set(31);
    mask.set(32);
    expect([mask.has(30), mask.has(31), mask.has(32), hex(mask.bytes)]).toEqual([false, true, false, "00000080"]);
  });

  it.each([
    ["ffffffff", 1],
    ["feffffff", 1],
    ["fffbffff", 2],
    ["ffffff7f", 4],
    ["00000000", 4],
  ])("%s is trimmed to %i bytes", (text, length) => {
    const mask = new AckMask(4, "ones");
    mask.bytes.set(bytes(text));
    expect(mask.trimmedBytes).toBe(length);
  });
});

describe("reading and writing", () => {
  it.each([
    [32, "00 00 00 00 00 00 FF FF FF FF FF FF"],
    [32, "01 00 10 00 00 00 00 00 FF FF FF FF"],
    [32, "01 00 05 00 00 00 03 00 0D 00 00 00"],
    [64, "00 00 5B 01 01 80 00 40 FF FF FF FF FF FF FF 7F"],
    [128, "00 02 03 00 05 00 14 00 FF FB"],
    [128, "00 01 03 00 05 00 14 00 FF"],
    [128, "01 10 03 00 00 00 14 00 FF FB FF FF FF FF FF FF FF FF FF FF FF FF FF 7F"],
  ])("window %i: %s", (window, text) => {
    const header = new ReliableHeader(window);
    const packet = bytes(`${text} AA BB`);
    expect(header.read(packet)).toBe(true);
    expect(header.lengthBytes).toBe(packet.length - 2);
    expect(written(header, true)).toBe(hex(packet.subarray(0, header.lengthBytes)));
  });

  it("reads each field from its place", () => {
    const header = new ReliableHeader(128);
    header.read(bytes("01 02 03 04 05 06 07 08 F0 FB"));
    const { type, processingTimeMs, sequence, acked } = header;
    expect({ type, processingTimeMs, sequence, acked }).toEqual({
      type: "ack",
      processingTimeMs: 0x0403,
      sequence: 0x0605,
      acked: 0x0807,
    });
    expect(hex(header.mask.bytes)).toBe(`f0fb${"ff".repeat(14)}`);
  });

  it("leaves nothing of the header before", () => {
    const header = new ReliableHeader(128);
    header.read(bytes("00 03 00 00 00 00 00 00 00 00 00"));
    header.read(bytes("00 01 00 00 00 00 00 00 FF"));
    expect(hex(header.mask.bytes)).toBe("ff".repeat(16));
  });

  it("writes the whole mask of a large window until the peer has acked", () => {
    const header = new ReliableHeader(128);
    expect(written(header, false)).toBe(`001000000000ffff${"ff".repeat(16)}`);
    expect(written(header, true)).toBe("000100000000ffffff");
  });
});

describe("refusing", () => {
  it.each([
    ["nothing", 32, ""],
    ["a header cut short", 32, "00 00 00 00 00 00 FF FF FF FF FF"],
    ["the mask of a smaller class", 64, "00 00 00 00 00 00 FF FF FF FF FF FF"],
    ["an unknown type", 32, "02 00 00 00 00 00 FF FF FF FF FF FF"],
    ["a mask length where none may be", 32, "00 04 00 00 00 00 FF FF FF FF FF FF"],
    ["a mask length where none may be", 64, "00 08 00 00 00 00 FF FF FF FF FF FF FF FF FF FF"],
    ["no mask length where one must be", 128, "00 00 00 00 00 00 FF FF FF FF FF FF"],
    ["a mask cut short", 128, "00 03 00 00 00 00 FF FF FF FF"],
    ["a mask of a larger window", 72, `00 0A 00 00 00 00 FF FF ${"FF".repeat(10)}`],
  ])("%s (window %i)", (_name, window, text) => {
    expect(new ReliableHeader(window).read(bytes(text))).toBe(false);
  });
});
