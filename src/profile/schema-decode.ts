// Decode blocks in the profile language: fields of the server's messages by name, and metrics made of them. Reads no message.
import { z } from "zod";
import { ENCODINGS, SCALAR_ENCODINGS } from "./encodings.js";
import { FIELDS } from "./fields.js";
import { oneOf } from "./one-of.js";
import { FIXED_STRING_KEYS, sameFor } from "./schema-payload.js";
import { literal } from "./schema-value.js";

const fieldName = FIELDS.variableName;

const rawBits = z.strictObject(
  {
    bits: FIELDS.bitCount.meta({ description: "How many bits" }),
    name: fieldName.meta({ description: "Name of the field" }),
  },
  { error: "an object with bits and name" },
);

const FIELD_KEYS = [...SCALAR_ENCODINGS, ...FIXED_STRING_KEYS, "rawBits", "skip"];
const FIELD_RULE = "an object with one field such as { uint: tick } or { skip: 4 }, and equals where it tells the kind";

const decodeField = z
  .strictObject(
    {
      ...sameFor(SCALAR_ENCODINGS, (type) =>
        fieldName.optional().meta({ description: `Name of a field of ${ENCODINGS[type].words}` }),
      ),
      ...sameFor(FIXED_STRING_KEYS, () =>
        fieldName.optional().meta({ description: "Name of a text with a length in 2 bytes" }),
      ),
      rawBits: rawBits.optional().meta({ description: "Some bits, lowest first" }),
      skip: FIELDS.skipBytes.optional().meta({ description: "Bytes that do not matter" }),
      equals: literal.optional().meta({ description: "The message is of this block only if the field has this value" }),
    },
    { error: FIELD_RULE },
  )
  .superRefine(oneOf(FIELD_KEYS, FIELD_RULE))
  .meta({ id: "decodeField" });

const METRIC_RULE = "an object with one of counter, gauge and trend, and the name of a field";
const metric = z
  .strictObject(
    {
      counter: fieldName.optional().meta({ description: "Adds up a field; messages: counts the messages" }),
      gauge: fieldName.optional().meta({ description: "The last value of a field; size: the message's bytes" }),
      trend: fieldName.optional().meta({ description: "The distribution of a field; size: the message's bytes" }),
    },
    { error: METRIC_RULE },
  )
  .superRefine(oneOf(["counter", "gauge", "trend"], METRIC_RULE));

const FIELDS_RULE = "a list of 1 to 1000 fields, such as [{ byte: type, equals: 2 }, { uint: tick }]";

export const decodeBlock = z.strictObject(
  {
    pipeline: FIELDS.pipelineRef.optional().meta({ description: "Messages of this pipeline only; default: of any" }),
    fields: z
      .array(decodeField, { error: FIELDS_RULE })
      .min(1, { error: FIELDS_RULE })
      .max(1000, { error: FIELDS_RULE })
      .meta({
        description: "Read in order; a message that is too short, or differs in an equals, is not of this block",
      }),
    metrics: z
      .record(FIELDS.metricName, metric, { error: "metrics by name, such as { server_tick: { gauge: tick } }" })
      .optional()
      .meta({ description: "Metrics made of each message of this block" }),
  },
  { error: "an object with fields, and pipeline and metrics where they are wanted" },
);

export type WrittenDecodeField = z.output<typeof decodeField>;
export type WrittenDecodeBlock = z.output<typeof decodeBlock>;
