// Steps in the profile language: what a player does, one after the other. Names that steps use are checked by the compiler.
import { z } from "zod";
import { CONDITION, CONDITION_RULE, parseCondition } from "./condition.js";
import { FIELDS } from "./fields.js";
import { oneOf } from "./one-of.js";
import type { WaitTime } from "./scenario.js";
import { payloadFields } from "./schema-payload.js";
import { value } from "./schema-value.js";

const SEND_RULE = "a list of fields, or an object with pipeline and with payload or marked";
const message = z
  .strictObject(
    {
      pipeline: FIELDS.pipelineRef.optional().meta({ description: "Number or name of a pipeline", default: 0 }),
      payload: payloadFields.optional().meta({ description: "Fields of the message, written one after the other" }),
      marked: FIELDS.markedBytes.optional().meta({
        description: "In place of fields: so many bytes with a mark, so that an echo is known by its bytes and timed",
      }),
    },
    { error: SEND_RULE },
  )
  .superRefine(oneOf(["payload", "marked"], SEND_RULE));

const send = z.union([payloadFields, message], { error: SEND_RULE });

const pair = (rule: string) => z.tuple([FIELDS.waitTime, FIELDS.waitTime], { error: rule });
const UNIFORM_RULE = "two durations such as [1s, 3s], the shorter one first";
const WAIT_RULE = "a duration such as 500ms, or an object with uniform, normal or exponential";
const drawnWait = z
  .strictObject(
    {
      uniform: pair(UNIFORM_RULE)
        .refine(([min, max]) => min <= max, { error: UNIFORM_RULE })
        .optional()
        .meta({ description: "Shortest and longest, all between equally likely" }),
      normal: pair("two durations such as [2s, 500ms]: mean and standard deviation")
        .optional()
        .meta({ description: "Mean and standard deviation; below 0 is 0" }),
      exponential: FIELDS.waitTime.optional().meta({ description: "Mean; short ones often, long ones seldom" }),
    },
    { error: WAIT_RULE },
  )
  .superRefine(oneOf(["uniform", "normal", "exponential"], WAIT_RULE))
  .transform(({ uniform, normal, exponential }): WaitTime => {
    if (uniform !== undefined) return { kind: "uniform", minMs: uniform[0], maxMs: uniform[1] };
    if (normal !== undefined) return { kind: "normal", meanMs: normal[0], stdDevMs: normal[1] };
    return { kind: "exponential", meanMs: exponential! };
  })
  .meta({ id: "drawnWait" });

const wait = z
  .union([FIELDS.waitTime, drawnWait], { error: WAIT_RULE })
  .transform((written): WaitTime => (typeof written === "number" ? { kind: "fixed", ms: written } : written));

const expectation = z.strictObject(
  {
    pipeline: FIELDS.pipelineRef.optional().meta({ description: "A message of this pipeline; default: of any" }),
    startsWith: FIELDS.hex.optional().meta({ description: "Its first bytes, as hex digits" }),
    block: FIELDS.variableName.optional().meta({ description: "It is of this decode block" }),
    fields: z
      .record(z.string(), value, { error: "fields of the block, each with a value" })
      .optional()
      .meta({ description: "Fields of the block and the values that they must have" }),
    timeout: FIELDS.expectTimeout.optional().meta({
      description: "A message that has not come by then is a failed check",
      default: "5s",
    }),
    capture: z
      .record(FIELDS.variableName, FIELDS.variableName, { error: "variables, each with the name of a field" })
      .optional()
      .meta({ description: "Variables that are set from fields of the block" }),
    rtt: FIELDS.yesNo
      .optional()
      .meta({ description: "The wait is a sample of rtt, from the last send", default: false }),
    required: FIELDS.yesNo.optional().meta({
      description: "A message that does not come ends the client",
      default: false,
    }),
  },
  { error: "an object of what to expect, such as { block: snapshot, timeout: 2s }" },
);

const reconnect = z.strictObject(
  { after: wait.optional().meta({ description: "Time away", default: "0s" }) },
  { error: "an object with after, such as { after: 2s }" },
);

/** A recording has a step for each message. */
export const MAX_STEPS = 100_000;
const STEPS_RULE = `a list of 1 to ${MAX_STEPS} steps`;
/** A list in a list, as deep as somebody writes it. */
export const steps: z.ZodType<readonly WrittenStep[]> = z
  .lazy(() => z.array(step, { error: STEPS_RULE }).min(1, { error: STEPS_RULE }).max(MAX_STEPS, { error: STEPS_RULE }))
  .meta({ id: "steps" });

const repeat = z.strictObject(
  {
    times: FIELDS.times.optional().meta({ description: "How often; default: to the end" }),
    steps: steps.meta({ description: "The steps to repeat" }),
  },
  { error: "an object with steps, and times unless they go on to the end" },
);

const option = z.strictObject(
  {
    weight: FIELDS.weight.optional().meta({ description: "How likely, next to the other options", default: 1 }),
    steps: steps.meta({ description: "The steps of this option" }),
  },
  { error: "an object with steps, and a weight" },
);

const CHOOSE_RULE = "a list of 1 to 100 options, each with steps and a weight";
const condition = z.string({ error: CONDITION_RULE }).regex(CONDITION, { error: CONDITION_RULE, abort: true });
const SET_RULE = "variables, each with a value, such as { score: 0 }";

const shape = {
  send: send.optional().meta({ description: "Sends a message: its fields, or an object with pipeline and payload" }),
  every: FIELDS.every.optional().meta({
    description: "With send: sends at this interval, 33ms or 30/s, beside the steps that follow; waits for no answer",
  }),
  wait: wait.optional().meta({ description: "Waits: a duration, or one drawn anew each time" }),
  expect: expectation.optional().meta({ description: "Waits for a message of the server" }),
  set: z
    .record(FIELDS.variableName, value, { error: SET_RULE })
    .refine((variables) => Object.keys(variables).length > 0, { error: SET_RULE })
    .optional()
    .meta({ description: "Sets variables of this client" }),
  repeat: repeat.optional().meta({ description: "Does steps again and again" }),
  choose: z
    .array(option, { error: CHOOSE_RULE })
    .min(1, { error: CHOOSE_RULE })
    .max(100, { error: CHOOSE_RULE })
    .optional()
    .meta({ description: "Does the steps of one option, by chance" }),
  if: condition
    .transform((text, context) => {
      const parsed = parseCondition(text);
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: "custom", message: CONDITION_RULE });
      return z.NEVER;
    })
    .optional()
    .meta({ description: "A comparison such as $score > 10 that decides between then and else" }),
  // biome-ignore lint/suspicious/noThenProperty: a key of the language; nothing awaits a schema or a step.
  then: steps.optional().meta({ description: "With if: the steps where it holds" }),
  else: steps.optional().meta({ description: "With if: the steps where it does not" }),
  disconnect: FIELDS.yes.optional().meta({ description: "Leaves; the script ends here" }),
  reconnect: reconnect.optional().meta({ description: "Leaves and connects again; the script goes on then" }),
  log: FIELDS.text
    .optional()
    .meta({ description: "Writes a line into the log, as it stands, with client and scenario before it" }),
  at: FIELDS.waitTime.optional().meta({
    description: "With any other: the step comes so long after the connection came up, at once if that is past",
  }),
};

/** One step as it was written, checked; times are numbers of milliseconds. */
export interface WrittenStep extends z.output<z.ZodObject<Omit<typeof shape, "then" | "else" | "repeat" | "choose">>> {
  readonly then?: readonly WrittenStep[] | undefined;
  readonly else?: readonly WrittenStep[] | undefined;
  readonly repeat?: { readonly times?: number | undefined; readonly steps: readonly WrittenStep[] } | undefined;
  readonly choose?:
    | readonly { readonly weight?: number | undefined; readonly steps: readonly WrittenStep[] }[]
    | undefined;
}
export type WrittenMessage = z.output<typeof message>;
export type WrittenSend = z.output<typeof send>;
export type WrittenExpect = z.output<typeof expectation>;

/** `send` stands alone or with `every`; `then` and `else` only beside `if`; `at` beside any of them. */
const ACTIONS = ["send", "wait", "expect", "set", "repeat", "choose", "if", "disconnect", "reconnect", "log"];
const STEP_RULE = `one step: an object with one of ${ACTIONS.join(", ")}`;

const step: z.ZodType<WrittenStep> = z
  .strictObject(shape, { error: STEP_RULE })
  .superRefine((written, context) => {
    const wrong = (message: string): void => context.addIssue({ code: "custom", message });
    const hasBranch = written.then !== undefined || written.else !== undefined;
    if (written.every !== undefined && written.send === undefined) wrong("every with the send that it repeats");
    else if ((written.if !== undefined) !== hasBranch) wrong("if with then or else beside it");
    else oneOf(ACTIONS, STEP_RULE)(written, context);
  })
  .meta({ id: "step" });
