// Sizes that are known before anything runs: exact for literals, a bound for what varies, undefined for texts of variables.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Payload, PayloadField, ScalarEncoding, ValueSource } from "../../../src/profile/scenario.js";
import { FIXED_STRING_SIZES } from "../../../src/protocol/datastream/fixed-string.js";
import { ENCODINGS } from "../../../src/workload/encodings.js";
import { largestPayloadBytes } from "../../../src/workload/payload-size.js";
import { compilePayload } from "../../../src/workload/payload-writer.js";
import { propertyParameters } from "../../support/property.js";
import { ScriptClients } from "../../support/script-client.js";

const literal = (value: number | string | boolean): ValueSource => ({ from: "literal", value });
const variable = (name: string): ValueSource => ({ from: "variable", name });
const fields = (...list: PayloadField[]): Payload => ({ kind: "fields", fields: list });
const packed = (value: ValueSource): PayloadField => ({ type: "packedUInt", value });
const flags = (bitCount: number): PayloadField => ({ type: "rawBits", bitCount, value: variable("it") });

describe("largestPayloadBytes()", () => {
  it.each<[string, Payload, number | undefined]>([
    ["nothing", fields(), 0],
    ["a marked payload", { kind: "marked", sizeBytes: 64 }, 64],
    ["a packed literal is measured", fields(packed(literal(0)), packed(literal(1000))), 3],
    ["a packed variable may be its longest", fields(packed(variable("it"))), 5],
    ["bits are not rounded up before the end", fields(flags(1), flags(9), packed(literal(0))), 2],
    ["but before whole bytes", fields(flags(1), { type: "byte", value: variable("it") }, flags(1)), 3],
    ["and by a flush", fields(flags(1), { type: "flush" }, flags(1)), 2],
    ["a fixed string of a variable", fields({ type: "fixedString", size: 64, value: variable("it") }), 63],
    ["a fixed string of a literal", fields({ type: "fixedString", size: 64, value: literal("né") }), 5],
    ["a text of a literal", fields({ type: "text", value: literal("né") }), 3],
    ["a text of a built-in number", fields({ type: "text", value: variable("client") }), 24],
    ["a text of a variable", fields({ type: "text", value: variable("it") }), undefined],
    [
      "and padding behind it",
      fields({ type: "text", value: variable("it") }, { type: "padTo", sizeBytes: 9 }),
      undefined,
    ],
    ["padding", fields({ type: "bytes", hex: "0102" }, { type: "padTo", sizeBytes: 9 }), 9],
    ["padding that is too short", fields({ type: "bytes", hex: "0102" }, { type: "padTo", sizeBytes: 1 }), 2],
  ])("%s", (_, payload, expected) => {
    expect(largestPayloadBytes(payload)).toBe(expected);
  });
});

const anySource: fc.Arbitrary<ValueSource> = fc.oneof(
  fc.constant<ValueSource>(variable("it")),
  fc.constant<ValueSource>({ from: "counter", start: 0, step: 7 }),
  fc.constant<ValueSource>({ from: "random", min: 0, max: 1 }),
  fc.constant<ValueSource>({ from: "time", clock: "epoch" }),
  fc.integer({ min: 0, max: 1 }).map(literal),
);
const anyField: fc.Arbitrary<PayloadField> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...(Object.keys(ENCODINGS) as ScalarEncoding[])), anySource)
      .map(([type, value]): PayloadField => ({ type, value })),
  },
  fc
    .tuple(fc.integer({ min: 1, max: 32 }), anySource)
    .map(([bitCount, value]): PayloadField => ({ type: "rawBits", bitCount, value })),
  fc
    .tuple(fc.constantFrom(...FIXED_STRING_SIZES), anySource)
    .map(([size, value]): PayloadField => ({ type: "fixedString", size, value })),
  anySource.map((value): PayloadField => ({ type: "text", value })),
  fc.nat(40).map((sizeBytes): PayloadField => ({ type: "padTo", sizeBytes })),
  fc.constant<PayloadField>({ type: "flush" }),
  fc.constant<PayloadField>({ type: "bytes", hex: "00ff" }),
);
const anyValue = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.boolean(),
);

describe("any payload with any variable", () => {
  it("is written whole, never longer than its bound, and the same each time", () => {
    fc.assert(
      fc.property(
        fc.array(anyField, { maxLength: 12 }),
        fc.array(anyValue, { minLength: 1, maxLength: 4 }),
        (list, values) => {
          const [one, other] = [0, 1].map(() => messages(fields(...list), values));
          expect(one).toEqual(other);
        },
      ),
      propertyParameters("any payload", 500),
    );
  });

  it("has the bytes of its fields written one by one, where each ends at a whole byte", () => {
    fc.assert(
      fc.property(fc.array(anyField, { maxLength: 8 }), anyValue, (list, value) => {
        const wholes = list.filter(({ type }) => type !== "padTo");
        const apart = wholes.map((field) => messages(fields(field), [value])[0]!);
        const together = messages(fields(...wholes.flatMap((field): PayloadField[] => [field, { type: "flush" }])), [
          value,
        ])[0]!;
        const isDrawn = wholes.some((field) => "value" in field && field.value.from === "random");
        if (isDrawn) expect(together.length).toBeGreaterThan(0);
        else expect(together).toBe(apart.join(""));
      }),
      propertyParameters("fields apart", 300),
    );
  });
});

/** The client's messages with its variable set to each of the values, as hex. */
function messages(payload: Payload, values: readonly (string | number | bigint | boolean)[]): string[] {
  const clients = new ScriptClients(["it"]);
  clients.epochMs = 1_790_000_000_000;
  const writer = compilePayload(payload, clients.layout);
  const client = clients.client(3);
  return values.map((value) => {
    client.set(clients.layout.slotOf("it"), value);
    const message = writer.write(client);
    expect(message.length).toBeLessThanOrEqual(writer.largestBytes ?? Number.POSITIVE_INFINITY);
    return Buffer.from(message).toString("hex");
  });
}
