// The largest size of a payload as far as it is known before the run: texts of variables count nothing. Writes no bytes.

import { type Columns, isInEncoding, longestTextBytes } from "./compile-value.js";
import { bitsOfNumber, DELTA_OF, ENCODINGS } from "./encodings.js";
import type { Payload, PayloadField, ScalarEncoding, ValueSource } from "./scenario.js";

const STRING_LENGTH_BYTES = 2;

/** Bytes; what is written is this long or, where values are small or of variables, shorter or longer. */
export function largestPayloadBytes(payload: Payload, columns: Columns): number {
  if (payload.kind === "marked") return payload.sizeBytes;
  return wholeBytes(payload.fields.reduce((bits, field) => bitsAfter(bits, field, columns), 0));
}

/** Whole-byte values begin at a whole byte; bits and packed numbers follow where the last one ended. */
function bitsAfter(bits: number, field: PayloadField, columns: Columns): number {
  const aligned = 8 * wholeBytes(bits);
  if ("baseline" in field) return bits + ENCODINGS[DELTA_OF[field.type]].mostBits;
  switch (field.type) {
    case "rawBits":
      return bits + field.bitCount;
    case "fixedString":
      return aligned + 8 * (STRING_LENGTH_BYTES + longestTextBytes(field.value, columns));
    case "text":
      return aligned + 8 * longestTextBytes(field.value, columns);
    case "bytes":
      return aligned + 4 * field.hex.length;
    case "padTo":
      return wholeBytes(bits) >= field.sizeBytes ? bits : 8 * field.sizeBytes;
    case "flush":
      return aligned;
    default:
      return (ENCODINGS[field.type].bytes === undefined ? bits : aligned) + mostBits(field.type, field.value);
  }
}

/** A literal's own bits, those of the larger end of a random number, else the most that there are. */
function mostBits(type: ScalarEncoding, source: ValueSource): number {
  const ends = source.from === "literal" ? [source.value] : source.from === "random" ? [source.min, source.max] : [];
  const isKnown = ends.length > 0 && ends.every((end) => typeof end !== "string" && isInEncoding(type, end));
  if (!isKnown) return ENCODINGS[type].mostBits;
  return ends.reduce<number>((most, end) => Math.max(most, bitsOfNumber(type, Number(end))), 0);
}

function wholeBytes(bits: number): number {
  return Math.ceil(bits / 8);
}
