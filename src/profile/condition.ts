// The condition of an `if` step, one comparison such as `$score > 10`, from its text. Judges nothing.
import type { Condition, ValueSource } from "./scenario.js";
import { sourceOfText } from "./schema-value.js";

export const CONDITION_RULE = "one comparison with ==, !=, <, <=, > or >=, such as $score > 10 or $name == bob";
export const CONDITION = /^\s*(\S.*?)\s*(==|!=|<=|>=|<|>)\s*(\S.*?)\s*$/s;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Undefined where the text is no comparison. Numbers, true and false mean what they say; every other word is a text. */
export function parseCondition(text: string): Condition | undefined {
  const [, leftText, operator, rightText] = CONDITION.exec(text) ?? [];
  if (leftText === undefined || rightText === undefined || /[=<>!]/.test(leftText + rightText)) return undefined;
  const left = operand(leftText);
  const right = operand(rightText);
  if (left === undefined || right === undefined) return undefined;
  return { left, operator: operator as Condition["operator"], right };
}

function operand(text: string): ValueSource | undefined {
  if (NUMBER.test(text)) return { from: "literal", value: Number(text) };
  if (text === "true" || text === "false") return { from: "literal", value: text === "true" };
  return sourceOfText(text);
}
