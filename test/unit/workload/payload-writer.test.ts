// Payloads, compiled: the bytes of every encoding, what compiling refuses, what running counts, and the same bytes for the same seed.
import { describe, expect, it } from "vitest";
import type { Payload, PayloadField, ScalarEncoding, ValueSource } from "../../../src/profile/scenario.js";
import { ENCODINGS } from "../../../src/workload/encodings.js";
import { compileMarked, compilePayload } from "../../../src/workload/payload-writer.js";
import type { Value } from "../../../src/workload/value.js";
import { VariableLayout } from "../../../src/workload/variable-layout.js";
import { hexOf, ScriptClients } from "../../support/script-client.js";

const literal = (value: number | string | boolean): ValueSource => ({ from: "literal", value });
const variable: ValueSource = { from: "variable", name: "it" };
const fields = (...list: PayloadField[]): Payload => ({ kind: "fields", fields: list });

/** The first message, with its variable `it` set to a value. */
function messageOf(list: readonly PayloadField[], it?: Value): { hex: string; faults: ScriptClients["faults"] } {
  const clients = new ScriptClients(["it"]);
  const writer = compilePayload(fields(...list), clients.layout);
  const message = writer.write(clients.client(0, it === undefined ? {} : { it }));
  return { hex: hexOf(message), faults: clients.faults };
}

/** Vectors of the protocol page 8.1 and 8.4, by hand where it has none. */
const VECTORS: readonly [ScalarEncoding, number | string | boolean, string][] = [
  ["byte", 255, "ff"],
  ["byte", true, "01"],
  ["byte", "0x1f", "1f"],
  ["short", -2, "feff"],
  ["ushort", 0x1234, "3412"],
  ["int", -2, "feffffff"],
  ["uint", 0xfedcba98, "98badcfe"],
  ["long", -2, "feffffffffffffff"],
  ["long", "9007199254740993", "0100000000002000"],
  ["long", 2 ** 63, "ffffffffffffff7f"],
  ["ulong", "0xfedcba9876543210", "1032547698badcfe"],
  ["ulong", 2 ** 64, "ffffffffffffffff"],
  ["shortNetworkByteOrder", -2, "fffe"],
  ["ushortNetworkByteOrder", 0x1234, "1234"],
  ["intNetworkByteOrder", -2, "fffffffe"],
  ["uintNetworkByteOrder", 0xfedcba98, "fedcba98"],
  ["float", 1, "0000803f"],
  ["float", Number.POSITIVE_INFINITY, "0000807f"],
  ["double", 1, "000000000000f03f"],
  ["packedInt", -100, "eb0c"],
  ["packedUInt", 1000, "1b51"],
  ["packedLong", -1, "02"],
  ["packedULong", 0x123456789, "7f8a34888600"],
  ["packedFloat", 1, "0100007f00"],
  ["packedDouble", 1, "010000000000e07f00"],
];

describe("compilePayload()", () => {
  it.each(VECTORS)("writes %s %s as %s, from a literal and from a variable", (type, value, hex) => {
    expect(messageOf([{ type, value: literal(value) }]).hex).toBe(hex);
    const isRounded = value === 2 ** 63 || value === 2 ** 64;
    if (!isRounded)
      expect(messageOf([{ type, value: variable }], value)).toMatchObject({ hex, faults: { outOfRange: 0 } });
  });

  it("has a vector for every encoding", () => {
    expect([...new Set(VECTORS.map(([type]) => type))].sort()).toEqual(Object.keys(ENCODINGS).sort());
  });

  it.each<[string, PayloadField[], string]>([
    ["bits before a byte are filled up", [bits(3, 5), byte(0xab), bits(1, 1), packed(5)], "05ab13"],
    ["flush fills up as well", [bits(3, 5), { type: "flush" }, bits(8, 1)], "0501"],
    ["a fixed string has its length first", [{ type: "fixedString", size: 32, value: literal("né") }], "03006ec3a9"],
    ["a text has none", [{ type: "text", value: literal("né") }], "6ec3a9"],
    ["a number as a text", [{ type: "text", value: literal(1.5) }], "312e35"],
    ["bytes stand as they are", [byte(1), { type: "bytes", hex: "DEad" }], "01dead"],
    [
      "padding goes up to a size",
      [
        { type: "bytes", hex: "010203" },
        { type: "padTo", sizeBytes: 2 },
      ],
      "010203",
    ],
    ["an empty payload is empty", [], ""],
  ])("%s", (_, list, hex) => {
    expect(messageOf(list).hex).toBe(hex);
  });

  it("pads with seeded bytes", () => {
    const padded = (seed: number): string => {
      const clients = new ScriptClients([], seed);
      const writer = compilePayload(fields(byte(1), { type: "padTo", sizeBytes: 12 }, byte(2)), clients.layout);
      return hexOf(writer.write(clients.client()));
    };
    expect(padded(1)).toMatch(/^01[\da-f]{22}02$/);
    expect(padded(1)).toBe(padded(1));
    expect(padded(1)).not.toBe(padded(2));
  });
});

describe("what compiling refuses names the field", () => {
  it.each<[PayloadField, string]>([
    [byte(256, "hp"), "field hp (byte) must be a whole number from 0 to 255, got 256"],
    [byte(-1), "field 1 (byte) must be a whole number from 0 to 255, got -1"],
    [byte(1.5), "field 1 (byte) must be a whole number from 0 to 255, got 1.5"],
    [byte("many"), 'field 1 (byte) must be a whole number from 0 to 255, got "many"'],
    [bits(3, 8), "field 1 (rawBits) must be a whole number from 0 to 7, got 8"],
    [bits(33, 0), "field 1 (rawBits) must have 1 to 32 bits, got 33"],
    [bits(0, 0), "field 1 (rawBits) must have 1 to 32 bits, got 0"],
    [{ type: "float", value: literal(3.5e38) }, "field 1 (float) must be a number that a float holds, got 3.5e+38"],
    [{ type: "int", value: { from: "random", min: 0, max: 2 ** 31 } }, rangeOf("int", "got 2147483648")],
    [{ type: "int", value: { from: "random", min: 0.5, max: 3 } }, rangeOf("int", "got 0.5")],
    [{ type: "int", value: { from: "counter", start: 2 ** 31, step: 1 } }, rangeOf("int", "got 2147483648")],
    [{ type: "int", value: { from: "counter", start: 0, step: 0.5 } }, `the step of ${rangeOf("int", "got 0.5")}`],
    [
      { type: "fixedString", size: 32, value: literal("é".repeat(15)) },
      "field 1 (fixedString) must be at most 29 bytes of UTF-8, got 30 bytes",
    ],
    [{ type: "bytes", hex: "abc" }, 'field 1 (bytes) must be an even number of hex digits, got "abc"'],
  ])("%j", (field, message) => {
    const compile = (): unknown => compilePayload(fields(field), new VariableLayout(1));
    expect(compile).toThrow(new RangeError(`Cannot compile a script: ${message}`));
  });

  it.each(["long", "ulong", "packedLong", "packedULong"] as const)("%s beyond 64 bits", (type) => {
    const compile = (value: string): unknown =>
      compilePayload(fields({ type, value: literal(value) }), new VariableLayout(1));
    const isSigned = type.endsWith("edLong") || type === "long";
    for (const value of ["18446744073709551616", isSigned ? "9223372036854775808" : "-1"]) {
      expect(() => compile(value)).toThrow(RangeError);
    }
  });
});

describe("what running finds is written as the encoder does, and counted", () => {
  it.each<[ScalarEncoding, Value | undefined, string, "outOfRange" | "notNumbers" | "unset" | undefined]>([
    ["byte", 255, "ff", undefined],
    ["byte", 256, "00", "outOfRange"],
    ["byte", -1, "ff", "outOfRange"],
    ["byte", 1.75, "01", "outOfRange"],
    ["byte", 2n ** 60n + 5n, "05", "outOfRange"],
    ["byte", Number.NaN, "00", "outOfRange"],
    ["byte", "12", "0c", undefined],
    ["byte", "twelve", "00", "notNumbers"],
    ["byte", undefined, "00", "unset"],
    ["uint", -1, "ffffffff", "outOfRange"],
    ["int", 2 ** 31, "00000080", "outOfRange"],
    ["int", 2 ** 40 + 3, "03000000", "outOfRange"],
    ["long", 2n ** 63n - 1n, "ffffffffffffff7f", undefined],
    ["long", -(2n ** 63n), "0000000000000080", undefined],
    ["long", 2n ** 63n, "0000000000000080", "outOfRange"],
    ["long", 2 ** 63, "0000000000000080", "outOfRange"],
    ["ulong", -1, "ffffffffffffffff", "outOfRange"],
    ["ulong", 2n ** 64n + 7n, "0700000000000000", "outOfRange"],
    ["long", -1.5, "ffffffffffffffff", "outOfRange"],
    ["float", 1e300, "0000807f", "outOfRange"],
    ["float", Number.NaN, "0000c07f", undefined],
    ["float", 2n ** 60n, "0000805d", undefined],
    ["double", 1e300, "9c7500883ce4377e", undefined],
  ])("%s of %s is %s (%s)", (type, value, hex, fault) => {
    const message = messageOf([{ type, value: variable }], value);
    expect(message.hex).toBe(hex);
    const counted = { outOfRange: 0, notNumbers: 0, unset: 0, textsCut: 0, unusable: 0 };
    expect(message.faults).toEqual(fault === undefined ? counted : { ...counted, [fault]: 1 });
  });

  it("raw bits are cut to their number", () => {
    const message = messageOf([{ type: "rawBits", bitCount: 3, value: variable }], 13);
    expect(message).toMatchObject({ hex: "05", faults: { outOfRange: 1 } });
  });

  it.each<[string, string, number]>([
    ["a".repeat(29), `1d00${"61".repeat(29)}`, 0],
    ["a".repeat(30), `1d00${"61".repeat(29)}`, 1],
    [`${"a".repeat(28)}é`, `1c00${"61".repeat(28)}`, 1],
    [`${"a".repeat(27)}é`, `1d00${"61".repeat(27)}c3a9`, 0],
    [`${"a".repeat(26)}\u{1f600}`, `1a00${"61".repeat(26)}`, 1],
  ])("a fixed string of %s", (text, hex, textsCut) => {
    const message = messageOf([{ type: "fixedString", size: 32, value: variable }], text);
    expect(message).toMatchObject({ hex, faults: { textsCut } });
  });

  it("a text of any length, among other fields, whatever came before", () => {
    const clients = new ScriptClients(["it"]);
    const text: PayloadField = { type: "text", value: variable };
    const writer = compilePayload(fields(bits(3, 5), text, bits(4, 9), text, byte(7)), clients.layout);
    const client = clients.client();
    for (const length of [0, 3, 5000, 1, 70_000, 2]) {
      client.set(clients.layout.slotOf("it"), "ä".repeat(length));
      const text = "c3a4".repeat(length);
      expect(hexOf(writer.write(client))).toBe(`05${text}09${text}07`);
    }
    expect(writer.largestBytes).toBeUndefined();
  });

  it("a counter and a clock wrap, and that is no fault", () => {
    const clients = new ScriptClients();
    const counter: ValueSource = { from: "counter", start: 254, step: 1 };
    const writer = compilePayload(
      fields({ type: "byte", value: counter }, { type: "ushort", value: { from: "time", clock: "epoch" } }),
      clients.layout,
    );
    clients.epochMs = 0x1_0000_1234;
    const client = clients.client();
    expect([0, 1, 2].map(() => hexOf(writer.write(client)))).toEqual(["fe3412", "ff3412", "003412"]);
    expect(clients.faults.outOfRange).toBe(0);
  });
});

describe("random fields", () => {
  it.each(["long", "packedLong", "ulong", "packedULong"] as const)("of %s have 64 bits", (type) => {
    const clients = new ScriptClients();
    const isSigned = ENCODINGS[type].range.min < 0;
    const value: ValueSource = { from: "random", min: isSigned ? -(2 ** 63) : 0, max: isSigned ? 2 ** 63 : 2 ** 64 };
    const writer = compilePayload(fields({ type, value }), clients.layout);
    const client = clients.client();
    const drawn = new Set(Array.from({ length: 200 }, () => hexOf(writer.write(client))));
    expect(drawn.size).toBe(200);
  });

  it("of a float are real", () => {
    const clients = new ScriptClients();
    const writer = compilePayload(
      fields({ type: "float", value: { from: "random", min: -0.5, max: 0.5 } }),
      clients.layout,
    );
    const client = clients.client();
    const floats = Array.from({ length: 50 }, () => Buffer.from(writer.write(client)).readFloatLE());
    expect(new Set(floats).size).toBeGreaterThan(45);
    for (const float of floats) expect(Math.abs(float)).toBeLessThanOrEqual(0.5);
  });

  it("give each client its own bytes, the same in every run, whoever writes in between", () => {
    const run = (order: readonly number[]): string[] => {
      const clients = new ScriptClients([], 9);
      const random: PayloadField = { type: "uint", value: { from: "random", min: 0, max: 2 ** 32 - 1 } };
      const writer = compilePayload(fields(random, random), clients.layout);
      const players = [clients.client(0), clients.client(1)];
      const written: string[] = ["", ""];
      for (const player of order) written[player] += hexOf(writer.write(players[player]!));
      return written;
    };
    const [inTurn, oneByOne] = [run([0, 1, 0, 1]), run([0, 0, 1, 1])];
    expect(inTurn).toEqual(oneByOne);
    expect(inTurn[0]).not.toBe(inTurn[1]);
    expect(inTurn[0]?.slice(0, 16)).not.toBe(inTurn[0]?.slice(16));
  });
});

it("a writer hands out the same buffer, and the same view for the same length", () => {
  const clients = new ScriptClients();
  const writer = compilePayload(
    fields({ type: "uint", value: { from: "counter", start: 0, step: 1 } }),
    clients.layout,
  );
  const client = clients.client();
  expect(writer.write(client)).toBe(writer.write(client));
});

describe("marked payloads", () => {
  it("number their messages by size, whichever writer made them, and know their echo", () => {
    const clients = new ScriptClients();
    const writers = [
      compileMarked(20, clients.layout),
      compileMarked(20, clients.layout),
      compileMarked(32, clients.layout),
    ];
    const client = clients.client(5);
    const sent = writers.map((writer) => writer.write(client).slice());
    expect(writers.map((writer, index) => writer.sequenceOf(client, sent[index]!))).toEqual([0, 1, 0]);
    expect(writers.map((writer) => writer.nextSequence(client))).toEqual([2, 2, 1]);
    expect(writers[0]?.sequenceOf(clients.client(6), sent[0]!)).toBe(-1);
  });
});

function byte(value: number | string, name?: string): PayloadField {
  return name === undefined ? { type: "byte", value: literal(value) } : { type: "byte", name, value: literal(value) };
}

function bits(bitCount: number, value: number): PayloadField {
  return { type: "rawBits", bitCount, value: literal(value) };
}

function packed(value: number): PayloadField {
  return { type: "packedUInt", value: literal(value) };
}

function rangeOf(type: ScalarEncoding, got: string): string {
  return `field 1 (${type}) must be ${ENCODINGS[type].range.rule}, ${got}`;
}
