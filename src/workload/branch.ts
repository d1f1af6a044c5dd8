// Which way a script goes: a condition that is tested, and a choice by weight. Runs no step.
import type { Condition } from "../profile/scenario.js";
import type { ClientVariables } from "./client-variables.js";
import { drawShare } from "./random-draw.js";
import { compareValues } from "./value.js";
import { compileValue } from "./value-source.js";
import type { VariableLayout } from "./variable-layout.js";

export type ConditionTest = (client: ClientVariables) => boolean;

/**
 * Compares as numbers where both sides are numbers or spell one, else as texts. A variable that was never set is different from
 * everything, and counted.
 *
 * @throws {RangeError} If there is no such variable.
 */
export function compileCondition({ left, operator, right }: Condition, layout: VariableLayout): ConditionTest {
  const leftValue = compileValue(left, layout);
  const rightValue = compileValue(right, layout);
  return (client) => {
    const one = leftValue.read(client);
    const other = rightValue.read(client);
    if (one === undefined || other === undefined) return operator === "!=";
    return compareValues(one, operator, other);
  };
}

/** The place of the option that a client takes next. */
export type ChoiceDraw = (client: ClientVariables) => number;

/**
 * @param weights Of the options, relative to each other.
 * @throws {RangeError} If there is none, one is no finite number >= 0, or all are 0.
 */
export function compileChoice(weights: readonly number[], layout: VariableLayout): ChoiceDraw {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0 && Number.isFinite(sum)) || weights.some((weight) => weight < 0)) {
    throw new RangeError(
      `Cannot compile a script: weights must be >= 0 and not all 0, got ${weights.join(", ") || "none"}`,
    );
  }
  const stream = layout.addRandom();
  const last = weights.findLastIndex((weight) => weight > 0);
  return (client) => {
    let left = drawShare(client, stream) * sum;
    for (let option = 0; option < last; option++) {
      left -= weights[option]!;
      if (left < 0) return option;
    }
    return last;
  };
}
