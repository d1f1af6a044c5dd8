// Decode blocks, compiled: which block a message is of, its metrics, and what is refused.
import { describe, expect, it } from "vitest";
import type { DecodeBlock, DecodeField, DecodeMetric } from "../../../src/profile/scenario.js";
import { compileDecode } from "../../../src/workload/message-decoder.js";
import { ValueFaults } from "../../../src/workload/value-faults.js";
import { bytes } from "../../support/bytes.js";
import { block, field } from "../../support/decode-blocks.js";

describe("which block", () => {
  const kind = (equals: number): DecodeField => field("byte", { name: "kind", equals });
  const decoder = compileDecode([
    block("login", [kind(1), field("fixedString", { name: "name", size: 32 })]),
    block("move", [kind(2), field("float", { name: "x", equals: 0.1 })], { pipelineId: 1 }),
    block("state", [kind(2), field("ushort", { name: "tick" })]),
    block("hello", [field("fixedString", { size: 32, equals: "hé" })]),
  ]);

  it.each<[string, string, number, string | undefined]>([
    ["is told by its equals", "0102006162", 0, "login"],
    ["is none where it does not fit", "0103006162", 0, undefined],
    ["is the first of several", "02cdcccc3d", 1, "move"],
    ["and of its pipeline only", "02cdcccc3d", 0, "state"],
    ["or the next where a field differs", "02cdcccc3e", 1, "state"],
    ["is told by a text", "030068c3a9", 0, "hello"],
    ["is none for another text", "030068c3a8", 0, undefined],
    ["is none for what no block knows", "09", 0, undefined],
  ])("%s", (_, hex, pipelineId, expected) => {
    expect(decoder.read(bytes(hex), pipelineId).block?.name).toBe(expected);
  });

  it("is found anew for each message", () => {
    expect(decoder.read(bytes("0102006162"), 0).block?.name).toBe("login");
    expect(decoder.read(bytes("09"), 0).block).toBeUndefined();
  });

  it("is told by 64 bits, each of them", () => {
    const equals = "18446744073709551614";
    const longs = compileDecode([block("it", [field("ulong", { equals })])]);
    expect(longs.read(bytes("feffffffffffffff"), 0).block).toBeDefined();
    expect(longs.read(bytes("ffffffffffffffff"), 0).block).toBeUndefined();
  });
});

describe("metrics", () => {
  const metric = (name: string, kind: DecodeMetric["kind"], of?: string): DecodeMetric => ({ name, kind, field: of });
  const decoder = compileDecode([
    block("other", [field("byte", { equals: 9 })], { metrics: [metric("others", "counter")] }),
    block("state", [field("byte", { equals: 2 }), field("float", { name: "speed" }), field("long", { name: "gold" })], {
      metrics: [
        metric("states", "counter"),
        metric("state_bytes", "trend"),
        metric("speed", "trend", "speed"),
        metric("speed_now", "gauge", "speed"),
        metric("gold", "counter", "gold"),
      ],
    }),
  ]);
  const report = (hex: string): { told: [string, number][]; unusable: number } => {
    const faults = new ValueFaults();
    const told: [string, number][] = [];
    decoder.read(bytes(hex), 0);
    decoder.report({ metric: (index, value) => told.push([decoder.metrics[index]!.name, value]) }, faults);
    return { told, unusable: faults.unusable };
  };

  it.each<[string, string, [string, number][], number]>([
    [
      "count, measure and take fields",
      "020000803f0700000000000000",
      [
        ["states", 1],
        ["state_bytes", 13],
        ["speed", 1],
        ["speed_now", 1],
        ["gold", 7],
      ],
      0,
    ],
    ["of another block", "0900", [["others", 1]], 0],
    ["of no block", "01", [], 0],
    [
      "leave out what is negative, but for a gauge",
      "02000080bfffffffffffffffff",
      [
        ["states", 1],
        ["state_bytes", 13],
        ["speed_now", -1],
      ],
      2,
    ],
    [
      "leave out what is no number",
      "020000c07f0000000000000000",
      [
        ["states", 1],
        ["state_bytes", 13],
        ["gold", 0],
      ],
      2,
    ],
    [
      "leave out what is infinite",
      "020000807f0000000000000000",
      [
        ["states", 1],
        ["state_bytes", 13],
        ["gold", 0],
      ],
      2,
    ],
  ])("%s", (_, hex, told, unusable) => {
    expect(report(hex)).toEqual({ told, unusable });
  });
});

describe("what compiling refuses", () => {
  const metrics: DecodeMetric[] = [{ name: "m", kind: "gauge", field: "name" }];
  it.each<[string, DecodeBlock[], string]>([
    [
      "equals out of range",
      [block("b", [field("byte", { name: "kind", equals: 256 })])],
      "field kind (byte) of b must be a whole number from 0 to 255, got 256",
    ],
    [
      "equals of a skip",
      [block("b", [field("skip", { size: 1, equals: 1 })])],
      "field 1 (skip) of b must be of a type that has a value, got skip with equals",
    ],
    [
      "no bytes to skip",
      [block("b", [field("skip")])],
      "field 1 (skip) of b must be a whole number of bytes, >= 0, got undefined",
    ],
    [
      "a string of no size",
      [block("b", [field("fixedString", { size: 33 })])],
      "field 1 (fixedString) of b must be 32, 64, 128, 512, 4096, got 33",
    ],
    [
      "a text over its size",
      [block("b", [field("fixedString", { size: 32, equals: "a".repeat(30) })])],
      "field 1 (fixedString) of b must be at most 29 bytes of UTF-8, got 30 bytes",
    ],
    [
      "bits without a number",
      [block("b", [field("rawBits")])],
      "field 1 (rawBits) of b must have 1 to 32 bits, got NaN",
    ],
    [
      "two fields of a name",
      [block("b", [field("byte", { name: "a" }), field("int", { name: "a" })])],
      "a field of b must be named once, got a twice",
    ],
    ["two blocks of a name", [block("b", []), block("b", [])], "a decode block must be named once, got b twice"],
    [
      "a metric of no field",
      [block("b", [field("byte", { name: "a" })], { metrics })],
      "a field of b must be one of a, got name",
    ],
    [
      "a metric of a text",
      [block("b", [field("fixedString", { name: "name", size: 32 })], { metrics })],
      "the field of metric m must be a number, got name, which is none",
    ],
  ])("%s", (_, blocks, message) => {
    expect(() => compileDecode(blocks)).toThrow(new RangeError(`Cannot compile a script: ${message}`));
  });
});
