// Payloads in the profile language: a list of fields, each named for its encoding. Says nothing of what a message may hold in all.
import { z } from "zod";
import { FIXED_STRING_SIZES, type FixedStringSize } from "../protocol/datastream/fixed-string.js";
import { DELTA_ENCODINGS, DELTA_OF, ENCODINGS, SCALAR_ENCODINGS } from "./encodings.js";
import { FIELDS } from "./fields.js";
import { oneOf } from "./one-of.js";
import type { ScalarEncoding } from "./scenario.js";
import { value } from "./schema-value.js";

export type FixedStringKey = `fixedString${FixedStringSize}`;
export const FIXED_STRING_KEYS = FIXED_STRING_SIZES.map((size): FixedStringKey => `fixedString${size}`);

/** The one schema of `make` under each of `keys`. */
export function sameFor<Key extends string, Schema>(keys: readonly Key[], make: (key: Key) => Schema) {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<Key, Schema>;
}

export function rangeText(type: ScalarEncoding): string {
  const { min, max, isWhole } = ENCODINGS[type];
  return isWhole ? ` ${min} to ${max}` : "";
}

const scalars = sameFor(SCALAR_ENCODINGS, (type) =>
  value.optional().meta({ description: `${ENCODINGS[type].words}${rangeText(type) && `,${rangeText(type)}`}` }),
);

const deltas = sameFor(DELTA_ENCODINGS, (type) =>
  z
    .strictObject(
      {
        value: value.meta({ description: `What is meant,${rangeText(DELTA_OF[type]) || " a number"}` }),
        baseline: value.meta({ description: "What the receiver has already: a constant, a variable" }),
      },
      { error: "an object with value and baseline" },
    )
    .optional()
    .meta({ description: deltaWords(DELTA_OF[type]) }),
);

function deltaWords(type: ScalarEncoding): string {
  const { isWhole, mostBits } = ENCODINGS[type];
  return isWhole
    ? `The difference to a baseline, up to ${mostBits} bits, the smaller the shorter`
    : `1 bit where it is equal to a baseline, else ${mostBits}`;
}

const fixedStrings = sameFor(FIXED_STRING_KEYS, (key) =>
  value.optional().meta({
    description: `A length in 2 bytes and a text, at most ${Number(key.slice("fixedString".length)) - 3} bytes of UTF-8`,
  }),
);

const rawBits = z.strictObject(
  {
    bits: FIELDS.bitCount.meta({ description: "How many bits" }),
    value: value.meta({ description: "What they hold" }),
  },
  { error: "an object with bits and value" },
);

const FIELD_KEYS = [
  ...[...SCALAR_ENCODINGS, ...DELTA_ENCODINGS, ...FIXED_STRING_KEYS],
  ...["rawBits", "text", "hex", "file", "padTo", "flush"],
];
const FIELD_RULE = "an object with one field such as byte, packedUInt, fixedString64, text, hex, file or padTo";

export const payloadField = z
  .strictObject(
    {
      ...scalars,
      ...deltas,
      ...fixedStrings,
      rawBits: rawBits
        .optional()
        .meta({ description: "Some bits, lowest first, without filling up a byte before them" }),
      text: value.optional().meta({ description: "UTF-8 without a length" }),
      hex: FIELDS.hex.optional().meta({ description: "Bytes as hex digits" }),
      file: FIELDS.filePath.optional().meta({ description: "The bytes of a file beside the profile" }),
      padTo: FIELDS.padToBytes.optional().meta({
        description: "Seeded filling up to this size of the whole payload; one that is longer stays as it is",
      }),
      flush: FIELDS.yes.optional().meta({ description: "Zero bits up to the next whole byte" }),
    },
    { error: FIELD_RULE },
  )
  .superRefine(oneOf(FIELD_KEYS, FIELD_RULE))
  .meta({ id: "payloadField" });

const PAYLOAD_RULE = "a list of 1 to 1000 fields, such as [{ byte: 7 }, { text: hello }]";
export const payloadFields = z
  .array(payloadField, { error: PAYLOAD_RULE })
  .min(1, { error: PAYLOAD_RULE })
  .max(1000, { error: PAYLOAD_RULE });

export type WrittenField = z.output<typeof payloadField>;
