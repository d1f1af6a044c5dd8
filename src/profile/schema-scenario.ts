// Scenarios in the profile language: kinds of players, what each knows, does and does again. Runs nothing.
import { z } from "zod";
import { FIELDS } from "./fields.js";
import { oneOf } from "./one-of.js";
import { decodeBlock } from "./schema-decode.js";
import { payloadFields } from "./schema-payload.js";
import { steps } from "./schema-steps.js";
import { thresholds } from "./schema-thresholds.js";
import { literal } from "./schema-value.js";

const feeder = z.strictObject(
  {
    file: FIELDS.filePath.meta({
      description: "A .csv file with the columns' names in its first line, or .jsonl with an object a line",
    }),
    order: FIELDS.feederOrder.optional().meta({
      description: "unique: each client its own row; cyclic: from the first again behind the last; random: any",
      default: "cyclic",
    }),
  },
  { error: "an object with file and order" },
);

const backoff = z.strictObject(
  {
    first: FIELDS.waitTime.optional().meta({ description: "Wait before the first reconnect", default: "1s" }),
    factor: FIELDS.factor.optional().meta({ description: "Each wait is this times the one before", default: 2 }),
    max: FIELDS.waitTime.optional().meta({ description: "Longest wait", default: "30s" }),
    jitter: FIELDS.share.optional().meta({
      description: "Each wait is longer or shorter by up to this share, by chance",
      default: "20%",
    }),
  },
  { error: "an object with first, factor, max and jitter" },
);

const REASONS_RULE = "a list of reasons such as [ConnectionReset, Silence]";
const reconnect = z.strictObject(
  {
    after: z
      .array(FIELDS.reason, { error: REASONS_RULE })
      .min(1, { error: REASONS_RULE })
      .meta({ description: "Reasons of a lost connection after which a client comes back" }),
    times: FIELDS.reconnects.optional().meta({ description: "Most reconnects of one client", default: 5 }),
    backoff: backoff.optional().meta({ description: "How long it waits before each" }),
  },
  { error: "an object with after, times and backoff" },
);

const TAGS_RULE = "names, each with a text";
const VALUES_RULE = "names, each with a number, a text, true or false";
const METRICS_RULE = "names, each with counter, gauge or trend";
const SCENARIO_RULE = "an object with steps or script";

const scenario = z
  .strictObject(
    {
      weight: FIELDS.weight.optional().meta({ description: "Share of the clients, next to the others", default: 1 }),
      tags: z
        .record(FIELDS.metricName, FIELDS.text, { error: TAGS_RULE })
        .optional()
        .meta({ description: "Names and texts that its results carry" }),
      feeders: z
        .record(FIELDS.variableName, feeder, { error: "feeders by name, each with a file" })
        .optional()
        .meta({ description: "Rows of data, one a client: $players.token is the column token of the feeder players" }),
      connectPayload: payloadFields.optional().meta({
        description: "Fields of the Connection Request's payload; default: the profile's connectPayload",
      }),
      decode: z
        .record(FIELDS.variableName, decodeBlock, { error: "blocks by name, each with fields" })
        .optional()
        .meta({ description: "What the server sends, so that expect can ask for it and metrics can be made of it" }),
      steps: steps.optional().meta({ description: "What a client does once it is connected, in order" }),
      script: FIELDS.scriptPath.optional().meta({
        description:
          "In place of steps: a .mjs or .js file beside the profile whose export bot plays, see [bots](bots.md)",
      }),
      values: z
        .record(FIELDS.variableName, literal, { error: VALUES_RULE })
        .optional()
        .meta({ description: "With script: what it is told, as context.values" }),
      metrics: z
        .record(FIELDS.metricName, FIELDS.metricKind, { error: METRICS_RULE })
        .optional()
        .meta({ description: "With script: metrics that it makes, and the kind of each" }),
      client: FIELDS.client
        .optional()
        .meta({ description: "Which client its players imitate; default: the profile's" }),
      start: FIELDS.waitTime.optional().meta({
        description:
          "Its clients start and leave this much later than the load says, and leave at the end at the latest",
        default: "0s",
      }),
      reconnect: reconnect.optional().meta({ description: "When a client whose connection was lost comes back" }),
      thresholds: thresholds.optional().meta({ description: "Pass or fail of this scenario alone, per metric" }),
    },
    { error: SCENARIO_RULE },
  )
  .superRefine(oneOf(["steps", "script"], SCENARIO_RULE));

const SCENARIOS_RULE = "kinds of players by name, each with steps or a script";
export const scenarios = z
  .record(FIELDS.name, scenario, { error: SCENARIOS_RULE })
  .refine((named) => Object.keys(named).length > 0, { error: SCENARIOS_RULE });

export type WrittenScenario = z.output<typeof scenario>;
