// Fields of messages, compiled: each encoding read, what was written read back, and that no bytes make them throw.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecodeField, ScalarEncoding } from "../../../src/profile/scenario.js";
import { ENCODINGS } from "../../../src/workload/encodings.js";
import { compileDecode } from "../../../src/workload/message-decoder.js";
import { compilePayload } from "../../../src/workload/payload-writer.js";
import { numericOf, type Value } from "../../../src/workload/value.js";
import { bytes } from "../../support/bytes.js";
import { block, field } from "../../support/decode-blocks.js";
import { propertyParameters } from "../../support/property.js";
import { ScriptClients } from "../../support/script-client.js";

/** The field `it` of a message that is of the block; undefined: it is not. */
function read(fields: DecodeField[], hex: string): Value | undefined {
  const decoder = compileDecode([block("it", fields)]);
  return decoder.read(bytes(hex), 0).block?.field("it").value;
}

describe("fields", () => {
  it.each<[ScalarEncoding, string, Value]>([
    ["byte", "ff", 255],
    ["short", "feff", -2],
    ["ushort", "feff", 0xfffe],
    ["int", "feffffff", -2],
    ["uint", "feffffff", 0xfffffffe],
    ["long", "feffffffffffffff", -2],
    ["long", "ffffffffffffff7f", 2n ** 63n - 1n],
    ["ulong", "feffffffffffffff", 2n ** 64n - 2n],
    ["ulong", "0000000001000000", 2 ** 32],
    ["shortNetworkByteOrder", "fffe", -2],
    ["ushortNetworkByteOrder", "fffe", 0xfffe],
    ["intNetworkByteOrder", "fffffffe", -2],
    ["uintNetworkByteOrder", "fffffffe", 0xfffffffe],
    ["float", "0000803f", 1],
    ["double", "000000000000f03f", 1],
    ["packedInt", "eb0c", -100],
    ["packedUInt", "1b51", 1000],
    ["packedLong", "02", -1],
    ["packedULong", "7f8a34888600", 0x123456789],
    ["packedFloat", "0100007f00", 1],
    ["packedDouble", "010000000000e07f00", 1],
  ])("%s in %s is %s", (type, hex, value) => {
    expect(read([field(type, { name: "it" })], hex)).toBe(value);
  });

  it.each<[string, DecodeField[], string, Value | undefined]>([
    ["raw bits", [field("rawBits", { size: 3 }), field("rawBits", { name: "it", size: 4 })], "5d", 0xb],
    ["a fixed string", [field("fixedString", { name: "it", size: 32 })], "03006ec3a9ff", "né"],
    ["a fixed string that is cut off", [field("fixedString", { name: "it", size: 32 })], "03006ec3", undefined],
    [
      "a fixed string over its size",
      [field("fixedString", { name: "it", size: 32 })],
      `1e00${"61".repeat(30)}`,
      undefined,
    ],
    ["bytes to skip", [field("skip", { size: 2 }), field("byte", { name: "it" })], "010203", 3],
    ["too few bytes to skip", [field("byte", { name: "it" }), field("skip", { size: 2 })], "0102", undefined],
    ["a message that ends early", [field("byte", { name: "it" }), field("int")], "01020304", undefined],
    ["no message at all", [field("byte", { name: "it" })], "", undefined],
    ["more than the block knows", [field("byte", { name: "it" })], "0102", 1],
  ])("%s", (_, fields, hex, value) => {
    expect(read(fields, hex)).toBe(value);
  });

  it("say what was written, for any encoding and any number that it holds", () => {
    const encodings = Object.keys(ENCODINGS) as ScalarEncoding[];
    const numbers = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      fc.float(),
      fc.double(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...encodings), numbers), { maxLength: 10 }), (parts) => {
        const names = parts.map((_, index) => `v${index}`);
        const clients = new ScriptClients(names);
        const writer = compilePayload(
          {
            kind: "fields",
            fields: parts.map(([type], index) => ({ type, value: { from: "variable", name: names[index]! } })),
          },
          clients.layout,
        );
        const values = Object.fromEntries(parts.map(([, value], index) => [names[index]!, value]));
        const message = writer.write(clients.client(0, values));
        const decoder = compileDecode([
          block(
            "it",
            parts.map(([type], index) => field(type, { name: names[index]! })),
          ),
        ]);
        const decoded = decoder.read(message, 0).block;
        for (const [index, [type, value]] of parts.entries()) {
          const got = decoded?.field(names[index]!);
          expect(got).toBeDefined();
          expect(got!.equals(value) || Number.isNaN(value as number)).toBe(expectedToHold(type, value));
        }
      }),
      propertyParameters("written and read", 500),
    );
  });
});

/** Whether the encoding holds the number, said in other words than the code does. */
function expectedToHold(type: ScalarEncoding, value: number | bigint): boolean {
  if (Number.isNaN(value as number)) return true;
  if (type.endsWith("ouble")) return true;
  if (type.endsWith("loat")) return true;
  if (typeof value === "number" && !Number.isInteger(value)) return false;
  const bits = { byte: 8, short: 16, int: 32, long: 64 }[/byte|short|int|long/.exec(type.toLowerCase())![0]]!;
  const isUnsigned =
    type === "byte" || type.toLowerCase().includes(`u${/short|int|long/i.exec(type)![0].toLowerCase()}`);
  return (isUnsigned ? BigInt.asUintN(bits, BigInt(value)) : BigInt.asIntN(bits, BigInt(value))) === BigInt(value);
}

it("never throws on any bytes", () => {
  const encodings = Object.keys(ENCODINGS) as ScalarEncoding[];
  const anyField = fc.oneof(
    fc.constantFrom(...encodings).map((type) => field(type)),
    fc.constantFrom(32, 64, 4096).map((size) => field("fixedString", { size })),
    fc.integer({ min: 1, max: 32 }).map((size) => field("rawBits", { size })),
    fc.nat(9).map((size) => field("skip", { size })),
  );
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(fc.constantFrom(0, 1, 3, 255), { maxLength: 60 }).map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(fc.array(anyField, { maxLength: 8 }), anyBytes, (fields, message) => {
      const named = fields.map((one, index) => ({ ...one, name: `v${index}` }));
      const decoded = compileDecode([block("it", named)]).read(message, 0).block;
      for (const { name } of decoded === undefined ? [] : named) {
        const { value, number } = decoded!.field(name);
        expect(typeof value === "string" || Object.is(numericOf(value), value)).toBe(true);
        expect(number === undefined).toBe(typeof value === "string");
        decoded!.field(name).equals("text");
      }
    }),
    propertyParameters("any message", 500),
  );
});
