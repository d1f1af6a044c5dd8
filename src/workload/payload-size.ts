// How large the messages of a payload get, as far as that is known before anything runs. Writes no message.
import type { Payload, PayloadField, ValueSource } from "../profile/scenario.js";
import { DataStreamWriter } from "../protocol/datastream/data-stream-writer.js";
import { encodeUtf8, maxStringBytes } from "../protocol/datastream/fixed-string.js";
import { DELTAS } from "./delta-encodings.js";
import { ENCODINGS, type Encoding } from "./encodings.js";
import { textOf } from "./value.js";
import { literalInRange } from "./value-range.js";
import { ValueRegister } from "./value-register.js";
import { BUILT_IN_VARIABLES } from "./variable-layout.js";

/** Longest text of a number: `-2.2250738585072014e-308`. */
const LONGEST_NUMBER_BYTES = 24;
const LENGTH_BYTES = 2;

/**
 * Most bytes of a message: exact if all its fields are literals or of a fixed size. Undefined if a text comes from a variable, for
 * which nothing bounds it. Every field must be one that compiles.
 */
export function largestPayloadBytes(payload: Payload): number | undefined {
  const { boundedBytes, isBounded } = payloadBound(payload);
  return isBounded ? boundedBytes : undefined;
}

/** Most bytes with the unbounded texts left out, and whether there are none. */
export function payloadBound(payload: Payload): { readonly boundedBytes: number; readonly isBounded: boolean } {
  if (payload.kind === "marked") return { boundedBytes: payload.sizeBytes, isBounded: true };
  let bits = 0;
  let isBounded = true;
  for (const field of payload.fields) {
    const after = bitsAfter(field, bits);
    isBounded &&= after !== undefined;
    bits = after ?? aligned(bits);
  }
  return { boundedBytes: aligned(bits) / 8, isBounded };
}

/** Most bits up to the field's end, if those before it took at most `bits`. */
function bitsAfter(field: PayloadField, bits: number): number | undefined {
  if ("baseline" in field) return bits + DELTAS[field.type].maxBits;
  switch (field.type) {
    case "flush":
      return aligned(bits);
    case "padTo":
      return Math.max(aligned(bits), field.sizeBytes * 8);
    case "bytes":
      return aligned(bits) + field.hex.length * 4;
    case "rawBits":
      return bits + field.bitCount;
    case "text":
    case "fixedString": {
      const textBytes = largestTextBytes(field.value);
      if (field.type === "text") return textBytes === undefined ? undefined : aligned(bits) + textBytes * 8;
      const maxBytes = maxStringBytes(field.size);
      return aligned(bits) + (LENGTH_BYTES + Math.min(textBytes ?? maxBytes, maxBytes)) * 8;
    }
    default: {
      const encoding = ENCODINGS[field.type];
      return encoding.isAligned ? aligned(bits) + encoding.maxBits : bits + largestBits(encoding, field.value);
    }
  }
}

function aligned(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}

const writer = new DataStreamWriter(new Uint8Array(16));
const register = new ValueRegister();

/** Of a packed encoding: a literal is measured. */
function largestBits(encoding: Encoding, value: ValueSource): number {
  if (value.from !== "literal") return encoding.maxBits;
  writer.reset();
  register.setValue(literalInRange(value.value, encoding.range, "a packed field"));
  encoding.write(writer, register);
  return writer.lengthBits;
}

function largestTextBytes(value: ValueSource): number | undefined {
  if (value.from === "literal") return encodeUtf8(textOf(value.value), new Uint8Array(0));
  if (value.from !== "variable") return LONGEST_NUMBER_BYTES;
  return (BUILT_IN_VARIABLES as readonly string[]).includes(value.name) ? LONGEST_NUMBER_BYTES : undefined;
}
