// Payloads: the same seed gives the same bytes, an echo is known, anything else is not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarkedPayload } from "../../../src/workload/marked-payload.js";

describe("MarkedPayload", () => {
  it("has a layout that other tools can read", () => {
    const bytes = new MarkedPayload(1, 0x01020304, 16).write(0x1_0000_0005);
    expect(Buffer.from(bytes).toString("hex")).toBe(`${"5554504c"}${"04030201"}${"0500000001000000"}`);
  });

  it("is the same for the same seed, client and sequence, and differs for another seed or client", () => {
    const bytesOf = (seed: number, client: number): string =>
      Buffer.from(new MarkedPayload(seed, client, 64).write(7)).toString("hex");
    expect(bytesOf(1, 2)).toBe(bytesOf(1, 2));
    expect(bytesOf(1, 2)).not.toBe(bytesOf(2, 2));
    expect(bytesOf(1, 2)).not.toBe(bytesOf(1, 3));
  });

  it.each([0, 1, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 3])("recognises the echo of message %d", (sequence) => {
    const payload = new MarkedPayload(1, 9, 20);
    expect(payload.sequenceOf(payload.write(sequence).slice())).toBe(sequence);
  });

  it("does not take another client's message for an echo", () => {
    const other = new MarkedPayload(1, 8, 20).write(3).slice();
    expect(new MarkedPayload(1, 9, 20).sequenceOf(other)).toBe(-1);
  });

  it("has no room for a mark under 16 bytes", () => {
    const small = new MarkedPayload(1, 9, 15);
    expect(small.isMarked).toBe(false);
    expect(small.sequenceOf(small.write(0))).toBe(-1);
  });

  it("never throws on any bytes", () => {
    const payload = new MarkedPayload(1, 9, 20);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => payload.sequenceOf(bytes) >= -1));
  });
});
