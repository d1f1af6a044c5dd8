// Sizes known before the run against what the compiled writers really write.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENCODINGS, SCALAR_ENCODINGS } from "../../../src/profile/encodings.js";
import { largestPayloadBytes } from "../../../src/profile/payload-size.js";
import type { Payload, PayloadField, ValueSource } from "../../../src/profile/scenario.js";
import { compilePayload } from "../../../src/workload/payload-writer.js";
import { propertyParameters } from "../../support/property.js";
import { ScriptClients } from "../../support/script-client.js";

const literal = (value: number | string): ValueSource => ({ from: "literal", value });
const columns = {
  columnOf: (source: ValueSource) => (source.from === "variable" ? ["a", "longest", "é"] : undefined),
};
const sizeOf = (...fields: PayloadField[]): number => largestPayloadBytes({ kind: "fields", fields }, columns);

const scalar: fc.Arbitrary<PayloadField> = fc.constantFrom(...SCALAR_ENCODINGS).chain((type) => {
  const { min, max, isWhole } = ENCODINGS[type];
  const number = isWhole ? fc.maxSafeInteger().map((value) => Math.min(max, Math.max(min, value))) : fc.float();
  const held = number.filter((value) => value >= min && value <= max && value !== 0);
  return held.map((value) => ({ type, value: literal(value) }));
});
const text = fc.string({ unit: "grapheme", maxLength: 4 });
const other: fc.Arbitrary<PayloadField> = fc.oneof(
  fc.integer({ min: 1, max: 32 }).map((bitCount) => ({ type: "rawBits" as const, bitCount, value: literal(1) })),
  text.map((value) => ({ type: "text" as const, value: literal(value) })),
  text.map((value) => ({ type: "fixedString" as const, size: 128 as const, value: literal(value) })),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => ({ type: "bytes" as const, hex: Buffer.from(bytes).toString("hex") })),
  fc.integer({ min: 1, max: 60 }).map((sizeBytes) => ({ type: "padTo" as const, sizeBytes })),
  fc.constant({ type: "flush" as const }),
);

describe("largestPayloadBytes()", () => {
  it("is what is written, where all values are literals", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(scalar, other), { minLength: 1, maxLength: 12 }), (fields) => {
        const payload: Payload = { kind: "fields", fields };
        const clients = new ScriptClients([]);
        const written = compilePayload(payload, clients.layout).write(clients.client(0, {}));
        expect(largestPayloadBytes(payload, columns)).toBe(written.length);
      }),
      propertyParameters("largestPayloadBytes()", 500),
    );
  });

  const someVariable: ValueSource = { from: "variable", name: "feeder.column" };
  it.each<[what: string, bytes: number, ...fields: PayloadField[]]>([
    ["the larger end of a random number", 2, { type: "packedUInt", value: { from: "random", min: 0, max: 1000 } }],
    ["the most that a counter may take", 5, { type: "packedUInt", value: { from: "counter", start: 0, step: 1 } }],
    ["the longest row of a column", 7, { type: "text", value: someVariable }],
    ["its length field too", 9, { type: "fixedString", size: 32, value: someVariable }],
    [
      "bits are not aligned",
      1,
      { type: "rawBits", bitCount: 3, value: literal(1) },
      { type: "packedUInt", value: literal(0) },
    ],
    // Filling that is not needed leaves the last bits as they are.
    [
      "no filling, no alignment",
      1,
      { type: "packedUInt", value: literal(0) },
      { type: "padTo", sizeBytes: 1 },
      { type: "packedUInt", value: literal(0) },
    ],
  ])("%s", (_what, bytes, ...fields) => {
    expect(sizeOf(...fields)).toBe(bytes);
  });

  it("counts nothing for texts that are not known", () => {
    const unknown = { columnOf: () => undefined };
    const payload: Payload = { kind: "fields", fields: [{ type: "text", value: someVariable }] };
    expect(largestPayloadBytes(payload, unknown)).toBe(0);
    expect(largestPayloadBytes({ kind: "marked", sizeBytes: 48 }, unknown)).toBe(48);
  });
});
