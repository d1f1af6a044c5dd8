// Packed deltas as payload fields: the bytes of each against a constant and a variable, and what compiling and running refuse.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeltaEncoding, PayloadField, ValueSource } from "../../../src/profile/scenario.js";
import { DataStreamWriter } from "../../../src/protocol/datastream/data-stream-writer.js";
import { DELTAS } from "../../../src/workload/delta-encodings.js";
import { compilePayload } from "../../../src/workload/payload-writer.js";
import type { Value } from "../../../src/workload/value.js";
import { VariableLayout } from "../../../src/workload/variable-layout.js";
import { propertyParameters } from "../../support/property.js";
import { hexOf, ScriptClients } from "../../support/script-client.js";
import { STREAM_FIELDS } from "../../support/stream-fields.js";

const literal = (value: number | string): ValueSource => ({ from: "literal", value });
const variable = (name: string): ValueSource => ({ from: "variable", name });

function delta(type: DeltaEncoding, value: ValueSource, baseline: ValueSource): PayloadField {
  return { type, value, baseline };
}

function written(field: PayloadField, variables: Record<string, Value> = {}) {
  const clients = new ScriptClients(["value", "base"]);
  const writer = compilePayload({ kind: "fields", fields: [field] }, clients.layout);
  const message = hexOf(writer.write(clients.client(0, variables)));
  return { message, faults: clients.faults, largestBytes: writer.largestBytes };
}

/** By hand from protocol page 8.3 and 8.4: the packed form of the zig-zag of baseline minus value, or a bit and the bits. */
const VECTORS: readonly [DeltaEncoding, value: number | string, baseline: number | string, hex: string][] = [
  ["packedIntDelta", 5, 5, "00"],
  ["packedIntDelta", 6, 5, "02"],
  ["packedUIntDelta", 6, 5, "02"],
  ["packedLongDelta", 5, 5, "00"],
  ["packedFloatDelta", 1.5, 1.5, "00"],
  ["packedFloatDelta", 1, 2, "0100007f00"],
  ["packedDoubleDelta", 1, 2, "010000000000e07f00"],
];

describe("packed deltas", () => {
  it.each(VECTORS)("%s of %s to %s is %s", (type, value, baseline, hex) => {
    expect(written(delta(type, literal(value), literal(baseline))).message).toBe(hex);
    const variables = { value, base: baseline };
    expect(written(delta(type, variable("value"), variable("base")), variables).message).toBe(hex);
    expect(written(delta(type, variable("value"), literal(baseline)), variables).message).toBe(hex);
  });

  it.each(Object.keys(DELTAS) as DeltaEncoding[])("%s is what Unity's writer makes of any two values", (type) => {
    const field = STREAM_FIELDS.get(`P${type.slice(1)}`)!;
    fc.assert(
      fc.property(field.values, field.values, (value, baseline) => {
        const expected = new DataStreamWriter(new Uint8Array(16));
        field.write(expected, value, baseline);
        expected.flush();
        const one = written(delta(type, variable("value"), variable("base")), { value, base: baseline });
        expect(one.message).toBe(hexOf(expected.written));
        expect(one.faults.outOfRange).toBe(0);
        expect(one.largestBytes).toBeGreaterThanOrEqual(expected.lengthBytes);
      }),
      propertyParameters(`delta field ${type}`, 300),
    );
  });

  it("name what they cannot hold", () => {
    const compile = (value: number, base: number) => () => {
      const field = delta("packedUIntDelta", literal(value), literal(base));
      return compilePayload({ kind: "fields", fields: [field] }, new VariableLayout(1));
    };
    expect(compile(-1, 0)).toThrow("field 1 (packedUIntDelta) must be a whole number from 0 to 4294967295, got -1");
    expect(compile(0, 1.5)).toThrow("the baseline of field 1 (packedUIntDelta) must be a whole number");
  });

  it("count a value or a baseline out of range while they run", () => {
    const field = delta("packedIntDelta", variable("value"), variable("base"));
    expect(written(field, { value: 2 ** 31, base: 0 }).faults.outOfRange).toBe(1);
    expect(written(field, { value: 0, base: -(2 ** 31) - 1 }).faults.outOfRange).toBe(1);
    expect(written(field, { value: 0 }).faults.unset).toBe(1);
  });
});
