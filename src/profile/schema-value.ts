// Values of payload fields, conditions and variables: as people write them, turned into where each value comes from.
import { z } from "zod";
import { oneOf } from "./one-of.js";
import type { Literal, ValueSource } from "./scenario.js";

const VARIABLE = /^\$([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)?)$/;
/** Of variables, columns and fields; a column is named behind its feeder and a dot. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
export const VARIABLE_RULE = "a variable such as $score or $players.token, or $$ for a plain $";
const VALUE_RULE =
  "a number, a text, true or false, a variable such as $score, or an object with counter, random or time";
const RANDOM_RULE = "two numbers such as [1, 6], the smaller one first";

/** What a text means; undefined where it begins with $ and is no variable. */
export function sourceOfText(text: string): ValueSource | undefined {
  if (!text.startsWith("$")) return { from: "literal", value: text };
  if (text.startsWith("$$")) return { from: "literal", value: text.slice(1) };
  const name = VARIABLE.exec(text)?.[1];
  return name === undefined ? undefined : { from: "variable", name };
}

/** A number, a text or a truth value, as it stands. */
export const literal = z.union([z.number(), z.string(), z.boolean()], { error: "a number, a text, true or false" });

const wholeNumber = z.int({ error: "a whole number" });

const counter = z
  .union(
    [
      wholeNumber,
      z.strictObject({
        start: wholeNumber.optional().meta({ description: "First value", default: 0 }),
        step: wholeNumber.optional().meta({ description: "From one value to the next", default: 1 }),
      }),
    ],
    { error: "a whole number to start from, or an object with start and step" },
  )
  .transform((written): ValueSource => {
    const { start = 0, step = 1 } = typeof written === "number" ? { start: written } : written;
    return { from: "counter", start, step };
  });

const random = z
  .tuple([z.number({ error: "a number" }), z.number({ error: "a number" })], { error: RANDOM_RULE })
  .refine(([min, max]) => min <= max, { error: RANDOM_RULE })
  .transform(([min, max]): ValueSource => ({ from: "random", min, max }));

const time = z
  .enum(["run", "epoch"], { error: "run or epoch" })
  .transform((clock): ValueSource => ({ from: "time", clock }));

const GENERATED = ["counter", "random", "time"] as const;
const generated = z
  .strictObject({
    counter: counter.optional().meta({
      description: "Counts up, for each client and field: where it starts, or an object with start and step",
    }),
    random: random.optional().meta({
      description: "Between two numbers, both included: whole where both are. The same seed gives the same values",
    }),
    time: time.optional().meta({ description: "Milliseconds since the start of the run, or since the epoch" }),
  })
  .superRefine(oneOf(GENERATED, "an object with one of counter, random and time"))
  .transform((written): ValueSource => (written.counter ?? written.random ?? written.time)!)
  .meta({ id: "generatedValue" });

/** A value that is written, or comes from a variable, a counter, chance or a clock. */
export const value = z
  .union([z.number(), z.string(), z.boolean(), generated], { error: VALUE_RULE })
  .transform((written, context): ValueSource => {
    if (typeof written === "object") return written;
    const source = typeof written === "string" ? sourceOfText(written) : literalOf(written);
    if (source !== undefined) return source;
    context.addIssue({ code: "custom", message: VARIABLE_RULE });
    return z.NEVER;
  });

function literalOf(value: Literal): ValueSource {
  return { from: "literal", value };
}
